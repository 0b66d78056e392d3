using System;
using System.Collections.Generic;

namespace KernelGen.Containers;

/// <summary>A model file of any container format, opened for reading. Disposing it unmaps its tensors.</summary>
public interface IModelFile : IDisposable
{
    /// <summary>The path the file was opened with.</summary>
    string Path { get; }

    /// <summary>The tensors, in the order of their data in the file.</summary>
    IReadOnlyList<ModelTensor> Tensors { get; }

    /// <summary>The tensor of that name, or null.</summary>
    /// <param name="name">The tensor's exact name.</param>
    ModelTensor? Find(string name);
}

using System;
using System.Globalization;

namespace KernelGen.Containers;

/// <summary>
/// A model file was rejected: it is truncated, contradicts itself, or uses something this library does not read.
/// Every fault in the <em>contents</em> of a file is reported as this type; faults in reaching the file (missing,
/// no permission) stay <see cref="System.IO.IOException"/> and friends.
/// </summary>
public sealed class ModelFileException : FormatException
{
    /// <summary>Creates the exception for one fault at one place.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">The byte offset, from the start of the file, of what is wrong.</param>
    /// <param name="problem">What is wrong, as a full sentence.</param>
    /// <param name="advice">What the reader of the message can do about it, as a full sentence.</param>
    /// <param name="innerException">The cause, if another exception reported it first.</param>
    public ModelFileException(string path, long offset, string problem, string advice, Exception? innerException = null)
        : base(string.Create(CultureInfo.InvariantCulture, $"{path}, byte {offset}: {problem} {advice}"), innerException)
    {
        Path = path;
        Offset = offset;
    }

    /// <summary>The file that was rejected.</summary>
    public string Path { get; }

    /// <summary>The byte offset, from the start of the file, of what is wrong.</summary>
    public long Offset { get; }
}

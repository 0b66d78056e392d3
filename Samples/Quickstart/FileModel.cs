using System.Collections.Generic;
using System.Linq;
using KernelGen.Containers;

namespace Quickstart;

/// <summary>The float matrices of a GGUF or safetensors file, read row by row from where they lie.</summary>
internal static class FileModel
{
    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its matrices; dispose them.</returns>
    /// <exception cref="ModelFileException">It is no model file, or damaged.</exception>
    /// <exception cref="UsageException">It has no matrix of floats.</exception>
    public static Model Open(string path)
    {
        IModelFile file = ModelFile.Open(path);
        ModelTensor[] usable = [.. file.Tensors.Where(IsUsable)];
        if (usable.Length == 0)
        {
            file.Dispose();
            throw new UsageException($"{path}: no tensor is a matrix of two rows or more in F32, F16 or BF16.");
        }

        return new Model(path, [.. usable.Select(Read)], [.. Notes(file)], file);
    }

    private static bool IsUsable(ModelTensor tensor) => tensor is { IsMatrix: true, IsFloat: true, Rows: > 1, Columns: > 0 and < 1 << 24 };

    private static Matrix Read(ModelTensor tensor) =>
        new(tensor.Name, tensor.Rows, (int)tensor.Columns, (row, weights) => tensor.TryReadRow(row, weights));

    private static IEnumerable<string> Notes(IModelFile file)
    {
        ModelTensor[] left = [.. file.Tensors.Where(t => t.IsMatrix && !IsUsable(t))];
        if (left.Length > 0)
        {
            yield return $"Skipped, for having one row, a type that is not F32, F16 or BF16, or too long rows: {string.Join("; ", left.Take(8))}{(left.Length > 8 ? $" and {left.Length - 8} more" : "")}.";
        }

        int others = file.Tensors.Count(t => !t.IsMatrix);
        if (others > 0)
        {
            yield return $"Skipped: {others} tensors that do not have two dimensions.";
        }
    }
}

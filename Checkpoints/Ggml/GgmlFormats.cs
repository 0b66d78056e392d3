using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Containers;
using KernelGen.Formats;

namespace KernelGen.Checkpoints;

/// <summary>The declared formats that are ggml's types, and matrices over the tensors of GGUF files.</summary>
public static unsafe class GgmlFormats
{
    // A type's declaration bears its name; that it has the type's sizes too is what the check is for.
    private static readonly FrozenDictionary<GgmlType, FormatDescriptor> Formats = GgmlTypeInfo.All
        .Select(type => (type.Type, Format: FormatCatalogue.All.FirstOrDefault(format => format.Name == type.Name && HasSizes(format, type))))
        .Where(pair => pair.Format is not null)
        .ToFrozenDictionary(pair => pair.Type, pair => pair.Format!);

    /// <summary>All types that matrices can have. The others are integers and f64, which no weights are stored in.</summary>
    public static IReadOnlyCollection<GgmlType> Types => Formats.Keys;

    /// <summary>The format of a type.</summary>
    /// <param name="type">The type.</param>
    /// <returns>The format, or null for integers and f64.</returns>
    public static FormatDescriptor? Find(GgmlType type) => Formats.GetValueOrDefault(type);

    /// <summary>The type of a format.</summary>
    /// <param name="format">The format.</param>
    /// <returns>The type, or null where the format is none of ggml's.</returns>
    public static GgmlType? TypeOf(FormatDescriptor format)
    {
        foreach ((GgmlType type, FormatDescriptor known) in Formats)
        {
            if (ReferenceEquals(known, format))
            {
                return type;
            }
        }

        return null;
    }

    /// <summary>Whether ggml's encoder of a type searches for scales and codes; of the others it is a formula, which the declared format follows.</summary>
    /// <param name="type">The type.</param>
    /// <returns>Whether it searches.</returns>
    internal static bool IsSearched(GgmlType type) => type is (>= GgmlType.Q2_K and <= GgmlType.Q6_K) or (>= GgmlType.IQ2_XXS and <= GgmlType.IQ4_XS) or GgmlType.IQ1_M;

    /// <summary>A matrix over a tensor where it lies: all its rows, whatever the number of its dimensions.</summary>
    /// <param name="tensor">The tensor. Its file must stay open until the matrix has been disposed.</param>
    /// <returns>The matrix; dispose it. Weights from a source that is not trusted should be checked with <see cref="QuantizedMatrix.Validate"/>.</returns>
    /// <exception cref="CheckpointException">The tensor holds integers or f64.</exception>
    public static QuantizedMatrix ViewMatrix(this GgufTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        FormatDescriptor format = Find(tensor.Type) ?? throw new CheckpointException(
            tensor.Data.Owner!.Path, tensor.Name, $"its type {tensor.ElementType} stores no weights. Types that do: {string.Join(", ", Types)}.");
        BorrowedWeights weights = new() { Blocks = tensor.Data.Pointer, BlockBytes = tensor.Data.Length };
        return QuantizedMatrix.ViewBlocks(format, tensor.Rows, tensor.Columns, weights);
    }

    private static bool HasSizes(FormatDescriptor format, GgmlTypeInfo type) => format.RowSideBytes + format.TensorSideBytes == 0
        && format.RowBytes(type.BlockLength) == type.BlockBytes && format.RowBytes(3L * type.BlockLength) == 3L * type.BlockBytes;
}

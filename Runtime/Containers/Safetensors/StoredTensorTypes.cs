using System;
using System.Globalization;
using System.Linq;

namespace KernelGen.Containers;

/// <summary>Between tensors of any <see cref="ScalarType"/> and those of safetensors, which has no integers narrower than a byte.</summary>
internal static class StoredTensorTypes
{
    private static readonly (ScalarType Type, SafetensorsType InFile)[] Same =
    [
        (ScalarType.Float32, SafetensorsType.F32),
        (ScalarType.Float16, SafetensorsType.F16),
        (ScalarType.BFloat16, SafetensorsType.BF16),
        (ScalarType.UInt8, SafetensorsType.U8),
        (ScalarType.Int8, SafetensorsType.I8),
        (ScalarType.Int16, SafetensorsType.I16),
        (ScalarType.UInt16, SafetensorsType.U16),
        (ScalarType.UInt32, SafetensorsType.U32),
        (ScalarType.E8M0, SafetensorsType.F8E8M0),
    ];

    /// <summary>What a tensor is in a file.</summary>
    /// <param name="info">The tensor.</param>
    /// <returns>Its type and shape there, and what a metadata entry of its name says; null where type and shape are its own.</returns>
    public static (SafetensorsType Type, long[] Shape, string? Note) ToFile(TensorInfo info)
    {
        foreach ((ScalarType type, SafetensorsType inFile) in Same)
        {
            if (type == info.Type)
            {
                return (inFile, [.. info.Shape], null);
            }
        }

        return (SafetensorsType.U8, [info.ByteCount], FormattableString.Invariant($"{info.Type} [{string.Join(", ", info.Shape)}]"));
    }

    /// <summary>What a tensor of a file is.</summary>
    /// <param name="name">The name it is to have.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="note">The metadata entry of its name in the file, or null.</param>
    /// <returns>The description, or null where the type is none of a stored tensor's or the note does not describe the tensor.</returns>
    public static TensorInfo? FromFile(string name, SafetensorsTensor tensor, string? note)
    {
        if (note is not null)
        {
            return tensor.Type == SafetensorsType.U8 && Parse(name, note) is { } info && info.ByteCount == tensor.Data.Length ? info : null;
        }

        foreach ((ScalarType type, SafetensorsType inFile) in Same)
        {
            if (inFile == tensor.Type)
            {
                return new TensorInfo(name, type, [.. tensor.Shape]);
            }
        }

        return null;
    }

    private static TensorInfo? Parse(string name, string note)
    {
        if (note.Split(" [") is not [string typeName, string rest] || !rest.EndsWith(']') || !Enum.TryParse(typeName, out ScalarType type) || type.ToString() != typeName)
        {
            return null;
        }

        string[] numbers = rest[..^1].Length == 0 ? [] : rest[..^1].Split(", ");
        long[] shape = [.. numbers.Select(static n => long.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size : -1)];
        Int128 bits = ScalarElements.Bits(type);
        foreach (long size in shape)
        {
            bits *= size;
            if (size < 0 || bits > long.MaxValue / 2)
            {
                return null;
            }
        }

        return new TensorInfo(name, type, shape);
    }
}

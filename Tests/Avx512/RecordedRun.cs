using System;
using System.Collections.Generic;
using System.IO;

namespace KernelGen.Avx512;

/// <summary>Inputs of one format's kernels on one target, and what they make of them.</summary>
internal sealed class RecordedRun
{
    /// <summary>The format's full name.</summary>
    public required string Format { get; init; }

    /// <summary>The target.</summary>
    public required KernelTarget Target { get; init; }

    /// <summary>Row length K.</summary>
    public required int Inputs { get; init; }

    /// <summary>Stored rows, as many as two panels and a few more.</summary>
    public required int Rows { get; init; }

    /// <summary>The stored rows' blocks.</summary>
    public required byte[] Blocks { get; init; }

    /// <summary>Random bits in the place of one row's blocks.</summary>
    public required byte[] Noise { get; init; }

    /// <summary>The rows' side parameters.</summary>
    public required byte[] RowSides { get; init; }

    /// <summary>The matrix' side parameters.</summary>
    public required byte[] TensorSide { get; init; }

    /// <summary>f32 activations of as many rows as the tallest micro-kernel takes; the first is quantized as weights too.</summary>
    public required float[] Activations { get; init; }

    /// <summary>What each operation gave.</summary>
    public List<KernelResult> Results { get; init; } = [];

    public void Write(BinaryWriter writer)
    {
        writer.Write(Format);
        writer.Write((int)Target);
        writer.Write(Inputs);
        writer.Write(Rows);
        foreach (byte[] bytes in (byte[][])[Blocks, Noise, RowSides, TensorSide])
        {
            writer.Write(bytes.Length);
            writer.Write(bytes);
        }

        writer.Write(Activations.Length);
        Array.ForEach(Activations, writer.Write);
        writer.Write(Results.Count);
        foreach (KernelResult result in Results)
        {
            writer.Write(result.Operation);
            writer.Write(result.IsSingle);
            writer.Write(result.Bytes.Length);
            writer.Write(result.Bytes);
        }
    }

    public static RecordedRun Read(BinaryReader reader)
    {
        RecordedRun run = new()
        {
            Format = reader.ReadString(),
            Target = (KernelTarget)reader.ReadInt32(),
            Inputs = reader.ReadInt32(),
            Rows = reader.ReadInt32(),
            Blocks = reader.ReadBytes(reader.ReadInt32()),
            Noise = reader.ReadBytes(reader.ReadInt32()),
            RowSides = reader.ReadBytes(reader.ReadInt32()),
            TensorSide = reader.ReadBytes(reader.ReadInt32()),
            Activations = Singles(reader),
        };
        for (int count = reader.ReadInt32(); count > 0; count--)
        {
            run.Results.Add(new KernelResult(reader.ReadString(), reader.ReadBoolean(), reader.ReadBytes(reader.ReadInt32())));
        }

        return run;
    }

    private static float[] Singles(BinaryReader reader)
    {
        float[] values = new float[reader.ReadInt32()];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = reader.ReadSingle();
        }

        return values;
    }
}

/// <summary>What an operation wrote.</summary>
/// <param name="Operation">The kernel, and what it was called with where that is not plain.</param>
/// <param name="IsSingle">Whether the bytes are f32, where any NaN equals any other.</param>
/// <param name="Bytes">All bytes written.</param>
internal sealed record KernelResult(string Operation, bool IsSingle, byte[] Bytes)
{
    /// <summary>The first byte that differs, -1 where none does.</summary>
    public int FirstDifference(KernelResult other)
    {
        if (Operation != other.Operation || Bytes.Length != other.Bytes.Length)
        {
            return 0;
        }

        for (int at = 0; at < Bytes.Length; at++)
        {
            bool same = Bytes[at] == other.Bytes[at]
                || (IsSingle && float.IsNaN(BitConverter.ToSingle(Bytes, at & ~3)) && float.IsNaN(BitConverter.ToSingle(other.Bytes, at & ~3)));
            if (!same)
            {
                return at;
            }
        }

        return -1;
    }
}

using System;
using System.Linq;
using System.Runtime.CompilerServices;
using KernelGen.Containers;

namespace KernelGen.Checkpoints;

/// <summary>The tensors of one layer, checked as they are asked for.</summary>
/// <param name="file">The file.</param>
/// <param name="layer">What the names of its tensors start with.</param>
internal sealed unsafe class LayerTensors(SafetensorsFile file, string layer)
{
    /// <summary>The tensor of a part, or null.</summary>
    /// <param name="part">The part's name.</param>
    public SafetensorsTensor? Find(string part) => file.Find($"{layer}.{part}");

    /// <summary>The matrix of a part.</summary>
    /// <param name="part">The part's name.</param>
    /// <param name="types">The types it may have.</param>
    /// <exception cref="CheckpointException">It is missing, has another type or is no matrix.</exception>
    public SafetensorsTensor Matrix(string part, params SafetensorsType[] types)
    {
        SafetensorsTensor tensor = Find(part) ?? throw Fail(part, "it is missing.");
        if (!types.Contains(tensor.Type) || !tensor.IsMatrix || tensor.ElementCount == 0 || tensor.Rows > int.MaxValue || tensor.Columns > int.MaxValue)
        {
            throw Fail(part, $"it is {tensor}; expected was a matrix of {string.Join(" or ", types)}.");
        }

        return tensor;
    }

    /// <summary>Numbers that must be f16: of a part, the first rows, row after row.</summary>
    /// <param name="part">The part's name.</param>
    /// <param name="rows">Rows that are needed.</param>
    /// <returns>The f16 bits.</returns>
    /// <exception cref="CheckpointException">A number is not finite or no f16, or there are fewer rows.</exception>
    public ushort[] Halves(string part, long rows)
    {
        SafetensorsTensor tensor = Matrix(part, SafetensorsType.F16, SafetensorsType.BF16, SafetensorsType.F32);
        if (tensor.Rows < rows)
        {
            throw Fail(part, $"it is {tensor}; {rows} groups need as many rows.");
        }

        float[] row = new float[tensor.Columns];
        ushort[] halves = new ushort[checked(rows * tensor.Columns)];
        for (long r = 0; r < rows; r++)
        {
            tensor.TryReadRow(r, row);
            for (int c = 0; c < row.Length; c++)
            {
                Half half = (Half)row[c];
                if (!float.IsFinite(row[c]) || (float)half != row[c])
                {
                    throw Fail(part, $"the number at row {r}, column {c} is {row[c]:R}; the formats that hold such layers store finite f16.");
                }

                halves[(r * row.Length) + c] = BitConverter.HalfToUInt16Bits(half);
            }
        }

        return halves;
    }

    /// <summary>The group of each input, if that is stored.</summary>
    /// <returns>The groups, or null.</returns>
    /// <exception cref="CheckpointException">They are no vector of 32-bit integers.</exception>
    public int[]? GroupIndex()
    {
        const string Part = "g_idx";
        SafetensorsTensor? tensor = Find(Part);
        if (tensor is null || tensor.ElementCount == 0)
        {
            return null;
        }

        if (tensor.Type != SafetensorsType.I32 || tensor.Shape.Count != 1 || tensor.Columns > int.MaxValue)
        {
            throw Fail(Part, $"it is {tensor}; expected was a vector of I32.");
        }

        int[] groups = new int[tensor.Columns];
        for (int i = 0; i < groups.Length; i++)
        {
            groups[i] = Unsafe.ReadUnaligned<int>(tensor.Data.Pointer + ((long)i * sizeof(int)));
        }

        return groups;
    }

    /// <summary>What is wrong with a part.</summary>
    /// <param name="part">The part's name.</param>
    /// <param name="problem">The problem.</param>
    public CheckpointException Fail(string part, string problem) => new(file.Path, $"{layer}.{part}", problem);
}

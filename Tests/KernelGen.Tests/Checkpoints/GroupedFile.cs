using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using KernelGen.Checkpoints;
using KernelGen.Containers;

namespace KernelGen.Tests.Checkpoints;

/// <summary>A random layer of integers in groups, packed by the published rules, and its weights decoded directly.</summary>
internal sealed class GroupedFile
{
    private readonly Random _random;
    private readonly uint[,] _codes;
    private readonly uint[,] _zeros;
    private readonly Half[,] _scales;
    private readonly int _bits;

    public GroupedFile(int seed, int bits, int outputs, int inputs, int groupSize, bool symmetric = false, bool actOrder = false)
    {
        _random = new Random(seed);
        _bits = bits;
        (Outputs, Inputs) = (outputs, inputs);
        int size = groupSize < 0 ? inputs : groupSize;
        int groups = (inputs + size - 1) / size;
        GroupOf = [.. Enumerable.Range(0, inputs).Select(i => i / size)];
        if (actOrder)
        {
            _random.Shuffle(GroupOf);
        }

        _codes = Fill(inputs, outputs, () => (uint)_random.Next(1 << bits));
        _zeros = Fill(groups, outputs, () => symmetric ? 1u << (bits - 1) : (uint)_random.Next(1 << bits));
        _scales = Fill(groups, outputs, () => (Half)(_random.NextSingle() - 0.3f));
    }

    public int Outputs { get; }

    public int Inputs { get; }

    /// <summary>The group of each input.</summary>
    public int[] GroupOf { get; }

    /// <summary>The tensors by name, without the layer's.</summary>
    public Dictionary<string, (SafetensorsType Type, long[] Shape, byte[] Data)> Tensors { get; } = [];

    /// <summary>Packs the layer as GPTQ or EfficientQAT do.</summary>
    public GroupedFile PackGptq(IntegerPacking packing, bool storeIndex = true, bool storeZeros = true)
    {
        bool gaps = packing == IntegerPacking.EfficientQat;
        Words("qweight", Columns(_codes, gaps), transpose: true);
        if (storeZeros)
        {
            uint less = packing == IntegerPacking.Gptq ? 1u : 0;
            Words("qzeros", [.. Rows(_zeros).Select(row => Stream([.. row.Select(z => (z - less) & ((1u << _bits) - 1))], gaps))], transpose: false);
        }

        Halves("scales", _scales);
        if (storeIndex)
        {
            Tensors["g_idx"] = (SafetensorsType.I32, [Inputs], MemoryMarshal.AsBytes(GroupOf.AsSpan()).ToArray());
        }

        return this;
    }

    /// <summary>Packs the layer as AWQ's GEMM kernels read it.</summary>
    public GroupedFile PackAwq()
    {
        int[] order = [0, 2, 4, 6, 1, 3, 5, 7];
        Words("qweight", [.. Rows(_codes).Select(Pack)], transpose: false);
        Words("qzeros", [.. Rows(_zeros).Select(Pack)], transpose: false);
        Halves("scales", _scales);
        return this;

        uint[] Pack(uint[] row) => [.. row.Chunk(8).Select(eight => Enumerable.Range(0, 8).Aggregate(0u, (word, k) => word | (eight[order[k]] << (4 * k))))];
    }

    /// <summary>Packs the layer as AWQ's GEMV kernels read it: by outputs, the numbers of groups filled up with zeros.</summary>
    public GroupedFile PackAwqGemv()
    {
        int groups = _scales.GetLength(0);
        int wide = (groups + 7) / 8 * 8;
        Words("qweight", Columns(_codes, gaps: false), transpose: false);
        Words("qzeros", [.. Enumerable.Range(0, Outputs).Select(o => Stream([.. Enumerable.Range(0, wide).Select(g => g < groups ? _zeros[g, o] : 0)], gaps: false))], transpose: false);
        Half[,] scales = new Half[Outputs, wide];
        for (int o = 0; o < Outputs; o++)
        {
            for (int g = 0; g < groups; g++)
            {
                scales[o, g] = _scales[g, o];
            }
        }

        Halves("scales", scales);
        return this;
    }

    /// <summary>Packs the layer as AWQ's second kernels read it: the steps of its packer, one after another, on arrays of one output's numbers.</summary>
    public GroupedFile PackAwqV2()
    {
        List<short> words = [];
        for (int tile = 0; tile < Outputs; tile += 4)
        {
            uint[][] rows = [.. Enumerable.Range(tile, 4).Select(o => Reorder([.. Enumerable.Range(0, Inputs).Select(i => _codes[i, o])]))];
            for (int first = 0; first < Inputs; first += 64)
            {
                uint[] piece = [.. rows.SelectMany(row => row[first..(first + 64)])];
                words.AddRange(piece.Chunk(4).Select(four => (short)(four[0] | (four[1] << 4) | (four[2] << 8) | (four[3] << 12))));
            }
        }

        Tensors["qweight"] = (SafetensorsType.I16, [Outputs / 4, Inputs], MemoryMarshal.AsBytes(words.ToArray().AsSpan()).ToArray());
        Half[,] minima = Fill(_scales.GetLength(0), Outputs, () => default(Half));
        for (int g = 0; g < minima.GetLength(0); g++)
        {
            for (int o = 0; o < Outputs; o++)
            {
                minima[g, o] = (Half)(-((float)_scales[g, o] * _zeros[g, o]));
            }
        }

        // The kernels want a number of rows that is a multiple of something: zeros follow.
        Halves("scales", Longer(_scales));
        Halves("scaled_zeros", Longer(minima));
        return this;

        static uint[] Reorder(uint[] row) => [.. row.Chunk(32).SelectMany(static c =>
        {
            // [4][4][2] transposed to [1][0][2], then every eight from [4][2] to [2][4].
            uint[] once = [.. from b in Enumerable.Range(0, 4) from a in Enumerable.Range(0, 4) from e in Enumerable.Range(0, 2) select c[(a * 8) + (b * 2) + e]];
            return once.Chunk(8).SelectMany(static eight => from e in Enumerable.Range(0, 2) from pair in Enumerable.Range(0, 4) select eight[(pair * 2) + e]);
        })];

        static Half[,] Longer(Half[,] from)
        {
            Half[,] to = new Half[from.GetLength(0) + 3, from.GetLength(1)];
            Array.Copy(from, to, from.Length);
            return to;
        }
    }

    /// <summary>The weight w = s (q - z).</summary>
    public float Weight(int output, int input)
    {
        int group = GroupOf[input];
        return (float)_scales[group, output] * ((int)_codes[input, output] - (int)_zeros[group, output]);
    }

    /// <summary>The weight w = s q + m, m = -s z rounded to f16.</summary>
    public float WeightOfMinimum(int output, int input)
    {
        int group = GroupOf[input];
        float scale = (float)_scales[group, output];
        float product = scale * _codes[input, output];
        return product + (float)(Half)(-(scale * _zeros[group, output]));
    }

    /// <summary>Writes the file.</summary>
    public void Write(string path, string layer = "model.layers.0.mlp.up_proj")
    {
        SafetensorsWriter writer = new();
        foreach ((string name, (SafetensorsType type, long[] shape, byte[] data)) in Tensors)
        {
            writer.AddTensor($"{layer}.{name}", type, shape, data);
        }

        writer.Write(path);
    }

    // Bit by bit: bit j of number k is bit b k + j of the stream, or of the word that holds the number whole.
    private uint[] Stream(uint[] numbers, bool gaps)
    {
        int perWord = 32 / _bits;
        uint[] words = new uint[gaps ? (numbers.Length + perWord - 1) / perWord : numbers.Length * _bits / 32];
        for (int k = 0; k < numbers.Length; k++)
        {
            for (int j = 0; j < _bits; j++)
            {
                int at = gaps ? (k / perWord * 32) + (k % perWord * _bits) + j : (k * _bits) + j;
                words[at / 32] |= ((numbers[k] >> j) & 1) << (at % 32);
            }
        }

        return words;
    }

    private uint[][] Columns(uint[,] values, bool gaps) =>
        [.. Enumerable.Range(0, values.GetLength(1)).Select(c => Stream([.. Enumerable.Range(0, values.GetLength(0)).Select(r => values[r, c])], gaps))];

    private static IEnumerable<uint[]> Rows(uint[,] values) =>
        Enumerable.Range(0, values.GetLength(0)).Select(r => Enumerable.Range(0, values.GetLength(1)).Select(c => values[r, c]).ToArray());

    private void Words(string name, uint[][] words, bool transpose)
    {
        int inner = words[0].Length;
        uint[] flat = transpose
            ? [.. Enumerable.Range(0, inner).SelectMany(r => words.Select(column => column[r]))]
            : [.. words.SelectMany(row => row)];
        Tensors[name] = (SafetensorsType.I32, transpose ? [inner, words.Length] : [words.Length, inner], MemoryMarshal.AsBytes(flat.AsSpan()).ToArray());
    }

    private void Halves(string name, Half[,] values)
    {
        Half[] flat = [.. values.Cast<Half>()];
        Tensors[name] = (SafetensorsType.F16, [values.GetLength(0), values.GetLength(1)], MemoryMarshal.AsBytes(flat.AsSpan()).ToArray());
    }

    private static T[,] Fill<T>(int rows, int columns, Func<T> value)
    {
        T[,] values = new T[rows, columns];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                values[r, c] = value();
            }
        }

        return values;
    }
}

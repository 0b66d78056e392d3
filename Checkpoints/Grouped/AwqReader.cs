using System.Runtime.CompilerServices;
using KernelGen.Containers;

namespace KernelGen.Checkpoints;

/// <summary>Undoes the packings of AWQ, which have 4 bits.</summary>
internal static unsafe class AwqReader
{
    private const int Bits = 4;
    private const int PerWord = 8;
    private const int TileOutputs = 4;
    private const int TileInputs = 64;
    private const int DefaultGroup = 128;

    /// <summary>Reads a layer of the GEMM layout.</summary>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="config">What the configuration says.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="CheckpointException">Something is missing or contradicts something else.</exception>
    public static GroupedWeights Read(LayerTensors tensors, GroupedConfig? config)
    {
        CheckBits(config);
        SafetensorsTensor weights = tensors.Matrix("qweight", SafetensorsType.I32);
        long outputs = weights.Columns * PerWord;
        int inputs = (int)weights.Rows;
        SafetensorsTensor scales = tensors.Matrix("scales", SafetensorsType.F16, SafetensorsType.BF16, SafetensorsType.F32);
        SafetensorsTensor zeros = tensors.Matrix("qzeros", SafetensorsType.I32);
        if (scales.Columns != outputs)
        {
            throw tensors.Fail("scales", $"it is {scales}; qweight has {outputs} outputs.");
        }

        if (zeros.Rows != scales.Rows || zeros.Columns != weights.Columns)
        {
            throw tensors.Fail("qzeros", $"it is {zeros}; expected was [{scales.Rows}, {weights.Columns}].");
        }

        int groupSize = GroupSizes.Resolve(tensors, inputs, scales.Rows, config);
        byte[] unpacked = new byte[checked(scales.Rows * outputs)];
        for (long i = 0; i < unpacked.Length; i++)
        {
            unpacked[i] = (byte)Take(zeros.Data, zeros.Columns, i / outputs, i % outputs);
        }

        MappedRegion words = weights.Data;
        long columns = weights.Columns;
        return new GroupedWeights(
            outputs, inputs, Bits, groupSize, null, tensors.Halves("scales", scales.Rows), unpacked, [], (input, output) => Take(words, columns, input, output));
    }

    /// <summary>Reads a layer of the second layout.</summary>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="config">What the configuration says.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="CheckpointException">Something is missing or contradicts something else.</exception>
    public static GroupedWeights ReadV2(LayerTensors tensors, GroupedConfig? config)
    {
        CheckBits(config);
        SafetensorsTensor weights = tensors.Matrix("qweight", SafetensorsType.I16);
        long outputs = weights.Rows * TileOutputs;
        int inputs = (int)weights.Columns;
        if (inputs % TileInputs != 0)
        {
            throw tensors.Fail("qweight", $"it is {weights}; its tiles are {TileInputs} inputs wide.");
        }

        (int groupSize, long groups) = Groups(inputs, config);
        string minimum = tensors.Find("scaled_zeros") is null ? "qzeros" : "scaled_zeros";
        foreach (string part in (string[])["scales", minimum])
        {
            SafetensorsTensor tensor = tensors.Matrix(part, SafetensorsType.F16, SafetensorsType.BF16, SafetensorsType.F32);
            if (tensor.Columns != outputs)
            {
                throw tensors.Fail(part, $"it is {tensor}; qweight has {outputs} outputs.");
            }
        }

        MappedRegion words = weights.Data;
        return new GroupedWeights(
            outputs, inputs, Bits, groupSize, null, tensors.Halves("scales", groups), [], tensors.Halves(minimum, groups), (input, output) => TakeTiled(words, inputs, input, output));
    }

    /// <summary>Reads a layer of the GEMV layout.</summary>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="config">What the configuration says.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="CheckpointException">Something is missing or contradicts something else.</exception>
    public static GroupedWeights ReadGemv(LayerTensors tensors, GroupedConfig? config)
    {
        CheckBits(config);
        SafetensorsTensor weights = tensors.Matrix("qweight", SafetensorsType.I32);
        long outputs = weights.Rows;
        int inputs = checked((int)(weights.Columns * PerWord));
        (int groupSize, long groups) = Groups(inputs, config);
        SafetensorsTensor scales = tensors.Matrix("scales", SafetensorsType.F16, SafetensorsType.BF16, SafetensorsType.F32);
        SafetensorsTensor zeros = tensors.Matrix("qzeros", SafetensorsType.I32);
        if (scales.Rows != outputs || scales.Columns < groups)
        {
            throw tensors.Fail("scales", $"it is {scales}; {outputs} outputs in {groups} groups of {groupSize} inputs need [{outputs}, {groups} or more].");
        }

        if (zeros.Rows != outputs || zeros.Columns * PerWord < groups)
        {
            throw tensors.Fail("qzeros", $"it is {zeros}; {outputs} outputs in {groups} groups of {groupSize} inputs need [{outputs}, {(groups + PerWord - 1) / PerWord} or more].");
        }

        // By groups, as the other layouts are.
        ushort[] byOutput = tensors.Halves("scales", outputs);
        WordStream zeroPoints = new(zeros.Data, zeros.Columns, Bits, hasGaps: false);
        ushort[] halves = new ushort[checked(groups * outputs)];
        byte[] unpacked = new byte[halves.Length];
        for (long i = 0; i < halves.Length; i++)
        {
            halves[i] = byOutput[(i % outputs * scales.Columns) + (i / outputs)];
            unpacked[i] = (byte)zeroPoints.Along(i % outputs, i / outputs);
        }

        WordStream codes = new(weights.Data, weights.Columns, Bits, hasGaps: false);
        return new GroupedWeights(outputs, inputs, Bits, groupSize, null, halves, unpacked, [], (input, output) => codes.Along(output, input));
    }

    // There may be more scales than groups, all zero: the kernels that read them want numbers of a certain size.
    private static (int Size, long Count) Groups(int inputs, GroupedConfig? config)
    {
        int size = config?.GroupSize is { } said ? said < 0 || said > inputs ? inputs : said : int.Min(DefaultGroup, inputs);
        return (size, ((long)inputs + size - 1) / size);
    }

    private static void CheckBits(GroupedConfig? config)
    {
        if (config?.Bits is not (null or Bits))
        {
            throw new CheckpointException(config.Source, "bits", $"it is {config.Bits}; AWQ packs {Bits} bits.");
        }
    }

    // Nibble k of a word holds number 0, 2, 4, 6, 1, 3, 5, 7.
    private static uint Take(MappedRegion words, long columns, long row, long index)
    {
        int inWord = (int)(index % PerWord);
        int nibble = (inWord / 2) + (inWord % 2 * (PerWord / 2));
        return (Unsafe.ReadUnaligned<uint>(words.Pointer + (((row * columns) + (index / PerWord)) * sizeof(uint))) >> (Bits * nibble)) & 15;
    }

    // A row of words is cut into pieces of 64, each four outputs of 64 inputs. Of every 32 inputs, pairs 0, 4, 8, 12, then 1, 5, 9, 13 and so on
    // come first; of every eight of these, the first of each pair and then the second.
    private static uint TakeTiled(MappedRegion words, long inputs, long input, long output)
    {
        int inTile = (int)(input % TileInputs);
        int pair = inTile % 32 / 2;
        int eighth = pair % 4;
        int place = (inTile / 32 * 32) + (eighth * PerWord) + (inTile % 2 * 4) + (pair / 4);
        int number = ((int)(output % TileOutputs) * TileInputs) + place;
        long word = (output / TileOutputs * inputs) + (input / TileInputs * TileInputs) + (number / 4);
        return (uint)(Unsafe.ReadUnaligned<ushort>(words.Pointer + (word * sizeof(ushort))) >> (number % 4 * Bits)) & 15;
    }
}

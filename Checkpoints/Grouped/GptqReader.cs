using System;
using KernelGen.Containers;

namespace KernelGen.Checkpoints;

/// <summary>Undoes the packings of GPTQ and EfficientQAT.</summary>
internal static class GptqReader
{
    private static readonly int[] Widths = [4, 8, 2, 3];

    /// <summary>Reads a layer.</summary>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="packing">The packing, or null where only the shapes tell.</param>
    /// <param name="config">What the configuration says.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="CheckpointException">Something is missing or contradicts something else.</exception>
    public static GroupedWeights Read(LayerTensors tensors, IntegerPacking? packing, GroupedConfig? config)
    {
        SafetensorsTensor weights = tensors.Matrix("qweight", SafetensorsType.I32);
        long outputs = weights.Columns;
        SafetensorsTensor scales = tensors.Matrix("scales", SafetensorsType.F16, SafetensorsType.BF16, SafetensorsType.F32);
        if (scales.Columns != outputs)
        {
            throw tensors.Fail("scales", $"it is {scales}; qweight has {outputs} outputs.");
        }

        int[]? groupOf = tensors.GroupIndex();
        Layout layout = FindLayout(tensors, weights, groupOf?.Length, packing, config);
        int groupSize = GroupSizes.Resolve(tensors, layout.Inputs, scales.Rows, config);
        int[]? order = groupOf is null ? null : GroupOrder.Sort(tensors, groupOf, scales.Rows, groupSize, config);
        byte[] zeros = Zeros(tensors, layout, outputs, scales.Rows, packing, config);
        WordStream codes = new(weights.Data, outputs, layout.Bits, layout.HasGaps);
        return new GroupedWeights(
            outputs, layout.Inputs, layout.Bits, groupSize, order, tensors.Halves("scales", scales.Rows), zeros, [], (input, output) => codes.Down(input, output));
    }

    // Of what the shapes allow, the first. A stream without gaps and one with gaps differ for 3 bits only.
    private static Layout FindLayout(LayerTensors tensors, SafetensorsTensor weights, int? inputs, IntegerPacking? packing, GroupedConfig? config)
    {
        foreach (bool hasGaps in packing is null ? (bool[])[false, true] : [packing == IntegerPacking.EfficientQat])
        {
            foreach (int bits in config?.Bits is { } said ? [said] : Widths)
            {
                // Without g_idx the words say how many inputs there are; with gaps only if the configuration says that the last is full.
                long count = inputs ?? (weights.Rows * (hasGaps ? 32 / bits * bits : 32) / bits);
                if (WordStream.Words(count, bits, hasGaps) == weights.Rows && count is > 0 and <= int.MaxValue && ZerosFit(tensors, weights.Columns, bits, hasGaps))
                {
                    return new Layout(bits, (int)count, hasGaps);
                }
            }
        }

        throw tensors.Fail(
            "qweight",
            $"its shape [{weights.Rows}, {weights.Columns}] fits no packing of {(inputs is null ? "any" : inputs)} inputs by {weights.Columns} outputs"
            + $"{(config?.Bits is { } b ? $" in {b} bits" : " in 2, 3, 4 or 8 bits")}{(tensors.Find("qzeros") is { } zeros ? $" beside {zeros}" : "")}.");
    }

    private static bool ZerosFit(LayerTensors tensors, long outputs, int bits, bool hasGaps) =>
        tensors.Find("qzeros") is not { IsMatrix: true } zeros || zeros.Columns == WordStream.Words(outputs, bits, hasGaps);

    private static byte[] Zeros(LayerTensors tensors, Layout layout, long outputs, long groups, IntegerPacking? packing, GroupedConfig? config)
    {
        byte[] zeros = new byte[checked(groups * outputs)];
        byte middle = (byte)(1 << (layout.Bits - 1));
        if (tensors.Find("qzeros") is null && config?.Symmetric == true)
        {
            zeros.AsSpan().Fill(middle);
            return zeros;
        }

        SafetensorsTensor stored = tensors.Matrix("qzeros", SafetensorsType.I32);
        if (stored.Rows != groups)
        {
            throw tensors.Fail("qzeros", $"it is {stored}; scales has {groups} groups.");
        }

        WordStream stream = new(stored.Data, stored.Columns, layout.Bits, layout.HasGaps);
        bool isLess = packing is IntegerPacking.Gptq || (packing is null && !layout.HasGaps);
        uint mask = (1u << layout.Bits) - 1;
        for (long group = 0; group < groups; group++)
        {
            for (long output = 0; output < outputs; output++)
            {
                uint zero = (stream.Along(group, output) + (isLess ? 1u : 0)) & mask;
                if (config?.Symmetric == true && zero != middle)
                {
                    throw new CheckpointException(
                        config.Source, "sym", $"it is true, so all zero points are {middle}; the one of group {group}, output {output} is {zero}. Check checkpoint_format, which says how they are stored.");
                }

                zeros[(group * outputs) + output] = (byte)zero;
            }
        }

        return zeros;
    }

    private readonly record struct Layout(int Bits, int Inputs, bool HasGaps);
}

using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Tests.Oracle;

/// <summary>
/// Activations quantized and packed as <see cref="ActivationLayout"/> documents, written from its text alone.
/// </summary>
internal sealed class OracleActivations
{
    private double[]? _values;

    private OracleActivations(sbyte[] codes, float[] steps)
    {
        Codes = codes;
        Steps = steps;
    }

    /// <summary>One int8 code per input.</summary>
    public sbyte[] Codes { get; }

    /// <summary>One f32 step d per group.</summary>
    public float[] Steps { get; }

    /// <summary>Step times code of every input.</summary>
    public double[] Values => _values ??= [.. Codes.Select((code, k) => (double)Steps[k / (Codes.Length / Steps.Length)] * code)];

    /// <summary>
    /// Quantizes one row: d = max|x| / 127, q = round-half-even(x * (127 / max|x|)); a group below 2^-119 is all zero, one with a
    /// NaN or an infinity has d = NaN and codes of zero.
    /// </summary>
    public static OracleActivations Quantize(ActivationLayout layout, ReadOnlySpan<float> x)
    {
        int padded = Blocks(layout, x.Length) * layout.BlockInputs;
        OracleActivations row = new(new sbyte[padded], new float[padded / layout.GroupInputs]);
        for (int group = 0; group < row.Steps.Length; group++)
        {
            int first = group * layout.GroupInputs;
            int end = Math.Min(x.Length, first + layout.GroupInputs);
            float largest = 0;
            for (int k = first; k < end; k++)
            {
                largest = Math.Max(largest, Math.Abs(x[k]));
            }

            if (!float.IsFinite(largest))
            {
                row.Steps[group] = float.NaN;
                continue;
            }

            if (largest < MathF.ScaleB(1, -119))
            {
                continue;
            }

            row.Steps[group] = (float)(largest / 127f);
            float inverse = (float)(127f / largest);
            for (int k = first; k < end; k++)
            {
                row.Codes[k] = (sbyte)MathF.Round((float)(x[k] * inverse), MidpointRounding.ToEven);
            }
        }

        return row;
    }

    /// <summary>One row as int8 products with a format take it: in the declared format of activations, or as <see cref="Quantize"/> says.</summary>
    public static OracleActivations Of(FormatDescriptor weights, ReadOnlySpan<float> x) =>
        weights.ActivationFormat is { } format ? Encode(weights.Activations, format, x) : Quantize(weights.Activations, x);

    /// <summary>
    /// One row in a declared format: its stored rows, as its encoder writes them, decoded bit by bit. Every group's values are a step times integers of at most
    /// 127; which power of two the step has does not matter.
    /// </summary>
    public static OracleActivations Encode(ActivationLayout layout, FormatDescriptor format, ReadOnlySpan<float> x)
    {
        OracleRow decoded = EncodeRow(format, x);
        int padded = Blocks(layout, x.Length) * layout.BlockInputs;
        OracleActivations row = new(new sbyte[padded], new float[padded / layout.GroupInputs]);
        for (int first = 0; first < x.Length; first += layout.GroupInputs)
        {
            int[] group = [.. Enumerable.Range(first, Math.Min(layout.GroupInputs, x.Length - first))];
            float unit = 1;
            while (group.Any(k => (decoded.Values[k] - decoded.Zeros[k]) / unit is var code && code != MathF.Round(code)))
            {
                unit /= 2;
            }

            row.Steps[first / layout.GroupInputs] = decoded.Scales[first] * unit;
            foreach (int k in group)
            {
                if (decoded.Scales[k] != decoded.Scales[first] || decoded.Mins[k] != 0)
                {
                    throw new InvalidOperationException($"A group of {layout.GroupInputs} inputs has several scales, or a minimum, in {format.Name}.");
                }

                float code = (decoded.Values[k] - decoded.Zeros[k]) / unit;
                row.Codes[k] = Math.Abs(code) <= 127 ? (sbyte)code : throw new InvalidOperationException($"{format.Name} has a code of {code}.");
            }
        }

        return row;
    }

    /// <summary>One row encoded, as a matrix of its own, by a format's scalar encoder, and decoded by the oracle.</summary>
    public static unsafe OracleRow EncodeRow(FormatDescriptor format, ReadOnlySpan<float> x)
    {
        FormatOracle oracle = DeclaredFormats.OracleOf(format.FullName);
        KernelSet scalar = format.Kernels.Single(k => k.Target == KernelTarget.Scalar);
        byte[] row = new byte[oracle.RowBytes(x.Length)];
        byte[] rowSide = new byte[oracle.RowSideBytes];
        byte[] tensorSide = new byte[oracle.TensorSideBytes];
        fixed (float* weights = x)
        {
            fixed (byte* blocks = row, side = rowSide, tensor = tensorSide)
            {
                if (scalar.QuantizeTensor != null)
                {
                    scalar.QuantizeTensor(weights, x.Length, 1, x.Length, tensor);
                }

                scalar.QuantizeRow(weights, x.Length, blocks, side, tensor);
            }
        }

        return oracle.DecodeRow(row, rowSide, tensorSide, x.Length);
    }

    /// <summary>Packs rows interleaved, MR being their number.</summary>
    public static byte[] Pack(ActivationLayout layout, OracleActivations[] rows, int inputs)
    {
        int mr = rows.Length;
        byte[] packed = new byte[layout.RowBytes(inputs) * mr];
        int at = 0;
        for (int group = 0; group < rows[0].Steps.Length; group++)
        {
            PackQuads(layout, rows, group, packed, ref at);
            for (int m = 0; m < mr; m++)
            {
                Put(packed, ref at, BitConverter.SingleToInt32Bits(rows[m].Steps[group]));
            }

            PackSums(layout, rows, group, packed, ref at);
        }

        return at == packed.Length ? packed : throw new InvalidOperationException($"Packed {at} of {packed.Length} bytes.");
    }

    private static void PackQuads(ActivationLayout layout, OracleActivations[] rows, int group, byte[] packed, ref int at)
    {
        for (int segment = 0; segment < layout.SegmentsPerGroup; segment++)
        {
            for (int quad = 0; quad < layout.PaddedSegmentInputs / 4; quad++)
            {
                foreach (OracleActivations row in rows)
                {
                    for (int i = quad * 4; i < (quad * 4) + 4; i++)
                    {
                        int k = (group * layout.GroupInputs) + (segment * layout.SegmentInputs) + i;
                        packed[at++] = i < layout.SegmentInputs ? (byte)row.Codes[k] : (byte)0;
                    }
                }
            }
        }
    }

    /// <summary>One packed row with the sums of the subsets of every quad in its place: the low bytes of 16 int16, then the high ones.</summary>
    public static byte[] Tables(ActivationLayout layout, byte[] packed)
    {
        List<byte> tables = [];
        int quads = layout.SegmentsPerGroup * layout.PaddedSegmentInputs / 4;
        for (int word = 0; word < packed.Length / 4; word++)
        {
            byte[] quad = packed[(4 * word)..(4 * (word + 1))];
            if (word % layout.GroupWords >= quads)
            {
                tables.AddRange(quad);
                continue;
            }

            int[] sums = [.. Enumerable.Range(0, 16).Select(n => Enumerable.Range(0, 4).Where(i => (n >> i & 1) != 0).Sum(i => (sbyte)quad[i]))];
            tables.AddRange(sums.Select(s => (byte)s));
            tables.AddRange(sums.Select(s => (byte)(s >> 8)));
        }

        return [.. tables];
    }

    private static void PackSums(ActivationLayout layout, OracleActivations[] rows, int group, byte[] packed, ref int at)
    {
        Each(layout, ActivationSums.Offset, rows, ref at, (row, segment) => layout.Offset * row.Sum(layout, group, segment), packed);
        Each(layout, ActivationSums.Rebased, rows, ref at, (row, segment) => (layout.Offset - 128) * row.Sum(layout, group, segment), packed);
        Each(layout, ActivationSums.Integer, rows, ref at, (row, segment) => row.Sum(layout, group, segment), packed);
        Each(
            layout,
            ActivationSums.Scaled,
            rows,
            ref at,
            (row, segment) => BitConverter.SingleToInt32Bits((float)(row.Steps[group] * (float)row.Sum(layout, group, segment))),
            packed);
        if (!layout.Sums.HasFlag(ActivationSums.Pairs))
        {
            return;
        }

        for (int segment = 0; segment < layout.SegmentsPerGroup; segment += 2)
        {
            foreach (OracleActivations row in rows)
            {
                int low = row.Sum(layout, group, segment);
                int high = segment + 1 < layout.SegmentsPerGroup ? row.Sum(layout, group, segment + 1) : 0;
                Put(packed, ref at, (low & 0xFFFF) | (high << 16));
            }
        }
    }

    private static void Each(
        ActivationLayout layout, ActivationSums sums, OracleActivations[] rows, ref int at, Func<OracleActivations, int, int> word, byte[] packed)
    {
        for (int segment = 0; layout.Sums.HasFlag(sums) && segment < layout.SegmentsPerGroup; segment++)
        {
            foreach (OracleActivations row in rows)
            {
                Put(packed, ref at, word(row, segment));
            }
        }
    }

    private static void Put(byte[] packed, ref int at, int word)
    {
        BitConverter.TryWriteBytes(packed.AsSpan(at), word);
        at += 4;
    }

    private static int Blocks(ActivationLayout layout, int inputs) => (inputs + layout.BlockInputs - 1) / layout.BlockInputs;

    /// <summary>Σq of a segment of a group, or of the whole group for segment -1.</summary>
    private int Sum(ActivationLayout layout, int group, int segment)
    {
        int first = (group * layout.GroupInputs) + (Math.Max(segment, 0) * layout.SegmentInputs);
        int count = segment < 0 ? layout.GroupInputs : layout.SegmentInputs;
        int sum = 0;
        for (int k = first; k < first + count; k++)
        {
            sum += Codes[k];
        }

        return sum;
    }
}

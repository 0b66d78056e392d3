using System;
using System.Runtime.CompilerServices;

namespace KernelGen;

/// <summary>
/// Quantizes and packs rows of f32 activations as kernels read them: int8 as <see cref="ActivationLayout"/> says, or f32
/// interleaved.
/// </summary>
/// <remarks>
/// Numeric contract of the int8 form, the same bits on every machine: per group, amax = max|x|, d = amax / 127 and
/// q = round-half-even(x * (127 / amax)), each operation rounded to f32. A group whose amax is below
/// <see cref="SmallestMagnitude"/> counts as all zero (d = 0, q = 0): below about 3.7e-37 the factor would overflow, and below
/// the bound d would be subnormal. A group that holds a NaN or an infinity has d = NaN and q = 0, so that every product which
/// uses the group is NaN, and no other. Inputs from K to the end of the last block, and rows that are missing, are zero.
/// </remarks>
public static unsafe class ActivationPacker
{
    /// <summary>2^-119, about 1.5e-36: groups whose largest magnitude is below it are packed as zeros.</summary>
    public const float SmallestMagnitude = 1.504632769052528e-36f;

    private const int MostGroupInputs = 8192;

    /// <summary>Bytes of <paramref name="interleave"/> packed int8 rows.</summary>
    /// <param name="layout">The format's activation layout.</param>
    /// <param name="interleave">MR, the rows interleaved.</param>
    /// <param name="k">Row length K.</param>
    /// <returns>Bytes.</returns>
    public static long Int8Bytes(ActivationLayout layout, int interleave, long k)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return checked(layout.RowBytes(k) * interleave);
    }

    /// <summary>Quantizes and packs up to <paramref name="interleave"/> rows.</summary>
    /// <param name="layout">The format's activation layout.</param>
    /// <param name="x">Activations, row r at <c>x + r * stride</c>.</param>
    /// <param name="stride">From one row to the next, in floats.</param>
    /// <param name="rows">Rows that are there, 0 to <paramref name="interleave"/>.</param>
    /// <param name="interleave">MR, the rows interleaved, at least 1.</param>
    /// <param name="k">Row length K, at least 1.</param>
    /// <param name="packed">Exactly <see cref="Int8Bytes"/> bytes are written here; aligned to 4.</param>
    /// <exception cref="ArgumentException">The layout contradicts itself, or a number is out of range.</exception>
    public static void PackInt8(ActivationLayout layout, float* x, long stride, int rows, int interleave, long k, byte* packed)
    {
        Check(layout, rows, interleave, k);
        PackInt8Core(layout, default, x, stride, rows, interleave, k, packed, scalar: false);
    }

    /// <summary>Packs rows that are quantized already.</summary>
    /// <param name="layout">The format's activation layout.</param>
    /// <param name="encoded">The rows, at least one, all of them interleaved; their groups are the layout's.</param>
    /// <param name="rows">MR.</param>
    /// <param name="k">Row length K, at least 1.</param>
    /// <param name="packed">Exactly <see cref="Int8Bytes"/> bytes are written here; aligned to 4.</param>
    /// <exception cref="ArgumentException">The layout contradicts itself, or a number is out of range.</exception>
    internal static void PackEncoded(ActivationLayout layout, EncodedActivations encoded, int rows, long k, byte* packed)
    {
        Check(layout, rows, rows, k);
        PackInt8Core(layout, encoded, null, 0, rows, rows, k, packed, scalar: false);
    }

    /// <summary><see cref="PackInt8"/> in plain C#, with the same result.</summary>
    /// <param name="layout">The format's activation layout.</param>
    /// <param name="x">Activations, row r at <c>x + r * stride</c>.</param>
    /// <param name="stride">From one row to the next, in floats.</param>
    /// <param name="rows">Rows that are there, 0 to <paramref name="interleave"/>.</param>
    /// <param name="interleave">MR, the rows interleaved, at least 1.</param>
    /// <param name="k">Row length K, at least 1.</param>
    /// <param name="packed">Exactly <see cref="Int8Bytes"/> bytes are written here; aligned to 4.</param>
    /// <exception cref="ArgumentException">The layout contradicts itself, or a number is out of range.</exception>
    public static void PackInt8Scalar(ActivationLayout layout, float* x, long stride, int rows, int interleave, long k, byte* packed)
    {
        Check(layout, rows, interleave, k);
        PackInt8Core(layout, default, x, stride, rows, interleave, k, packed, scalar: true);
    }

    /// <summary>Packs up to <paramref name="interleave"/> rows as f32 <c>[k][interleave]</c>.</summary>
    /// <param name="x">Activations, row r at <c>x + r * stride</c>.</param>
    /// <param name="stride">From one row to the next, in floats.</param>
    /// <param name="rows">Rows that are there, 0 to <paramref name="interleave"/>; the missing ones are zero.</param>
    /// <param name="interleave">MR, the rows interleaved, at least 1.</param>
    /// <param name="k">Row length K, at least 1.</param>
    /// <param name="packed">Exactly <c>k * interleave</c> floats are written here.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public static void PackFloat32(float* x, long stride, int rows, int interleave, long k, float* packed)
    {
        CheckRows(rows, interleave, k);
        if (interleave == 1 && rows == 1)
        {
            Buffer.MemoryCopy(x, packed, k * sizeof(float), k * sizeof(float));
            return;
        }

        for (long i = 0; i < k; i++, packed += interleave)
        {
            int r = 0;
            for (float* column = x + i; r < rows; r++, column += stride)
            {
                packed[r] = *column;
            }

            for (; r < interleave; r++)
            {
                packed[r] = 0;
            }
        }
    }

    [SkipLocalsInit]
    private static void PackInt8Core(
        ActivationLayout layout, in EncodedActivations encoded, float* x, long stride, int rows, int interleave, long k, byte* packed, bool scalar)
    {
        int groupInputs = layout.GroupInputs;
        int segmentInputs = layout.SegmentInputs;
        int segments = layout.SegmentsPerGroup;
        int paddedSegment = layout.PaddedSegmentInputs;
        ActivationSums sums = layout.Sums;
        long groupWords = (long)layout.GroupWords * interleave;
        long groups = (k + layout.BlockInputs - 1) / layout.BlockInputs * (layout.BlockInputs / groupInputs);

        // Codes of one row of one group, in input order: in place where that is how they are stored.
        bool inPlace = interleave == 1 && paddedSegment == segmentInputs;
        sbyte* own = stackalloc sbyte[inPlace ? 4 : (groupInputs + 3) & ~3];
        int* sumsOfSegments = stackalloc int[segments];

        for (int r = 0; r < interleave; r++)
        {
            float* row = x + (r * stride);
            int* words = (int*)packed + r;
            for (long g = 0; g < groups; g++, words += groupWords)
            {
                sbyte* codes = inPlace ? (sbyte*)words : own;
                long left = r < rows ? k - (g * groupInputs) : 0;
                int count = (int)Math.Clamp(left, 0, groupInputs);
                float d = count == 0
                    ? 0
                    : !encoded.IsEmpty
                        ? encoded.Group(r, g, groupInputs, count, codes)
                    : scalar
                        ? GroupQuantizer.QuantizeScalar(row + (g * groupInputs), count, codes)
                        : GroupQuantizer.Quantize(row + (g * groupInputs), count, codes);
                new Span<sbyte>(codes + count, groupInputs - count).Clear();

                int* next = words + ((long)segments * (paddedSegment / 4) * interleave);
                if (!inPlace)
                {
                    StoreQuads(codes, segments, segmentInputs, words, interleave);
                }

                *(float*)next = d;
                next += interleave;
                if (sums != ActivationSums.None)
                {
                    for (int s = 0; s < segments; s++)
                    {
                        int sum = GroupQuantizer.Sum(codes + (s * segmentInputs), segmentInputs);
                        sumsOfSegments[s] = sum;
                    }

                    StoreSums(layout, sumsOfSegments, d, next, interleave);
                }
            }

        }
    }

    /// <summary>Stores a group's codes four to a word, every <paramref name="interleave"/>th word, segments padded to whole words.</summary>
    private static void StoreQuads(sbyte* codes, int segments, int segmentInputs, int* words, int interleave)
    {
        if (segmentInputs % 4 == 0)
        {
            int* quads = (int*)codes;
            int count = segments * segmentInputs / 4;
            for (int q = 0; q < count; q++, words += interleave)
            {
                *words = quads[q];
            }

            return;
        }

        for (int s = 0; s < segments; s++, codes += segmentInputs)
        {
            for (int i = 0; i < segmentInputs; i += 4, words += interleave)
            {
                uint word = 0;
                for (int j = 0; j < Math.Min(4, segmentInputs - i); j++)
                {
                    word |= (uint)(byte)codes[i + j] << (8 * j);
                }

                *words = (int)word;
            }
        }
    }

    /// <summary>Stores what is kept of the sums of one group's segments, in the layout's order.</summary>
    private static void StoreSums(ActivationLayout layout, int* sumsOfSegments, float d, int* words, int interleave)
    {
        int segments = layout.SegmentsPerGroup;
        ActivationSums sums = layout.Sums;
        if ((sums & ActivationSums.Offset) != 0)
        {
            for (int s = 0; s < segments; s++, words += interleave)
            {
                *words = layout.Offset * sumsOfSegments[s];
            }
        }

        if ((sums & ActivationSums.Rebased) != 0)
        {
            for (int s = 0; s < segments; s++, words += interleave)
            {
                *words = (layout.Offset - 128) * sumsOfSegments[s];
            }
        }

        if ((sums & ActivationSums.Integer) != 0)
        {
            for (int s = 0; s < segments; s++, words += interleave)
            {
                *words = sumsOfSegments[s];
            }
        }

        if ((sums & ActivationSums.Scaled) != 0)
        {
            for (int s = 0; s < segments; s++, words += interleave)
            {
                *(float*)words = d * sumsOfSegments[s];
            }
        }

        if ((sums & ActivationSums.Pairs) != 0)
        {
            for (int s = 0; s < segments; s += 2, words += interleave)
            {
                int second = s + 1 < segments ? sumsOfSegments[s + 1] : 0;
                *words = (sumsOfSegments[s] & 0xFFFF) | (second << 16);
            }
        }
    }

    private static void Check(ActivationLayout layout, int rows, int interleave, long k)
    {
        ArgumentNullException.ThrowIfNull(layout);
        CheckRows(rows, interleave, k);
        if (layout.SegmentInputs < 1 || layout.GroupInputs % layout.SegmentInputs != 0
            || layout.GroupInputs is < 1 or > MostGroupInputs || layout.BlockInputs % layout.GroupInputs != 0)
        {
            throw new ArgumentException($"An activation layout's segment must divide its group, its group its block, and the group must be 1 to {MostGroupInputs} inputs: {layout}.", nameof(layout));
        }

        if ((layout.Sums & ActivationSums.Pairs) != 0 && layout.SegmentInputs > short.MaxValue / 127)
        {
            throw new ArgumentException($"Sums of {layout.SegmentInputs} codes do not fit the 16 bits of a pair; segments may have {short.MaxValue / 127} inputs.", nameof(layout));
        }
    }

    private static void CheckRows(int rows, int interleave, long k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interleave, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, interleave);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
    }
}

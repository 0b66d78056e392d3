using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Encoders;

/// <summary>
/// Two planes of bits with a scale each: <c>w = α1 b1 + α2 b2</c>, α1 > -α2 > 0, b in {0, 1}, so the levels are α2, 0, α1 + α2 and α1.
/// b1 is 1 where w ≥ (α1 + α2) / 2, b2 where w ≤ α1 b1 + α2 / 2: the nearest level.
/// </summary>
/// <remarks>
/// Source: Chen et al., DB-LLM: Accurate Dual-Binarization for Efficient LLMs (2024), which starts from α1 = 2s and α2 = -s and then learns both.
/// Without scales to go by, s is the one of several steps, and the pair after alternating least squares, with the least squared error.
/// </remarks>
public sealed class DualBinaryEncoder : StructureEncoder
{
    private const int Steps = 32;
    private const int MostRounds = 8;
    private readonly IReadOnlyList<(float First, float Second)>? _scales;

    /// <summary>Chooses the scales from the weights.</summary>
    public DualBinaryEncoder()
    {
    }

    /// <summary>Takes scales that were learned.</summary>
    /// <param name="scales">α1 and α2 of every group, row after row, with α1 > -α2 > 0; those of the first are rounded to their stored type before codes are chosen.</param>
    public DualBinaryEncoder(IReadOnlyList<(float First, float Second)> scales)
    {
        ArgumentNullException.ThrowIfNull(scales);
        foreach ((float first, float second) in scales)
        {
            if (!(second < 0 && first > -second && float.IsFinite(first)))
            {
                throw new ArgumentException($"The scales {first} and {second} are not α1 > -α2 > 0.", nameof(scales));
            }
        }

        _scales = scales;
    }

    /// <inheritdoc/>
    public override string Expects => "a sum of two planes of bits 0 and 1, both in blocks of one size with a float scale a block";

    /// <inheritdoc/>
    public override bool Accepts(StructureDescriptor format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return format.Weight is TermsNode { Terms: [CellNode { Format: var first }, CellNode { Format: var second }] }
            && BitPlane.Is(first) && BitPlane.Is(second) && first.BlockInputs == second.BlockInputs;
    }

    private protected override TensorSet EncodeChecked(StructureDescriptor format, WeightRows weights, int threads)
    {
        TermsNode sum = (TermsNode)format.Weight;
        FormatDescriptor[] cells = [.. sum.Cells];
        int group = cells[0].BlockInputs;
        long groups = (weights.Inputs + group - 1) / group;
        if (_scales is not null && _scales.Count != weights.Outputs * groups)
        {
            throw new ArgumentException($"The weights have {weights.Outputs * groups} groups of {group}; {_scales.Count} pairs of scales were given.", nameof(weights));
        }

        TensorSet tensors = new();
        PlaneWork work = new()
        {
            Weights = weights,
            Scales = _scales,
            First = new BitPlane(cells[0], tensors, "terms.0.", weights.Outputs, weights.Inputs),
            Second = new BitPlane(cells[1], tensors, "terms.1.", weights.Outputs, weights.Inputs),
        };
        WorkerPool.Shared.Run(work, weights.Outputs, threads);
        return tensors;
    }

    /// <summary>An item is a row.</summary>
    private unsafe struct PlaneWork : IRangeWork
    {
        public WeightRows Weights;
        public IReadOnlyList<(float First, float Second)>? Scales;
        public BitPlane First;
        public BitPlane Second;

        public readonly void Run(long first, long end, int participant)
        {
            int group = First.Inputs;
            long groups = (Weights.Inputs + group - 1) / group;
            byte[] high = new byte[group];
            byte[] low = new byte[group];
            for (long row = first; row < end; row++)
            {
                for (long g = 0; g < groups; g++)
                {
                    ReadOnlySpan<float> w = new(Weights.Row(row) + (g * group), (int)Math.Min(group, Weights.Inputs - (g * group)));
                    (float a1, float a2) = Scales is null ? Choose(w) : Scales[(int)((row * groups) + g)];
                    a1 = First.Rounded(a1);
                    a2 = Second.Rounded(a2);
                    high.AsSpan().Clear();
                    low.AsSpan().Clear();
                    for (int i = 0; i < w.Length; i++)
                    {
                        (high[i], low[i]) = Code(w[i], a1, a2);
                    }

                    First.Write(row, g, a1, high);
                    Second.Write(row, g, a2, low);
                }
            }
        }

        private readonly (float First, float Second) Choose(ReadOnlySpan<float> w)
        {
            float most = 0;
            foreach (float x in w)
            {
                most = Math.Max(most, Math.Max(x / 2, -x));
            }

            (float, float) best = (0, 0);
            double least = most > 0 ? double.PositiveInfinity : 0;
            for (int step = 1; step <= Steps && most > 0; step++)
            {
                float s = First.Rounded(2 * most * step / Steps) / 2;
                (float a1, float a2) = (2 * s, Second.Rounded(-s));
                for (int round = 0; round < MostRounds && a1 > -a2 && a2 < 0; round++)
                {
                    double error = Fit(w, a1, a2, out double next1, out double next2);
                    if (error >= least && round > 0)
                    {
                        break;
                    }

                    (least, best) = error < least ? (error, (a1, a2)) : (least, best);
                    (a1, a2) = (First.Rounded((float)next1), Second.Rounded((float)next2));
                }
            }

            return best;
        }

        /// <summary>The squared error of a pair of scales, and the pair that is best for the codes they give.</summary>
        private static double Fit(ReadOnlySpan<float> w, float a1, float a2, out double next1, out double next2)
        {
            double error = 0;
            (double n1, double n2, double both, double sum1, double sum2) = (0, 0, 0, 0, 0);
            foreach (float x in w)
            {
                (byte b1, byte b2) = Code(x, a1, a2);
                double off = x - ((a1 * b1) + (a2 * b2));
                error += off * off;
                n1 += b1;
                n2 += b2;
                both += b1 & b2;
                sum1 += b1 * x;
                sum2 += b2 * x;
            }

            double determinant = (n1 * n2) - (both * both);
            (next1, next2) = determinant > 0
                ? (((n2 * sum1) - (both * sum2)) / determinant, ((n1 * sum2) - (both * sum1)) / determinant)
                : (n1 > 0 ? sum1 / n1 : a1, n2 > 0 && n1 == 0 ? sum2 / n2 : a2);
            return error;
        }

        private static (byte First, byte Second) Code(float w, float a1, float a2)
        {
            bool first = w >= (a1 + a2) / 2;
            return (first ? (byte)1 : (byte)0, w <= (first ? a1 : 0) + (a2 / 2) ? (byte)1 : (byte)0);
        }
    }
}

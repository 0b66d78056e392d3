using System;
using System.Runtime.Intrinsics;

namespace KernelGen.Encoders;

/// <summary>What was chosen for a vector.</summary>
/// <param name="Entry">The table's entry.</param>
/// <param name="Zero">The place of the zero point in its list.</param>
/// <param name="Flip">The input whose sign is wrong, or -1.</param>
internal readonly record struct VectorChoice(int Entry, int Zero, int Flip);

/// <summary>
/// The best entries, zero points and wrong signs of a group at a scale. Where signs have parity and are odd, one vector pays for the sign that costs least: the entry and the
/// sign are chosen together.
/// </summary>
/// <param name="plan">The format.</param>
/// <param name="sums">The weighed vectors.</param>
internal sealed class VectorChoices(SearchPlan plan, VectorSums sums)
{
    /// <summary>The least errors of a group at four scales, less Σwx².</summary>
    /// <param name="lane">The group.</param>
    /// <param name="scales">The scales.</param>
    /// <returns>The errors.</returns>
    public Vector256<double> Errors(int lane, Vector128<float> scales)
    {
        Vector256<double> sum = Vector256<double>.Zero;
        if (plan.Zero is { } zero)
        {
            int together = zero.Per / sums.Length;
            for (int c = 0; c < sums.PerGroup; c += together)
            {
                Vector256<double> least = Vector256.Create(double.PositiveInfinity);
                foreach (float z in zero.Numbers)
                {
                    least = Vector256.Min(least, OfZero(lane, c, together, scales, z));
                }

                sum += least;
            }
        }
        else
        {
            int signed = SignedTogether;
            for (int c = 0; c < sums.PerGroup; c += signed)
            {
                bool flips = sums.HasParity && sums.IsOdd(lane, c, signed);
                Vector256<double> flip = Vector256.Create(double.PositiveInfinity);
                for (int i = c; i < c + signed; i++)
                {
                    Vector256<double> error = Wide(sums.Least(lane, i, scales, 0, false));
                    sum += error;
                    flip = flips ? Vector256.Min(flip, Wide(sums.Least(lane, i, scales, 0, true)) - error) : flip;
                }

                sum += flips ? flip : Vector256<double>.Zero;
            }
        }

        return sum * Wide(scales);
    }

    /// <summary>Chooses at one scale.</summary>
    /// <param name="lane">The group.</param>
    /// <param name="scale">The scale.</param>
    /// <param name="choices">Gets the choices of the group's vectors.</param>
    /// <returns>Σwxg and Σwg² of what was chosen, signs and zero points included.</returns>
    public (double Products, double Squares) Choose(int lane, float scale, Span<VectorChoice> choices)
    {
        Vector128<float> scales = Vector128.Create(scale);
        double products = 0, squares = 0;
        int together = plan.Zero is { } zero ? zero.Per / sums.Length : SignedTogether;
        for (int c = 0; c < sums.PerGroup; c += together)
        {
            int place = plan.Zero is null ? 0 : BestZero(lane, c, together, scales), flipped = plan.Zero is null ? Flipped(lane, c, together, scales) : -1;
            float z = plan.Zero?.Numbers[place] ?? 0;
            for (int i = c; i < c + together; i++)
            {
                int entry = sums.Entry(lane, i, scale, z, i == flipped);
                choices[i] = new VectorChoice(entry, place, i == flipped ? sums.Cheapest(lane, i, entry) : -1);
                (double product, double square) = sums.Of(lane, i, entry, z, i == flipped);
                products += product;
                squares += square;
            }
        }

        return (products, squares);
    }

    private int SignedTogether => plan.Signs is { } signs ? signs.Per / sums.Length : 1;

    private static Vector256<double> Wide(Vector128<float> four) => Vector256.Create(Vector128.WidenLower(four), Vector128.WidenUpper(four));

    private Vector256<double> OfZero(int lane, int first, int count, Vector128<float> scales, float z)
    {
        Vector256<double> error = Vector256<double>.Zero;
        for (int i = first; i < first + count; i++)
        {
            error += Wide(sums.Least(lane, i, scales, z, false)) + Wide(sums.Shift(lane, i, scales, z));
        }

        return error;
    }

    private int BestZero(int lane, int first, int count, Vector128<float> scales)
    {
        double least = double.PositiveInfinity;
        int best = 0;
        for (int place = 0; place < plan.Zero!.Numbers.Count; place++)
        {
            double error = OfZero(lane, first, count, scales, plan.Zero.Numbers[place])[0];
            if (error < least)
            {
                (least, best) = (error, place);
            }
        }

        return best;
    }

    /// <summary>The vector whose sign is wrong, or -1 where none need be.</summary>
    private int Flipped(int lane, int first, int count, Vector128<float> scales)
    {
        int flipped = -1;
        double least = double.PositiveInfinity;
        for (int i = first; sums.HasParity && sums.IsOdd(lane, first, count) && i < first + count; i++)
        {
            double error = (double)sums.Least(lane, i, scales, 0, true)[0] - sums.Least(lane, i, scales, 0, false)[0];
            if (error < least)
            {
                (least, flipped) = (error, i);
            }
        }

        return flipped;
    }
}

using System;
using System.Runtime.Intrinsics;

namespace KernelGen.Encoders;

/// <summary>
/// A codebook of vectors, number by number: all entries' first numbers, then all their second ones, so that eight entries are weighed at once.
/// Entries are padded to eights with copies of the first.
/// </summary>
internal sealed unsafe class VectorTable : IDisposable
{
    private readonly NativeBuffer _numbers;

    /// <summary>Copies a table.</summary>
    /// <param name="codes">Codes that are vectors.</param>
    public VectorTable(CodeNumbers codes)
    {
        Length = codes.Length;
        Entries = codes.Entries;
        Stride = (Entries + Vector256<float>.Count - 1) / Vector256<float>.Count * Vector256<float>.Count;
        _numbers = new NativeBuffer((long)Length * Stride * sizeof(float));
        float* to = (float*)_numbers.Pointer;
        for (int j = 0; j < Length; j++)
        {
            for (int q = 0; q < Stride; q++)
            {
                to[(j * Stride) + q] = codes.Numbers[codes.Vectors[((q < Entries ? q : 0) * Length) + j]];
                Largest = Math.Max(Largest, Math.Abs(to[(j * Stride) + q]));
            }
        }
    }

    /// <summary>Numbers of an entry.</summary>
    public int Length { get; }

    /// <summary>Entries.</summary>
    public int Entries { get; }

    /// <summary>From one number of an entry to the next.</summary>
    public int Stride { get; }

    /// <summary>The largest magnitude of all numbers.</summary>
    public float Largest { get; }

    /// <summary>The number of an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="j">Which of its numbers.</param>
    /// <returns>The number.</returns>
    public float Number(int entry, int j) => ((float*)_numbers.Pointer)[(j * Stride) + entry];

    /// <summary>The parts of every entry's weighted error for one vector of weights.</summary>
    /// <param name="wx">Products of weights and weights of errors.</param>
    /// <param name="w">Weights of errors.</param>
    /// <param name="products">Gets -2Σwxg.</param>
    /// <param name="squares">Gets Σwg².</param>
    /// <param name="third">Gets what <paramref name="kind"/> says, times -2.</param>
    /// <param name="kind">What else is needed.</param>
    public void Weigh(float* wx, float* w, float* products, float* squares, float* third, ThirdSum kind)
    {
        float* numbers = (float*)_numbers.Pointer;
        for (int q = 0; q < Stride; q += Vector256<float>.Count)
        {
            Vector256<float> product = Vector256<float>.Zero, square = product, sum = product, least = Vector256.Create(float.PositiveInfinity);
            float* at = numbers + q;
            for (int j = 0; j < Length; j++, at += Stride)
            {
                Vector256<float> g = Vector256.Load(at), wg = g * w[j];
                square = Vector256.FusedMultiplyAdd(wg, g, square);
                if (kind == ThirdSum.Flipped)
                {
                    Vector256<float> wxg = g * wx[j];
                    product += wxg;
                    least = Vector256.MinNative(least, wxg);
                }
                else
                {
                    product = Vector256.FusedMultiplyAdd(g, Vector256.Create(wx[j]), product);
                    sum += wg;
                }
            }

            (product * -2).Store(products + q);
            square.Store(squares + q);
            if (kind == ThirdSum.Flipped)
            {
                // Where one sign must be wrong it is that of the least product, which then counts against the entry.
                ((product - (2 * least)) * -2).Store(third + q);
            }
            else if (kind == ThirdSum.Numbers)
            {
                (sum * -2).Store(third + q);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _numbers.Dispose();
}

/// <summary>What a search needs of every entry beside Σwxg and Σwg².</summary>
internal enum ThirdSum
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Σwxg with the best sign wrong: signs have parity.</summary>
    Flipped,

    /// <summary>Σwg: there are zero points.</summary>
    Numbers,
}

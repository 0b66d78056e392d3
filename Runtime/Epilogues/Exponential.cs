using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Epilogues;

/// <summary>
/// exp and what is made from it, in f32 operations that are each rounded once and never fused: the same bits in every vector
/// width and on every target.
/// </summary>
/// <remarks>
/// <para>
/// exp(x): n = round(x · log2 e), r = x − n · ln 2 with ln 2 in two parts, exp(r) ≈ 1 + r + r² · P(r) with the fifth-degree P of
/// the Cephes library, times 2ⁿ in two factors, so that results overflow to infinity and underflow through the denormals.
/// </para>
/// <para>
/// silu(x) = x / (1 + exp(−x)) by these operations. Where exp(−x) overflows, from x = −88.73 down, it is −0, at most 2.7e-37 from
/// the truth. silu(+∞) = +∞; silu(−∞) is NaN as in the formula.
/// </para>
/// </remarks>
public static class Exponential
{
    // 1.5 · 2^23: adding it leaves the number rounded to an integer, to even, in the low bits.
    private const float Rounder = 12582912f;
    private const int RounderBits = 0x4B400000;
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    // Beyond these the result is infinite, and zero.
    private const float Greatest = 90f;
    private const float Least = -105f;

    /// <summary>e to the power of every element; the error is at most one unit in the last place of results that are not denormal (all floats were tried).</summary>
    /// <param name="x">Exponents.</param>
    /// <returns>exp(x).</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Exp(Vector<float> x)
    {
        Vector<float> greatest = new(Greatest);
        Vector<float> least = new(Least);
        x = Vector.ConditionalSelect(Vector.GreaterThan(x, greatest), greatest, x);
        x = Vector.ConditionalSelect(Vector.LessThan(x, least), least, x);

        Vector<float> shifted = (x * new Vector<float>(Log2E)) + new Vector<float>(Rounder);
        Vector<float> n = shifted - new Vector<float>(Rounder);
        Vector<float> r = x - (n * new Vector<float>(Ln2High));
        r -= n * new Vector<float>(Ln2Low);

        Vector<float> p = new(1.9875691500e-4f);
        p = (p * r) + new Vector<float>(1.3981999507e-3f);
        p = (p * r) + new Vector<float>(8.3334519073e-3f);
        p = (p * r) + new Vector<float>(4.1665795894e-2f);
        p = (p * r) + new Vector<float>(1.6666665459e-1f);
        p = (p * r) + new Vector<float>(5.0000001201e-1f);
        p = (p * (r * r)) + r + Vector<float>.One;

        // 2^n may be too great or too small for a float where the result is not.
        Vector<int> power = shifted.As<float, int>() - new Vector<int>(RounderBits);
        Vector<int> half = power >> 1;
        return p * PowerOfTwo(half) * PowerOfTwo(power - half);
    }

    /// <summary>The sigmoid linear unit of every element, x / (1 + exp(−x)); the error is at most 2.5 units in the last place from −87 up (all floats were tried).</summary>
    /// <param name="x">The elements.</param>
    /// <returns>silu(x).</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Silu(Vector<float> x) => x / (Vector<float>.One + Exp(-x));

    /// <summary>The sigmoid linear unit of one number, with the bits of the vectors.</summary>
    /// <param name="x">The number.</param>
    /// <returns>silu(x).</returns>
    public static float Silu(float x) => Silu(new Vector<float>(x)).ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> PowerOfTwo(Vector<int> n) => ((n + new Vector<int>(127)) << 23).As<int, float>();
}

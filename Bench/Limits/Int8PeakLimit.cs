using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KernelGen.Bench.Limits;

/// <summary>
/// The peak of 8-bit products with AVX2, registers only: <see cref="Depth"/> times <c>vpmaddubsw</c> and <c>vpaddw</c> for one
/// <c>vpmaddwd</c> with ones and one <c>vpaddd</c>.
/// </summary>
/// <remarks>
/// <para>A kernel whose codes allow a depth is held against the peak of that depth: 8 for 4-bit codes in groups of 32, 4 for 5-bit codes
/// or groups of 16, 2 for 6-bit codes, 1 for 8-bit codes.</para>
/// <para>A step multiplies each of four registers by each of them, sixteen products in all, so that the compiler can share none, and then
/// changes the four, so that it can hoist none. That is one addition for four products; at a depth of 4 it stands for the addition that the
/// first product of a sum does not need. Nothing but the int32 totals and the four registers goes from one step to the next.</para>
/// </remarks>
public sealed class Int8PeakLimit : MachineLimit
{
    private const int Products = 16;
    private const int Calls = 2000;

    private readonly int _steps;
    private int _sink;

    /// <summary>Creates the limit; <paramref name="depth"/> is 1, 2, 4 or 8.</summary>
    internal Int8PeakLimit(ThreadTeam team, int depth)
        : base($"int8 peak {depth}:1", "GFLOP/s", team)
    {
        if (depth is not (1 or 2 or 4 or 8))
        {
            throw new ArgumentOutOfRangeException(nameof(depth), depth, "1, 2, 4 or 8.");
        }

        Depth = depth;
        _steps = depth == 1 ? 1200 : 2000;
    }

    /// <summary>The number of <c>vpmaddubsw</c> products for one <c>vpmaddwd</c>.</summary>
    public int Depth { get; }

    /// <inheritdoc/>
    public override bool IsSupported => Avx2.IsSupported;

    private protected override double Work => (double)Calls * _steps * Products * 32 * 2 * Threads;

    private protected override void Run(int thread)
    {
        int sum = 0;
        for (int i = 0; i < Calls; i++)
        {
            sum += Depth switch
            {
                1 => Depth1(_steps, i),
                2 => Depth2(_steps, i),
                4 => Depth4(_steps, i),
                _ => Depth8(_steps, i),
            };
        }

        _sink = sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Depth1(int steps, int seed)
    {
        Vector256<short> one = Vector256.Create((short)1), w = Vector256.Create((short)seed), x = w + one, y = x + one, z = y + one;
        Vector256<int> a = Vector256<int>.Zero, b = a, c = a, d = a;
        for (; steps > 0; steps--)
        {
            a = Widen(a, Product(w, w), one);
            b = Widen(b, Product(x, x), one);
            c = Widen(c, Product(y, y), one);
            d = Widen(d, Product(z, z), one);
            a = Widen(a, Product(w, x), one);
            b = Widen(b, Product(x, y), one);
            c = Widen(c, Product(y, z), one);
            d = Widen(d, Product(z, w), one);
            a = Widen(a, Product(w, y), one);
            b = Widen(b, Product(x, z), one);
            c = Widen(c, Product(y, w), one);
            d = Widen(d, Product(z, x), one);
            a = Widen(a, Product(w, z), one);
            b = Widen(b, Product(x, w), one);
            c = Widen(c, Product(y, x), one);
            d = Widen(d, Product(z, y), one);
            w = Avx2.Add(w, one);
            x = Avx2.Add(x, one);
            y = Avx2.Add(y, one);
            z = Avx2.Add(z, one);
        }

        return Vector256.Sum(a + b + c + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Depth2(int steps, int seed)
    {
        Vector256<short> one = Vector256.Create((short)1), w = Vector256.Create((short)seed), x = w + one, y = x + one, z = y + one;
        Vector256<int> a = Vector256<int>.Zero, b = a, c = a, d = a;
        for (; steps > 0; steps--)
        {
            a = Widen(a, Avx2.Add(Product(w, w), Product(x, x)), one);
            b = Widen(b, Avx2.Add(Product(y, y), Product(z, z)), one);
            c = Widen(c, Avx2.Add(Product(w, x), Product(x, y)), one);
            d = Widen(d, Avx2.Add(Product(y, z), Product(z, w)), one);
            a = Widen(a, Avx2.Add(Product(w, y), Product(x, z)), one);
            b = Widen(b, Avx2.Add(Product(y, w), Product(z, x)), one);
            c = Widen(c, Avx2.Add(Product(w, z), Product(x, w)), one);
            d = Widen(d, Avx2.Add(Product(y, x), Product(z, y)), one);
            w = Avx2.Add(w, one);
            x = Avx2.Add(x, one);
            y = Avx2.Add(y, one);
            z = Avx2.Add(z, one);
        }

        return Vector256.Sum(a + b + c + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Depth4(int steps, int seed)
    {
        Vector256<short> one = Vector256.Create((short)1), w = Vector256.Create((short)seed), x = w + one, y = x + one, z = y + one;
        Vector256<int> a = Vector256<int>.Zero, b = a, c = a, d = a;
        for (; steps > 0; steps--)
        {
            a = Widen(a, Sum(w, w, x, x, y, y, z, z), one);
            b = Widen(b, Sum(w, x, x, y, y, z, z, w), one);
            c = Widen(c, Sum(w, y, x, z, y, w, z, x), one);
            d = Widen(d, Sum(w, z, x, w, y, x, z, y), one);
            w = Avx2.Add(w, one);
            x = Avx2.Add(x, one);
            y = Avx2.Add(y, one);
            z = Avx2.Add(z, one);
        }

        return Vector256.Sum(a + b + c + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Depth8(int steps, int seed)
    {
        Vector256<short> one = Vector256.Create((short)1), w = Vector256.Create((short)seed), x = w + one, y = x + one, z = y + one;
        Vector256<int> a = Vector256<int>.Zero, b = a, c = a, d = a;
        for (; steps > 0; steps--)
        {
            a = Widen(
                a,
                Sum(Sum(w, w, x, x, y, y, z, z), w, x, x, y, y, z, z, w),
                one);
            b = Widen(
                b,
                Sum(Sum(w, y, x, z, y, w, z, x), w, z, x, w, y, x, z, y),
                one);
            w = Avx2.Add(w, one);
            x = Avx2.Add(x, one);
            y = Avx2.Add(y, one);
            z = Avx2.Add(z, one);
        }

        return Vector256.Sum(a + b + c + d);
    }

    /// <summary>16 sums of two products of bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Product(Vector256<short> weights, Vector256<short> activations) =>
        Avx2.MultiplyAddAdjacent(weights.AsByte(), activations.AsSByte());

    /// <summary>Four products summed in int16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Sum(
        Vector256<short> a, Vector256<short> b, Vector256<short> c, Vector256<short> d, Vector256<short> e, Vector256<short> f, Vector256<short> g, Vector256<short> h) =>
        Avx2.Add(Avx2.Add(Avx2.Add(Product(a, b), Product(c, d)), Product(e, f)), Product(g, h));

    /// <summary>The same, added to a sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Sum(
        Vector256<short> sum,
        Vector256<short> a, Vector256<short> b, Vector256<short> c, Vector256<short> d, Vector256<short> e, Vector256<short> f, Vector256<short> g, Vector256<short> h) =>
        Avx2.Add(Avx2.Add(Avx2.Add(Avx2.Add(sum, Product(a, b)), Product(c, d)), Product(e, f)), Product(g, h));

    /// <summary>Widens a sum to int32 and adds it to a total.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Widen(Vector256<int> total, Vector256<short> sum, Vector256<short> one) =>
        Avx2.Add(total, Avx2.MultiplyAddAdjacent(sum, one));
}

using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KernelGen.Bench.Limits;

/// <summary>
/// The peak of 8-bit products with AVX2, registers only: <c>vpmaddubsw</c> products summed <see cref="Depth"/> deep in int16, then
/// one <c>vpmaddwd</c> with ones and one addition in int32.
/// </summary>
/// <remarks>
/// A kernel whose codes allow a depth is held against the peak of that depth: 8 for 4-bit codes in groups of 32, 4 for 5-bit codes
/// or groups of 16, 2 for 6-bit codes, 1 for 8-bit codes.
/// </remarks>
public sealed class Int8PeakLimit : MachineLimit
{
    private const int Chains = 10;
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
        _steps = 4000 / depth;
    }

    /// <summary>The number of <c>vpmaddubsw</c> products for one <c>vpmaddwd</c>.</summary>
    public int Depth { get; }

    /// <inheritdoc/>
    public override bool IsSupported => Avx2.IsSupported;

    private protected override double Work => (double)Calls * _steps * Depth * Chains * 32 * 2 * Threads;

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
        Vector256<byte> w = Vector256.Create((byte)3);
        Vector256<short> one = Vector256.Create((short)1), s0 = Vector256.Create((short)seed);
        Vector256<short> s1 = s0 + one, s2 = s1 + one, s3 = s2 + one, s4 = s3 + one;
        Vector256<short> s5 = s4 + one, s6 = s5 + one, s7 = s6 + one, s8 = s7 + one, s9 = s8 + one;
        Vector256<int> a = Vector256<int>.Zero, b = a;
        for (; steps > 0; steps--)
        {
            First(w, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9);
            a = Widen(a, one, s0, s2, s4, s6, s8);
            b = Widen(b, one, s1, s3, s5, s7, s9);
        }

        return Vector256.Sum(a + b);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Depth2(int steps, int seed)
    {
        Vector256<byte> w = Vector256.Create((byte)3);
        Vector256<short> one = Vector256.Create((short)1), s0 = Vector256.Create((short)seed);
        Vector256<short> s1 = s0 + one, s2 = s1 + one, s3 = s2 + one, s4 = s3 + one;
        Vector256<short> s5 = s4 + one, s6 = s5 + one, s7 = s6 + one, s8 = s7 + one, s9 = s8 + one;
        Vector256<int> a = Vector256<int>.Zero, b = a;
        for (; steps > 0; steps--)
        {
            First(w, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9);
            Next(w, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9);
            a = Widen(a, one, s0, s2, s4, s6, s8);
            b = Widen(b, one, s1, s3, s5, s7, s9);
        }

        return Vector256.Sum(a + b);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Depth4(int steps, int seed)
    {
        Vector256<byte> w = Vector256.Create((byte)3);
        Vector256<short> one = Vector256.Create((short)1), s0 = Vector256.Create((short)seed);
        Vector256<short> s1 = s0 + one, s2 = s1 + one, s3 = s2 + one, s4 = s3 + one;
        Vector256<short> s5 = s4 + one, s6 = s5 + one, s7 = s6 + one, s8 = s7 + one, s9 = s8 + one;
        Vector256<int> a = Vector256<int>.Zero, b = a;
        for (; steps > 0; steps--)
        {
            First(w, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9);
            Next(w, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9);
            Next(w, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9);
            Next(w, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9);
            a = Widen(a, one, s0, s2, s4, s6, s8);
            b = Widen(b, one, s1, s3, s5, s7, s9);
        }

        return Vector256.Sum(a + b);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Depth8(int steps, int seed)
    {
        Vector256<byte> w = Vector256.Create((byte)3);
        Vector256<short> one = Vector256.Create((short)1), s0 = Vector256.Create((short)seed);
        Vector256<short> s1 = s0 + one, s2 = s1 + one, s3 = s2 + one, s4 = s3 + one;
        Vector256<short> s5 = s4 + one, s6 = s5 + one, s7 = s6 + one, s8 = s7 + one, s9 = s8 + one;
        Vector256<int> a = Vector256<int>.Zero, b = a;
        for (; steps > 0; steps--)
        {
            First(w, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9);
            Next(w, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9);
            Next(w, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9);
            Next(w, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9);
            Next(w, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9);
            Next(w, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9);
            Next(w, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9);
            Next(w, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7, ref s8, ref s9);
            a = Widen(a, one, s0, s2, s4, s6, s8);
            b = Widen(b, one, s1, s3, s5, s7, s9);
        }

        return Vector256.Sum(a + b);
    }

    /// <summary>Starts each sum with one product; a neighbour is the other factor, so that no product is known in advance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void First(
        Vector256<byte> w,
        ref Vector256<short> s0, ref Vector256<short> s1, ref Vector256<short> s2, ref Vector256<short> s3, ref Vector256<short> s4,
        ref Vector256<short> s5, ref Vector256<short> s6, ref Vector256<short> s7, ref Vector256<short> s8, ref Vector256<short> s9)
    {
        s0 = Avx2.MultiplyAddAdjacent(w, s1.AsSByte());
        s1 = Avx2.MultiplyAddAdjacent(w, s2.AsSByte());
        s2 = Avx2.MultiplyAddAdjacent(w, s3.AsSByte());
        s3 = Avx2.MultiplyAddAdjacent(w, s4.AsSByte());
        s4 = Avx2.MultiplyAddAdjacent(w, s5.AsSByte());
        s5 = Avx2.MultiplyAddAdjacent(w, s6.AsSByte());
        s6 = Avx2.MultiplyAddAdjacent(w, s7.AsSByte());
        s7 = Avx2.MultiplyAddAdjacent(w, s8.AsSByte());
        s8 = Avx2.MultiplyAddAdjacent(w, s9.AsSByte());
        s9 = Avx2.MultiplyAddAdjacent(w, s0.AsSByte());
    }

    /// <summary>Adds one product to each sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Next(
        Vector256<byte> w,
        ref Vector256<short> s0, ref Vector256<short> s1, ref Vector256<short> s2, ref Vector256<short> s3, ref Vector256<short> s4,
        ref Vector256<short> s5, ref Vector256<short> s6, ref Vector256<short> s7, ref Vector256<short> s8, ref Vector256<short> s9)
    {
        s0 = Avx2.Add(s0, Avx2.MultiplyAddAdjacent(w, s1.AsSByte()));
        s1 = Avx2.Add(s1, Avx2.MultiplyAddAdjacent(w, s2.AsSByte()));
        s2 = Avx2.Add(s2, Avx2.MultiplyAddAdjacent(w, s3.AsSByte()));
        s3 = Avx2.Add(s3, Avx2.MultiplyAddAdjacent(w, s4.AsSByte()));
        s4 = Avx2.Add(s4, Avx2.MultiplyAddAdjacent(w, s5.AsSByte()));
        s5 = Avx2.Add(s5, Avx2.MultiplyAddAdjacent(w, s6.AsSByte()));
        s6 = Avx2.Add(s6, Avx2.MultiplyAddAdjacent(w, s7.AsSByte()));
        s7 = Avx2.Add(s7, Avx2.MultiplyAddAdjacent(w, s8.AsSByte()));
        s8 = Avx2.Add(s8, Avx2.MultiplyAddAdjacent(w, s9.AsSByte()));
        s9 = Avx2.Add(s9, Avx2.MultiplyAddAdjacent(w, s0.AsSByte()));
    }

    /// <summary>Widens five sums to int32 and adds them up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Widen(
        Vector256<int> total,
        Vector256<short> one,
        Vector256<short> a,
        Vector256<short> b,
        Vector256<short> c,
        Vector256<short> d,
        Vector256<short> e)
    {
        total = Avx2.Add(total, Avx2.MultiplyAddAdjacent(a, one));
        total = Avx2.Add(total, Avx2.MultiplyAddAdjacent(b, one));
        total = Avx2.Add(total, Avx2.MultiplyAddAdjacent(c, one));
        total = Avx2.Add(total, Avx2.MultiplyAddAdjacent(d, one));
        return Avx2.Add(total, Avx2.MultiplyAddAdjacent(e, one));
    }
}

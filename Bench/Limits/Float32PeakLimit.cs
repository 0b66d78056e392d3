using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KernelGen.Bench.Limits;

/// <summary>
/// The peak of f32 fused multiply-add, registers only: in vectors of 256 bits (128 where there is no FMA class), or of 512, which a kernel
/// for AVX-512 is held against.
/// </summary>
public sealed class Float32PeakLimit : MachineLimit
{
    private const int Chains = 10;
    private const int Steps = 4000;
    private const int Calls = 2000;

    private float _sink;

    private readonly bool _wide;

    /// <summary>Creates the limit, of 512 bits if <paramref name="wide"/>.</summary>
    internal Float32PeakLimit(ThreadTeam team, bool wide)
        : base(wide ? "f32 FMA peak 512" : "f32 FMA peak", "GFLOP/s", team) => _wide = wide;

    /// <inheritdoc/>
    public override bool IsSupported => !_wide || Avx512F.IsSupported;

    private protected override double Work =>
        (double)Calls * Steps * Chains * (_wide ? 16 : Fma.IsSupported ? 8 : 4) * 2 * Threads;

    private protected override void Run(int thread)
    {
        float sum = 0;
        for (int i = 0; i < Calls; i++)
        {
            sum += _wide ? Run512(Steps, 0.5f) : Fma.IsSupported ? Run256(Steps, 0.5f) : Run128(Steps, 0.5f);
        }

        _sink = sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Run512(int steps, float factor)
    {
        Vector512<float> x = Vector512.Create(factor), y = x;
        Vector512<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x;
        for (; steps > 0; steps--)
        {
            a = Avx512F.FusedMultiplyAdd(a, x, y);
            b = Avx512F.FusedMultiplyAdd(b, x, y);
            c = Avx512F.FusedMultiplyAdd(c, x, y);
            d = Avx512F.FusedMultiplyAdd(d, x, y);
            e = Avx512F.FusedMultiplyAdd(e, x, y);
            f = Avx512F.FusedMultiplyAdd(f, x, y);
            g = Avx512F.FusedMultiplyAdd(g, x, y);
            h = Avx512F.FusedMultiplyAdd(h, x, y);
            i = Avx512F.FusedMultiplyAdd(i, x, y);
            j = Avx512F.FusedMultiplyAdd(j, x, y);
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Run256(int steps, float factor)
    {
        Vector256<float> x = Vector256.Create(factor), y = x;
        Vector256<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x;
        for (; steps > 0; steps--)
        {
            a = Fma.MultiplyAdd(a, x, y);
            b = Fma.MultiplyAdd(b, x, y);
            c = Fma.MultiplyAdd(c, x, y);
            d = Fma.MultiplyAdd(d, x, y);
            e = Fma.MultiplyAdd(e, x, y);
            f = Fma.MultiplyAdd(f, x, y);
            g = Fma.MultiplyAdd(g, x, y);
            h = Fma.MultiplyAdd(h, x, y);
            i = Fma.MultiplyAdd(i, x, y);
            j = Fma.MultiplyAdd(j, x, y);
        }

        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Run128(int steps, float factor)
    {
        Vector128<float> x = Vector128.Create(factor), y = x;
        Vector128<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x;
        for (; steps > 0; steps--)
        {
            a = Vector128.MultiplyAddEstimate(a, x, y);
            b = Vector128.MultiplyAddEstimate(b, x, y);
            c = Vector128.MultiplyAddEstimate(c, x, y);
            d = Vector128.MultiplyAddEstimate(d, x, y);
            e = Vector128.MultiplyAddEstimate(e, x, y);
            f = Vector128.MultiplyAddEstimate(f, x, y);
            g = Vector128.MultiplyAddEstimate(g, x, y);
            h = Vector128.MultiplyAddEstimate(h, x, y);
            i = Vector128.MultiplyAddEstimate(i, x, y);
            j = Vector128.MultiplyAddEstimate(j, x, y);
        }

        return Vector128.Sum(a + b + c + d + e + f + g + h + i + j);
    }
}

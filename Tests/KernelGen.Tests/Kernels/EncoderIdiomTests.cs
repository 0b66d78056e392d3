using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using KernelGen.Formats;
using KernelGen.Probes;
using Xunit;

namespace KernelGen.Tests.Kernels;

/// <summary>The conversions that the emitted encoders do themselves, against the runtime's.</summary>
public class EncoderIdiomTests
{
    private static readonly Func<float, uint> s_half = Idiom<Func<float, uint>>("Half");
    private static readonly Func<float, int> s_floor = Idiom<Func<float, int>>("FloorLog2");
    private static readonly Func<float, int> s_ceiling = Idiom<Func<float, int>>("CeilingLog2");

    public static TheoryData<KernelTarget> Targets => [.. F16.Descriptor.Kernels.Select(static k => k.Target).Where(TargetSelection.IsSupported)];

    [Fact]
    public void HalvesAreRoundedAsTheRuntimeRoundsThem()
    {
        Assert.All(NearHalves(), value => Assert.Equal(BitConverter.HalfToUInt16Bits((Half)value), s_half(value)));
        Assert.True(Half.IsNaN(BitConverter.UInt16BitsToHalf((ushort)s_half(float.NaN))));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public unsafe void RowsOfHalvesAreRoundedLikewise(KernelTarget target)
    {
        float[] values = [.. NearHalves(), float.NaN, -float.NaN, BitConverter.UInt32BitsToSingle(0x7F800001), BitConverter.UInt32BitsToSingle(0xFFFFFFFF)];
        ushort[] halves = new ushort[values.Length];
        fixed (float* x = values)
        {
            fixed (ushort* row = halves)
            {
                F16.Descriptor.Kernels.Single(k => k.Target == target).QuantizeRow(x, values.Length, (byte*)row, null, null);
            }
        }

        Assert.Equal(values.Select(static value => (ushort)s_half(value)), halves);
    }

    /// <summary>Every half, the midpoint to the next, and the f32 on either side of both; numbers beyond.</summary>
    private static IEnumerable<float> NearHalves()
    {
        for (int bits = 0; bits < 0x7C00; bits++)
        {
            float half = (float)BitConverter.UInt16BitsToHalf((ushort)bits);
            float next = bits == 0x7BFF ? 65536 : (float)BitConverter.UInt16BitsToHalf((ushort)(bits + 1));
            foreach (float value in (float[])[half, (half + next) / 2])
            {
                foreach (float near in (float[])[value, MathF.BitIncrement(value), MathF.BitDecrement(value)])
                {
                    yield return near;
                    yield return -near;
                }
            }
        }

        foreach (float value in (float[])[65519.996f, 65520, 1e30f, float.MaxValue, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -0f])
        {
            yield return value;
        }
    }

    /// <summary>Every power of two, subnormals included, and its neighbours.</summary>
    [Fact]
    public void LogarithmsAreExact()
    {
        for (int exponent = -149; exponent < 128; exponent++)
        {
            float power = MathF.ScaleB(1, exponent);
            Assert.Equal(exponent, s_floor(power));
            Assert.Equal(exponent, s_ceiling(power));
            float above = MathF.BitIncrement(power);
            Assert.Equal(Math.ILogB(above), s_floor(above));
            Assert.Equal(exponent + 1, s_ceiling(above));
            if (exponent > -149)
            {
                float below = MathF.BitDecrement(power);
                Assert.Equal(exponent - 1, s_floor(below));
                Assert.Equal(exponent - (exponent == -148 ? 1 : 0), s_ceiling(below));
            }
        }
    }

    private static T Idiom<T>(string name)
        where T : Delegate => typeof(ProbeCatalogue).Assembly
            .GetType("KernelGen.Generated.EncoderIdioms", throwOnError: true)!
            .GetMethod(name, BindingFlags.Public | BindingFlags.Static)!
            .CreateDelegate<T>();
}

using System;
using System.Reflection;
using KernelGen.Probes;
using Xunit;

namespace KernelGen.Tests.Kernels;

/// <summary>The conversions that the emitted encoders do themselves, against the runtime's.</summary>
public class EncoderIdiomTests
{
    private static readonly Func<float, uint> s_half = Idiom<Func<float, uint>>("Half");
    private static readonly Func<float, int> s_floor = Idiom<Func<float, int>>("FloorLog2");
    private static readonly Func<float, int> s_ceiling = Idiom<Func<float, int>>("CeilingLog2");

    /// <summary>Every half, the midpoint to the next, and the f32 on either side of both.</summary>
    [Fact]
    public void HalvesAreRoundedAsTheRuntimeRoundsThem()
    {
        for (int bits = 0; bits < 0x7C00; bits++)
        {
            float half = (float)BitConverter.UInt16BitsToHalf((ushort)bits);
            float next = bits == 0x7BFF ? 65536 : (float)BitConverter.UInt16BitsToHalf((ushort)(bits + 1));
            foreach (float value in (float[])[half, (half + next) / 2])
            {
                foreach (float near in (float[])[value, MathF.BitIncrement(value), MathF.BitDecrement(value)])
                {
                    Assert.Equal(BitConverter.HalfToUInt16Bits((Half)near), s_half(near));
                    Assert.Equal(BitConverter.HalfToUInt16Bits((Half)(-near)), s_half(-near));
                }
            }
        }

        Assert.All((float[])[65519.996f, 65520, 1e30f, float.MaxValue, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -0f],
            value => Assert.Equal(BitConverter.HalfToUInt16Bits((Half)value), s_half(value)));
        Assert.True(Half.IsNaN(BitConverter.UInt16BitsToHalf((ushort)s_half(float.NaN))));
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

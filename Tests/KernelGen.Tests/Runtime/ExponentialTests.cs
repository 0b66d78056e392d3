using System;
using System.Numerics;
using KernelGen.Epilogues;
using Xunit;

namespace KernelGen.Tests.Runtime;

public sealed class ExponentialTests
{
    // Every 2039th float: all signs and exponents, infinities and NaN.
    private const uint Step = 2039;

    [Fact]
    public void VectorsHaveTheBitsOfTheDefinition()
    {
        for (ulong bits = 0; bits <= uint.MaxValue; bits += Step)
        {
            float x = BitConverter.UInt32BitsToSingle((uint)bits);
            Same(EpilogueTests.ExpOf(x), Exponential.Exp(new Vector<float>(x)), x);
            Same(EpilogueTests.SiluOf(x), Exponential.Silu(new Vector<float>(x)), x);
            Same(EpilogueTests.SiluOf(x), new Vector<float>(Exponential.Silu(x)), x);
        }

        static void Same(float expected, Vector<float> actual, float x)
        {
            for (int i = 0; i < Vector<float>.Count; i++)
            {
                if (BitConverter.SingleToInt32Bits(actual[i]) != BitConverter.SingleToInt32Bits(expected) && !(float.IsNaN(expected) && float.IsNaN(actual[i])))
                {
                    Assert.Fail($"{x}: {actual[i]}, should be {expected}");
                }
            }
        }
    }

    [Fact]
    public void ErrorsAreWithinTheBoundsStated()
    {
        for (ulong bits = 0; bits <= uint.MaxValue; bits += Step)
        {
            float x = BitConverter.UInt32BitsToSingle((uint)bits);
            if (!float.IsFinite(x))
            {
                continue;
            }

            double exp = Math.Exp(x);
            if (exp is >= 1.1754943508222875e-38 and <= float.MaxValue)
            {
                Within(exp, Exponential.Exp(new Vector<float>(x))[0], 1.0 * Ulp(exp), x);
            }

            double silu = x / (1 + Math.Exp(-(double)x));
            Within(silu, Exponential.Silu(x), x < -87 ? 2.7e-37 : 2.5 * Ulp(silu), x);
        }

        static void Within(double truth, float actual, double bound, float x)
        {
            if (!(Math.Abs(actual - truth) <= bound))
            {
                Assert.Fail($"{x}: {actual}, {Math.Abs(actual - truth)} from {truth}; {bound} is allowed");
            }
        }
    }

    [Fact]
    public void ExtremesAreThoseOfTheFormulas()
    {
        Assert.Equal(float.PositiveInfinity, Exponential.Exp(new Vector<float>(float.PositiveInfinity))[0]);
        Assert.Equal(0, Exponential.Exp(new Vector<float>(float.NegativeInfinity))[0]);
        Assert.Equal(1, Exponential.Exp(Vector<float>.Zero)[0]);
        Assert.Equal(float.PositiveInfinity, Exponential.Silu(float.PositiveInfinity));
        Assert.True(float.IsNaN(Exponential.Silu(float.NegativeInfinity)));
        Assert.True(float.IsNaN(Exponential.Silu(float.NaN)));
        Assert.Equal(0x8000_0000u, BitConverter.SingleToUInt32Bits(Exponential.Silu(-1000)));
    }

    // The distance between floats around a number, that of the denormals at least.
    private static double Ulp(double value) => Math.ScaleB(1, Math.Max(Math.ILogB(value), -126) - 23);
}

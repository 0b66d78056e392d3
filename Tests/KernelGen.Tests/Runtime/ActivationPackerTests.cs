using System;
using KernelGen.Tests.Memory;
using KernelGen.Tests.Oracle;
using Xunit;

namespace KernelGen.Tests.Runtime;

public sealed unsafe class ActivationPackerTests
{
    private const ActivationSums AllSums =
        ActivationSums.Offset | ActivationSums.Rebased | ActivationSums.Integer | ActivationSums.Scaled | ActivationSums.Pairs;

    public static TheoryData<ActivationLayout> Layouts() =>
    [
        new ActivationLayout(32, 32, 32, 0, ActivationSums.None),
        new ActivationLayout(32, 32, 32, 8, ActivationSums.Offset),
        new ActivationLayout(256, 32, 16, -3, AllSums),
        new ActivationLayout(256, 256, 32, 0, ActivationSums.Pairs | ActivationSums.Scaled),
        new ActivationLayout(48, 24, 6, 7, AllSums),
        new ActivationLayout(30, 15, 5, 2, AllSums),
        new ActivationLayout(7, 7, 1, 1, AllSums),
        new ActivationLayout(1, 1, 1, 5, AllSums),
    ];

    [Theory]
    [MemberData(nameof(Layouts))]
    public void VectorsScalarsAndTheDocumentAgree(ActivationLayout layout)
    {
        foreach (int k in (int[])[1, 2, 7, 31, 32, 33, 63, 172, 300, 2880])
        {
            for (int interleave = 1; interleave <= 6; interleave++)
            {
                for (int rows = 0; rows <= interleave; rows++)
                {
                    int stride = k + 5;
                    float[] x = Samples(rows * stride, layout.GroupInputs, k + rows);
                    byte[] vector = Pack(layout, x, stride, rows, interleave, k, scalar: false);
                    byte[] scalar = Pack(layout, x, stride, rows, interleave, k, scalar: true);
                    Assert.Equal(scalar, vector);
                    Assert.Equal(Reference(layout, x, stride, rows, interleave, k), scalar);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void TablesHoldTheSumsOfEverySubsetOfAQuad(ActivationLayout layout)
    {
        foreach (int k in (int[])[1, 33, 300, 2880])
        {
            byte[] packed = Pack(layout, Samples(k, layout.GroupInputs, k), k, 1, 1, k, scalar: true);
            new Random(k).NextBytes(packed.AsSpan(0, 4)); // -128 too
            byte[] expected = OracleActivations.Tables(layout, packed);
            Assert.Equal(expected.Length, ActivationTables.Bytes(layout, k));
            using GuardedMemory source = GuardedMemory.Of<byte>(packed);
            using GuardedMemory tables = GuardedMemory.BeforeGuard(expected.Length);
            tables.Bytes.Fill(0xFF);
            ActivationTables.Write(layout, source.Pointer, k, tables.Pointer);
            Assert.Equal(expected, tables.Bytes.ToArray());
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void NonFiniteGroupHasNanScaleAndZeroCodes(float bad)
    {
        ActivationLayout layout = new(64, 32, 32, 0, ActivationSums.None);
        float[] x = Data.Random(64, 1);
        x[3] = bad;
        byte[] packed = Pack(layout, x, 64, 1, 1, 64, scalar: false);
        Assert.True(float.IsNaN(BitConverter.ToSingle(packed, 32)));
        Assert.All(packed.AsSpan(0, 32).ToArray(), b => Assert.Equal(0, b));
        Assert.True(float.IsFinite(BitConverter.ToSingle(packed, 32 + 36)));
    }

    [Theory]
    [InlineData(0f, true)]
    [InlineData(float.Epsilon, true)]
    [InlineData(1e-38f, true)]
    [InlineData(1.5046325e-36f, true)]
    [InlineData(ActivationPacker.SmallestMagnitude, false)]
    [InlineData(1e-30f, false)]
    [InlineData(float.MaxValue, false)]
    public void TinyGroupsAreZero(float largest, bool zero)
    {
        ActivationLayout layout = new(32, 32, 32, 0, ActivationSums.None);
        float[] x = new float[32];
        x[5] = -largest;
        byte[] packed = Pack(layout, x, 32, 1, 1, 32, scalar: false);
        Assert.Equal(packed, Pack(layout, x, 32, 1, 1, 32, scalar: true));
        Assert.Equal(zero ? 0 : -127, (sbyte)packed[5]);
        float d = BitConverter.ToSingle(packed, 32);
        Assert.Equal(zero ? 0 : largest / 127f, d);
        Assert.True(zero || float.IsNormal(d));
    }

    [Fact]
    public void SmallestMagnitudeIsTheStatedPower() => Assert.Equal(ActivationPacker.SmallestMagnitude, MathF.ScaleB(1, -119));

    [Fact]
    public void Float32RowsAreInterleaved()
    {
        float[] x = Data.Random(3 * 20, 4);
        float[] packed = new float[17 * 4];
        fixed (float* source = x, target = packed)
        {
            ActivationPacker.PackFloat32(source, 20, 3, 4, 17, target);
        }

        for (int i = 0; i < packed.Length; i++)
        {
            Assert.Equal(i % 4 < 3 ? x[(i % 4 * 20) + (i / 4)] : 0, packed[i]);
        }
    }

    [Fact]
    public void BadLayoutsAndNumbersAreRefused()
    {
        float[] x = new float[64];
        Assert.Throws<ArgumentException>(() => Pack(new ActivationLayout(32, 32, 5, 0, 0), x, 32, 1, 1, 32, false));
        Assert.Throws<ArgumentException>(() => Pack(new ActivationLayout(48, 32, 32, 0, 0), x, 32, 1, 1, 32, false));
        Assert.Throws<ArgumentException>(() => Pack(new ActivationLayout(512, 512, 512, 0, ActivationSums.Pairs), x, 32, 1, 1, 32, false));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pack(new ActivationLayout(32, 32, 32, 0, 0), x, 32, 2, 1, 32, false));
    }

    private static byte[] Pack(ActivationLayout layout, float[] x, int stride, int rows, int interleave, int k, bool scalar)
    {
        const int Guard = 64;
        int bytes = (int)ActivationPacker.Int8Bytes(layout, interleave, k);
        byte[] packed = new byte[bytes + (2 * Guard)];
        packed.AsSpan().Fill(0xA5);
        fixed (byte* first = packed)
        fixed (float* source = x)
        {
            if (scalar)
            {
                ActivationPacker.PackInt8Scalar(layout, source, stride, rows, interleave, k, first + Guard);
            }
            else
            {
                ActivationPacker.PackInt8(layout, source, stride, rows, interleave, k, first + Guard);
            }
        }

        Assert.Equal(-1, packed.AsSpan(0, Guard).IndexOfAnyExcept((byte)0xA5));
        Assert.Equal(-1, packed.AsSpan(Guard + bytes).IndexOfAnyExcept((byte)0xA5));
        return packed[Guard..^Guard];
    }

    private static float[] Samples(int count, int groupInputs, int seed)
    {
        float[] x = Data.Random(count, seed);
        for (int i = 0; i < count; i++)
        {
            x[i] = ((i / groupInputs) % 9) switch
            {
                1 => 0,
                2 => x[i] * 1e-37f,
                3 => x[i] * 1e-40f,
                4 => x[i] * 1e38f,
                5 => MathF.Round(x[i] * 8) / 2,
                6 when i % 11 == 0 => float.NaN,
                7 when i % 13 == 0 => float.NegativeInfinity,
                _ => x[i],
            };
        }

        return x;
    }

    /// <summary>The layout's documentation, written down once more.</summary>
    private static byte[] Reference(ActivationLayout layout, float[] x, int stride, int rows, int interleave, int k)
    {
        int segments = layout.GroupInputs / layout.SegmentInputs;
        int groups = (k + layout.BlockInputs - 1) / layout.BlockInputs * layout.BlockInputs / layout.GroupInputs;
        System.IO.MemoryStream stream = new();
        System.IO.BinaryWriter writer = new(stream);
        for (int g = 0; g < groups; g++)
        {
            sbyte[,] q = new sbyte[interleave, layout.GroupInputs];
            float[] d = new float[interleave];
            for (int r = 0; r < rows; r++)
            {
                float largest = 0;
                for (int i = 0; i < layout.GroupInputs && (g * layout.GroupInputs) + i < k; i++)
                {
                    largest = MathF.Max(largest, MathF.Abs(x[(r * stride) + (g * layout.GroupInputs) + i]));
                }

                d[r] = float.IsFinite(largest) ? largest < MathF.ScaleB(1, -119) ? 0 : largest / 127f : float.NaN;
                for (int i = 0; i < layout.GroupInputs && (g * layout.GroupInputs) + i < k && d[r] > 0; i++)
                {
                    q[r, i] = (sbyte)MathF.Round(x[(r * stride) + (g * layout.GroupInputs) + i] * (127f / largest), MidpointRounding.ToEven);
                }
            }

            int[,] sums = new int[segments + 1, interleave];
            for (int s = 0; s < segments; s++)
            {
                for (int first = 0; first < layout.SegmentInputs; first += 4)
                {
                    for (int r = 0; r < interleave; r++)
                    {
                        for (int i = first; i < first + 4; i++)
                        {
                            sbyte code = i < layout.SegmentInputs ? q[r, (s * layout.SegmentInputs) + i] : (sbyte)0;
                            sums[s, r] += code;
                            writer.Write(code);
                        }
                    }
                }
            }

            Array.ForEach(d, writer.Write);
            Each(ActivationSums.Offset, segments, (s, r) => writer.Write(layout.Offset * sums[s, r]));
            Each(ActivationSums.Rebased, segments, (s, r) => writer.Write((layout.Offset - 128) * sums[s, r]));
            Each(ActivationSums.Integer, segments, (s, r) => writer.Write(sums[s, r]));
            Each(ActivationSums.Scaled, segments, (s, r) => writer.Write(d[r] * sums[s, r]));
            Each(ActivationSums.Pairs, (segments + 1) / 2, (p, r) =>
            {
                writer.Write((short)sums[2 * p, r]);
                writer.Write((short)sums[(2 * p) + 1, r]);
            });
        }

        return stream.ToArray();

        void Each(ActivationSums kind, int count, Action<int, int> write)
        {
            for (int i = 0; layout.Sums.HasFlag(kind) && i < count; i++)
            {
                for (int r = 0; r < interleave; r++)
                {
                    write(i, r);
                }
            }
        }
    }
}

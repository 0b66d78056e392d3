using System.Linq;
using System.Runtime.Intrinsics;
using KernelGen.Encoders;
using Xunit;

namespace KernelGen.Tests.Encoders;

/// <summary>Groups side by side and back again.</summary>
public sealed unsafe class LaneTransposeTests
{
    private const int Lanes = 8;

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(21)]
    public void ElementIOfRowLIsLaneLOfVectorI(int count)
    {
        float[] rows = [.. Enumerable.Range(0, Lanes * count).Select(i => (float)i)], factors = [1, 2, 4, 8, 0.5f, 1, 2, 0.25f], to = new float[Lanes * count];
        fixed (float* first = rows, written = to)
        {
            float** from = stackalloc float*[Lanes];
            for (int l = 0; l < Lanes; l++)
            {
                from[l] = first + (l * count);
            }

            LaneTranspose.Rows(from, count, Vector256.Create(factors), written);
        }

        Assert.All(Enumerable.Range(0, to.Length), i => Assert.Equal(rows[(i % Lanes * count) + (i / Lanes)] * factors[i % Lanes], to[i]));
    }

    [Fact]
    public void BytesOfALaneAreWrittenInOrder()
    {
        const int Stride = 32;
        Vector256<int>[] words = [.. Enumerable.Range(0, 4).Select(word => Vector256.Create([.. Enumerable.Range(0, Lanes).Select(lane => Word(lane, word))]))];
        byte[] to = new byte[Lanes * Stride];
        fixed (byte* written = to)
        {
            LaneTranspose.Words(words[0], words[1], words[2], words[3], written, Stride);
        }

        Assert.All(Enumerable.Range(0, to.Length), i => Assert.Equal(i % Stride < LaneTranspose.Bytes ? (byte)((i / Stride * 16) + (i % Stride)) : 0, to[i]));
    }

    /// <summary>Four bytes that count through a lane's sixteen.</summary>
    private static int Word(int lane, int word) => ((lane * 16) + (word * 4)) * 0x01010101 + 0x03020100;
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KernelGen.Encoders;

/// <summary>Puts eight rows side by side: element i of row l becomes element l of vector i. And bytes the other way.</summary>
internal static unsafe class LaneTranspose
{
    /// <summary>Bytes of a lane that <see cref="Words"/> writes.</summary>
    public const int Bytes = 16;

    private const int Width = GroupLanes.Width;

    /// <summary>Transposes eight rows of 32-bit elements.</summary>
    /// <param name="from">The rows.</param>
    /// <param name="count">Elements of a row.</param>
    /// <param name="factor">What the elements of each row are multiplied by.</param>
    /// <param name="to">Gets [count][8].</param>
    public static void Rows(float** from, int count, Vector256<float> factor, float* to)
    {
        float* a = from[0], b = from[1], c = from[2], d = from[3], e = from[4], f = from[5], g = from[6], h = from[7];
        int i = 0;
        for (; Avx.IsSupported && i <= count - Width; i += Width)
        {
            Square(a + i, b + i, c + i, d + i, e + i, f + i, g + i, h + i, factor, to + (i * Width));
        }

        for (; i < count; i++)
        {
            (Vector256.Create(a[i], b[i], c[i], d[i], e[i], f[i], g[i], h[i]) * factor).Store(to + (i * Width));
        }
    }

    /// <summary>Writes 16 bytes of each lane, one after the other.</summary>
    /// <param name="a">The first four bytes of each lane.</param>
    /// <param name="b">The next four.</param>
    /// <param name="c">The next four.</param>
    /// <param name="d">The last four.</param>
    /// <param name="to">Gets lane l at <c>to + l * stride</c>.</param>
    /// <param name="stride">Bytes from lane to lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Words(Vector256<int> a, Vector256<int> b, Vector256<int> c, Vector256<int> d, byte* to, int stride)
    {
        if (!Avx2.IsSupported)
        {
            for (int l = 0; l < Width; l++)
            {
                Vector128.Create(a[l], b[l], c[l], d[l]).Store((int*)(to + (l * stride)));
            }

            return;
        }

        Vector256<long> abLow = Avx2.UnpackLow(a, b).AsInt64(), abHigh = Avx2.UnpackHigh(a, b).AsInt64();
        Vector256<long> cdLow = Avx2.UnpackLow(c, d).AsInt64(), cdHigh = Avx2.UnpackHigh(c, d).AsInt64();
        byte* upper = to + (4 * stride);
        Halves(Avx2.UnpackLow(abLow, cdLow), to, upper);
        Halves(Avx2.UnpackHigh(abLow, cdLow), to + stride, upper + stride);
        Halves(Avx2.UnpackLow(abHigh, cdHigh), to + (2 * stride), upper + (2 * stride));
        Halves(Avx2.UnpackHigh(abHigh, cdHigh), to + (3 * stride), upper + (3 * stride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Halves(Vector256<long> both, byte* lower, byte* upper)
    {
        both.GetLower().Store((long*)lower);
        both.GetUpper().Store((long*)upper);
    }

    /// <summary>Eight elements of eight rows. Halves of rows l and l + 4 meet in the loads, pairs and fours in shuffles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(float* a, float* b, float* c, float* d, float* e, float* f, float* g, float* h, Vector256<float> factor, float* to)
    {
        for (int half = 0; half < Width; half += Width / 2)
        {
            Vector256<float> ae = Halves(a + half, e + half), bf = Halves(b + half, f + half), cg = Halves(c + half, g + half), dh = Halves(d + half, h + half);
            Vector256<float> abLow = Avx.UnpackLow(ae, bf), abHigh = Avx.UnpackHigh(ae, bf), cdLow = Avx.UnpackLow(cg, dh), cdHigh = Avx.UnpackHigh(cg, dh);
            float* at = to + (half * Width);
            (Avx.Shuffle(abLow, cdLow, 0b01_00_01_00) * factor).Store(at);
            (Avx.Shuffle(abLow, cdLow, 0b11_10_11_10) * factor).Store(at + Width);
            (Avx.Shuffle(abHigh, cdHigh, 0b01_00_01_00) * factor).Store(at + (2 * Width));
            (Avx.Shuffle(abHigh, cdHigh, 0b11_10_11_10) * factor).Store(at + (3 * Width));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Halves(float* lower, float* upper) => Vector256.Create(Vector128.Load(lower), Vector128.Load(upper));
}

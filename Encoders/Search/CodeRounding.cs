using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Encoders;

/// <summary>Rounds weights to codes for given scales and minima, eight groups at a time, and adds up the errors.</summary>
/// <typeparam name="TCodes">The codes.</typeparam>
/// <param name="groups">The weights.</param>
/// <param name="n">Inputs of a group.</param>
/// <param name="nearest">Finds nearest codes.</param>
internal readonly unsafe struct CodeRounding<TCodes>(GroupLanes groups, int n, TCodes nearest)
    where TCodes : struct, INearestNumber
{
    private const int Width = GroupLanes.Width;

    /// <summary>Sums of all groups of a state.</summary>
    /// <param name="state">Gets them.</param>
    public void AddUp(CodeState state)
    {
        for (int v = 0; v < groups.Vectors; v++)
        {
            if (state.Min is null)
            {
                Scaled(state, v);
            }
            else
            {
                Shifted(state, v);
            }
        }
    }

    /// <summary>The errors of three scales for the same minima: they hide each other's latencies.</summary>
    /// <param name="v">The vector of groups.</param>
    /// <param name="a">Scales.</param>
    /// <param name="b">Other scales.</param>
    /// <param name="c">Yet others.</param>
    /// <param name="m">Minima; 0 where there are none.</param>
    /// <returns>The errors of each.</returns>
    public (Vector256<float> A, Vector256<float> B, Vector256<float> C) OfScales(int v, Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> m)
    {
        float* x = groups.X + (v * n * Width);
        float* w = groups.W + (v * n * Width);
        Vector256<float> perA = LaneInverse.Of(a), perB = LaneInverse.Of(b), perC = LaneInverse.Of(c);
        TCodes codes = nearest;
        Vector256<float> sumA = Vector256<float>.Zero, sumB = sumA, sumC = sumA;
        for (int i = 0; i < n; i++)
        {
            Vector256<float> xi = Vector256.Load(x + (i * Width)) - m, wi = Vector256.Load(w + (i * Width));
            Vector256<float> eA = Vector256.FusedMultiplyAdd(-a, codes.Nearest(xi, perA), xi);
            Vector256<float> eB = Vector256.FusedMultiplyAdd(-b, codes.Nearest(xi, perB), xi);
            Vector256<float> eC = Vector256.FusedMultiplyAdd(-c, codes.Nearest(xi, perC), xi);
            sumA = Vector256.FusedMultiplyAdd(wi * eA, eA, sumA);
            sumB = Vector256.FusedMultiplyAdd(wi * eB, eB, sumB);
            sumC = Vector256.FusedMultiplyAdd(wi * eC, eC, sumC);
        }

        return (sumA, sumB, sumC);
    }

    /// <summary>The errors of three minima for the same scales.</summary>
    /// <param name="v">The vector of groups.</param>
    /// <param name="s">Scales.</param>
    /// <param name="a">Minima.</param>
    /// <param name="b">Other minima.</param>
    /// <param name="c">Yet others.</param>
    /// <returns>The errors of each.</returns>
    public (Vector256<float> A, Vector256<float> B, Vector256<float> C) OfMins(int v, Vector256<float> s, Vector256<float> a, Vector256<float> b, Vector256<float> c)
    {
        float* x = groups.X + (v * n * Width);
        float* w = groups.W + (v * n * Width);
        Vector256<float> inverse = LaneInverse.Of(s), minus = -s;
        TCodes codes = nearest;
        Vector256<float> sumA = Vector256<float>.Zero, sumB = sumA, sumC = sumA;
        for (int i = 0; i < n; i++)
        {
            Vector256<float> xi = Vector256.Load(x + (i * Width)), wi = Vector256.Load(w + (i * Width));
            Vector256<float> xa = xi - a, xb = xi - b, xc = xi - c;
            xa = Vector256.FusedMultiplyAdd(minus, codes.Nearest(xa, inverse), xa);
            xb = Vector256.FusedMultiplyAdd(minus, codes.Nearest(xb, inverse), xb);
            xc = Vector256.FusedMultiplyAdd(minus, codes.Nearest(xc, inverse), xc);
            sumA = Vector256.FusedMultiplyAdd(wi * xa, xa, sumA);
            sumB = Vector256.FusedMultiplyAdd(wi * xb, xb, sumB);
            sumC = Vector256.FusedMultiplyAdd(wi * xc, xc, sumC);
        }

        return (sumA, sumB, sumC);
    }

    /// <summary>Writes the codes' places.</summary>
    /// <param name="state">The numbers.</param>
    /// <param name="to">Gets a byte per input, group after group.</param>
    public void Write(CodeState state, byte* to)
    {
        TCodes codes = nearest;
        for (int v = 0; v < groups.Vectors; v++, to += Width * n)
        {
            float* x = groups.X + (v * n * Width);
            Vector256<float> inverse = LaneInverse.Of(Vector256.Load(state.Scale.Number + (v * Width)));
            Vector256<float> m = state.Min is null ? default : Vector256.Load(state.Min.Number + (v * Width));
            int i = 0;
            for (; i <= n - LaneTranspose.Bytes; i += LaneTranspose.Bytes, x += LaneTranspose.Bytes * Width)
            {
                LaneTranspose.Words(
                    Word(codes, x, m, inverse), Word(codes, x + (4 * Width), m, inverse), Word(codes, x + (8 * Width), m, inverse), Word(codes, x + (12 * Width), m, inverse), to + i, n);
            }

            for (; i < n; i++, x += Width)
            {
                Vector256<int> place = codes.Place(Vector256.Load(x) - m, inverse);
                for (int l = 0; l < Width; l++)
                {
                    to[(l * n) + i] = (byte)place[l];
                }
            }
        }
    }

    /// <summary>Four codes of each group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Word(TCodes codes, float* x, Vector256<float> m, Vector256<float> inverse) =>
        (codes.Place(Vector256.Load(x) - m, inverse) | (codes.Place(Vector256.Load(x + Width) - m, inverse) << 8))
        | ((codes.Place(Vector256.Load(x + (2 * Width)) - m, inverse) << 16) | (codes.Place(Vector256.Load(x + (3 * Width)) - m, inverse) << 24));

    private void Scaled(CodeState state, int v)
    {
        float* x = groups.X + (v * n * Width);
        float* w = groups.W + (v * n * Width);
        Vector256<float> s = Vector256.Load(state.Scale.Number + (v * Width)), inverse = LaneInverse.Of(s), minus = -s;
        TCodes codes = nearest;
        Vector256<float> ee = Vector256<float>.Zero, el = ee, ll = ee;
        for (int i = 0; i < n; i++)
        {
            Vector256<float> xi = Vector256.Load(x + (i * Width)), wi = Vector256.Load(w + (i * Width));
            Vector256<float> q = codes.Nearest(xi, inverse), e = Vector256.FusedMultiplyAdd(minus, q, xi), wq = wi * q;
            ee = Vector256.FusedMultiplyAdd(wi * e, e, ee);
            el = Vector256.FusedMultiplyAdd(wq, e, el);
            ll = Vector256.FusedMultiplyAdd(wq, q, ll);
        }

        ee.Store(state.Error + (v * Width));
        el.Store(state.EL + (v * Width));
        ll.Store(state.LL + (v * Width));
    }

    private void Shifted(CodeState state, int v)
    {
        float* x = groups.X + (v * n * Width);
        float* w = groups.W + (v * n * Width);
        Vector256<float> s = Vector256.Load(state.Scale.Number + (v * Width)), inverse = LaneInverse.Of(s), minus = -s, m = Vector256.Load(state.Min!.Number + (v * Width));
        TCodes codes = nearest;
        Vector256<float> ee = Vector256<float>.Zero, el = ee, ll = ee, sumE = ee, sumL = ee;
        for (int i = 0; i < n; i++)
        {
            Vector256<float> xi = Vector256.Load(x + (i * Width)) - m, wi = Vector256.Load(w + (i * Width));
            Vector256<float> q = codes.Nearest(xi, inverse), e = Vector256.FusedMultiplyAdd(minus, q, xi), wq = wi * q, we = wi * e;
            ee = Vector256.FusedMultiplyAdd(we, e, ee);
            el = Vector256.FusedMultiplyAdd(we, q, el);
            ll = Vector256.FusedMultiplyAdd(wq, q, ll);
            sumE += we;
            sumL += wq;
        }

        ee.Store(state.Error + (v * Width));
        el.Store(state.EL + (v * Width));
        ll.Store(state.LL + (v * Width));
        sumE.Store(state.E + (v * Width));
        sumL.Store(state.L + (v * Width));
    }
}

using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Encoders;

/// <summary>
/// Searches parameters and codes of blocks whose codes stand for single inputs. For all groups at once: (1) the best scales and minima while nothing is
/// rounded; (2) the block's numbers that serve them best; (3) every group's neighbouring inner numbers, judged by the error that decoding will
/// have; (4) the block's numbers anew, by least squares for the codes found, and 3 again, kept where it helps.
/// </summary>
/// <remarks>1 is ggml's search, in the order of <c>ggml-quants.c</c>; where that rounds once, 2 to 4 search.</remarks>
/// <typeparam name="TCodes">The codes.</typeparam>
internal sealed unsafe class CodeSearch<TCodes> : IBlockSearch
    where TCodes : struct, INearestNumber
{
    private const int Width = GroupLanes.Width;
    private const int Rounds = 1;

    private readonly SearchPlan _plan;
    private readonly CodeLattice _lattice;
    private readonly TCodes _nearest;
    private readonly GroupLanes _groups;
    private readonly State _best;
    private readonly State _trial;
    private readonly float[] _scales;
    private readonly float[] _mins;
    private readonly float[] _curvature;
    private readonly float[] _sumW;
    private readonly float[] _meanL;
    private readonly float[] _meanX;
    private readonly byte[] _codes;
    private readonly uint[] _entries;

    /// <summary>Makes room.</summary>
    /// <param name="plan">The format.</param>
    /// <param name="lattice">Its codes.</param>
    /// <param name="nearest">Finds nearest codes.</param>
    /// <param name="weighting">The weighting of errors.</param>
    public CodeSearch(SearchPlan plan, CodeLattice lattice, TCodes nearest, ErrorWeighting weighting)
    {
        _plan = plan;
        _lattice = lattice;
        _nearest = nearest;
        _groups = new GroupLanes(plan, weighting);
        int lanes = _groups.Vectors * Width;
        _best = new State(plan, lanes);
        _trial = new State(plan, lanes);
        (_meanL, _meanX) = (new float[lanes], new float[lanes]);
        (_scales, _mins, _curvature, _sumW) = (new float[lanes], new float[lanes], new float[lanes], new float[lanes]);
        _codes = new byte[_groups.Blocks * plan.Format.BlockInputs];
        _entries = new uint[Math.Max(plan.Format.ParametersPerBlock, 1)];
    }

    /// <inheritdoc/>
    public int Blocks => _groups.Blocks;

    /// <inheritdoc/>
    public void Encode(float* row, long inputs, float* importance, long firstBlock, KernelSet kernels, byte* to, long count)
    {
        _groups.Load(row, inputs, importance, firstBlock);
        Fit();
        Judge(_best);
        for (int round = 0; round < Rounds; round++)
        {
            Refit(_best, _trial);
            Judge(_trial);
            Keep();
        }

        fixed (byte* codes = _codes)
        fixed (uint* entries = _entries)
        {
            FindCodes(codes);
            for (int b = 0; b < count; b++)
            {
                _best.Scale.Write(entries, b, _plan.Groups, _groups.Unit[b]);
                _best.Min?.Write(entries, b, _plan.Groups, _groups.Unit[b]);
                kernels.PackBlock(codes + (b * _plan.Format.BlockInputs), entries, to + (b * _plan.Format.BlockBytes));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _groups.Dispose();

    /// <summary>Steps 1 and 2.</summary>
    private void Fit()
    {
        GroupFit<TCodes> fit = new(_nearest, _lattice);
        int n = _plan.GroupInputs;
        for (int v = 0; v < _groups.Vectors; v++)
        {
            int at = v * n * Width;
            Vector256<float> sumW = Vector256.Load(_groups.SumW + (v * Width));
            sumW.CopyTo(_sumW, v * Width);
            if (_plan.Min is null)
            {
                fit.Scales(_groups.X + at, _groups.W + at, _groups.WX + at, n, _plan.Scale.IsOneSided, out Vector256<float> curvature).CopyTo(_scales, v * Width);
                curvature.CopyTo(_curvature, v * Width);
                continue;
            }

            (Vector256<float> scale, Vector256<float> min) = fit.Lines(_groups.X + at, _groups.W + at, _groups.WX + at, n, sumW, _plan.Min.IsOneSided, out LineSums sums, out Vector256<float> sumX);
            scale.CopyTo(_scales, v * Width);
            min.CopyTo(_mins, v * Width);
            (sums.L / sumW).CopyTo(_meanL, v * Width);
            (sumX / sumW).CopyTo(_meanX, v * Width);

            // A minimum that is free follows the scale, so the error's second derivative by the scale is what is left of Σwl² then.
            Vector256<float> held = Vector256.Equals(min, Vector256<float>.Zero);
            Vector256.ConditionalSelect(held, sums.LL, sums.LL - (sums.L * sums.L / sumW)).CopyTo(_curvature, v * Width);
        }

        _best.Scale.Choose(_scales, _curvature, _groups.Blocks, _groups.Unit);
        if (_plan.Min is { Outer: not null } coarse)
        {
            // The scale is rounded now: the minima that go with what it has become.
            for (int lane = 0; lane < _mins.Length; lane++)
            {
                float min = _meanX[lane] - (_best.Scale.Number[lane] * _meanL[lane]);
                _mins[lane] = _scales[lane] == 0 ? _mins[lane] : coarse.IsOneSided ? Math.Min(min, 0) : min;
            }
        }

        _best.Min?.Choose(_mins, _sumW, _groups.Blocks, _groups.Unit);
    }

    /// <summary>Step 3: moves every group's inner numbers to the best neighbours, and notes the errors.</summary>
    private void Judge(State state)
    {
        int scaleSteps = state.Scale.Steps, minSteps = state.Min?.Steps ?? 0;
        for (int v = 0; v < _groups.Vectors; v++)
        {
            Vector256<float> least = Vector256.Create(float.PositiveInfinity);
            Vector256<float> bestS = default, bestSPlace = default, bestM = default, bestMPlace = default;
            for (int i = -scaleSteps; i <= scaleSteps; i++)
            {
                Vector256<float> s = state.Scale.Moved(v, i, out Vector256<float> sPlace);
                if (minSteps == 0)
                {
                    Vector256<float> mPlace = default, m = state.Min is null ? default : state.Min.Moved(v, 0, out mPlace);
                    Take(ErrorOf(v, s, m), s, sPlace, m, mPlace);
                    continue;
                }

                Vector256<float> below = state.Min!.Moved(v, -1, out Vector256<float> belowPlace), at = state.Min.Moved(v, 0, out Vector256<float> atPlace);
                Vector256<float> above = state.Min.Moved(v, 1, out Vector256<float> abovePlace);
                (Vector256<float> a, Vector256<float> b, Vector256<float> c) = ErrorsOf(v, s, below, at, above);
                Take(a, s, sPlace, below, belowPlace);
                Take(b, s, sPlace, at, atPlace);
                Take(c, s, sPlace, above, abovePlace);
            }

            state.Scale.Set(v, bestSPlace, bestS);
            state.Min?.Set(v, bestMPlace, bestM);
            least.CopyTo(state.Error, v * Width);

            void Take(Vector256<float> error, Vector256<float> s, Vector256<float> sPlace, Vector256<float> m, Vector256<float> mPlace)
            {
                Vector256<float> better = Vector256.LessThan(error, least);
                least = Vector256.ConditionalSelect(better, error, least);
                bestS = Vector256.ConditionalSelect(better, s, bestS);
                bestSPlace = Vector256.ConditionalSelect(better, sPlace, bestSPlace);
                bestM = Vector256.ConditionalSelect(better, m, bestM);
                bestMPlace = Vector256.ConditionalSelect(better, mPlace, bestMPlace);
            }
        }
    }

    private Vector256<float> ErrorOf(int v, Vector256<float> s, Vector256<float> m)
    {
        int n = _plan.GroupInputs;
        float* x = _groups.X + (v * n * Width);
        float* w = _groups.W + (v * n * Width);
        Vector256<float> inverse = Inverse(s);
        TCodes nearest = _nearest;
        Vector256<float> sum = Vector256<float>.Zero;
        for (int i = 0; i < n; i++)
        {
            Vector256<float> xi = Vector256.Load(x + (i * Width)) - m;
            Vector256<float> e = xi - (s * nearest.Nearest(xi * inverse));
            sum = Vector256.FusedMultiplyAdd(Vector256.Load(w + (i * Width)) * e, e, sum);
        }

        return sum;
    }

    /// <summary>The errors for three minima: they hide each other's latencies.</summary>
    private (Vector256<float> A, Vector256<float> B, Vector256<float> C) ErrorsOf(int v, Vector256<float> s, Vector256<float> a, Vector256<float> b, Vector256<float> c)
    {
        int n = _plan.GroupInputs;
        float* x = _groups.X + (v * n * Width);
        float* w = _groups.W + (v * n * Width);
        Vector256<float> inverse = Inverse(s);
        TCodes nearest = _nearest;
        Vector256<float> sumA = Vector256<float>.Zero, sumB = sumA, sumC = sumA;
        for (int i = 0; i < n; i++)
        {
            Vector256<float> xi = Vector256.Load(x + (i * Width)), wi = Vector256.Load(w + (i * Width));
            Vector256<float> xa = xi - a, xb = xi - b, xc = xi - c;
            xa -= s * nearest.Nearest(xa * inverse);
            xb -= s * nearest.Nearest(xb * inverse);
            xc -= s * nearest.Nearest(xc * inverse);
            sumA = Vector256.FusedMultiplyAdd(wi * xa, xa, sumA);
            sumB = Vector256.FusedMultiplyAdd(wi * xb, xb, sumB);
            sumC = Vector256.FusedMultiplyAdd(wi * xc, xc, sumC);
        }

        return (sumA, sumB, sumC);
    }

    /// <summary>Step 4: the numbers of blocks, or of groups that hold any number, by least squares for the codes of a state.</summary>
    private void Refit(State from, State to)
    {
        int n = _plan.GroupInputs, groups = _plan.Groups;
        to.Take(from, 0, _groups.Vectors * Width);
        float[] sumL = to.SumL, sumLL = to.SumLL, sumLX = to.SumLX, sumX = to.SumX;
        for (int v = 0; v < _groups.Vectors; v++)
        {
            float* x = _groups.X + (v * n * Width);
            float* w = _groups.W + (v * n * Width);
            float* wx = _groups.WX + (v * n * Width);
            Vector256<float> inverse = Inverse(Vector256.Create(from.Scale.Number, v * Width));
            Vector256<float> m = from.Min is null ? default : Vector256.Create(from.Min.Number, v * Width);
            TCodes nearest = _nearest;
            Vector256<float> l = Vector256<float>.Zero, ll = l, lx = l, xs = l;
            for (int i = 0; i < n; i++)
            {
                Vector256<float> q = nearest.Nearest((Vector256.Load(x + (i * Width)) - m) * inverse);
                Vector256<float> wxi = Vector256.Load(wx + (i * Width)), wq = Vector256.Load(w + (i * Width)) * q;
                l += wq;
                xs += wxi;
                ll = Vector256.FusedMultiplyAdd(wq, q, ll);
                lx = Vector256.FusedMultiplyAdd(wxi, q, lx);
            }

            l.CopyTo(sumL, v * Width);
            ll.CopyTo(sumLL, v * Width);
            lx.CopyTo(sumLX, v * Width);
            xs.CopyTo(sumX, v * Width);
        }

        for (int b = 0; b < _groups.Blocks; b++)
        {
            LineSolver solver = new(_plan.Scale.Outer is not null, _plan.Min?.Outer is not null);
            for (int g = b * groups; g < (b + 1) * groups; g++)
            {
                float t = solver.ScaleIsShared ? InnerOf(from.Scale, g) : 1, u = solver.MinIsShared ? InnerOf(from.Min!, g) : 1;
                LineTerms terms = new(t * t * sumLL[g], t * u * sumL[g], u * u * _sumW[g], t * sumLX[g], u * sumX[g]);
                solver.Add(terms);
                if (!solver.IsShared && _plan.Scale.Inner.IsContinuous)
                {
                    (_scales[g], _mins[g]) = LineSolver.Solve(terms, _plan.Min is not null, false, from.Scale.Number[g], from.Min?.Number[g] ?? 0);
                }
            }

            if (solver.IsShared)
            {
                (float d, float dm) = LineSolver.Solve(
                    solver.Sum, _plan.Min is not null, _plan.Min?.IsOneSided ?? false, from.Scale.Outer[b * groups], from.Min?.Outer[b * groups] ?? 0);
                to.Scale.SetOuter(d, b, groups, _groups.Unit[b]);
                to.Min?.SetOuter(dm, b, groups, _groups.Unit[b]);
            }
        }

        if (_plan.Scale.Inner.IsContinuous)
        {
            to.Scale.Round(_scales, _groups.Blocks, _groups.Unit);
            to.Min?.Round(_mins, _groups.Blocks, _groups.Unit);
        }
    }

    private static float InnerOf(LevelState state, int group) => state.Outer[group] == 0 ? 0 : state.Number[group] / state.Outer[group];

    /// <summary>Takes the trial where it is better: by group, or by block where groups share a number.</summary>
    private void Keep()
    {
        int together = _plan.Scale.Outer is null ? 1 : _plan.Groups;
        for (int first = 0; first < _best.Error.Length; first += together)
        {
            float before = 0, after = 0;
            for (int g = first; g < first + together; g++)
            {
                before += _best.Error[g];
                after += _trial.Error[g];
            }

            if (after < before)
            {
                _best.Take(_trial, first, together);
            }
        }
    }

    /// <summary>The codes of all blocks, for the numbers found.</summary>
    private void FindCodes(byte* codes)
    {
        int n = _plan.GroupInputs;
        uint* four = stackalloc uint[Width];
        TCodes nearest = _nearest;
        for (int v = 0; v < _groups.Vectors; v++)
        {
            float* x = _groups.X + (v * n * Width);
            Vector256<float> inverse = Inverse(Vector256.Create(_best.Scale.Number, v * Width));
            Vector256<float> m = _best.Min is null ? default : Vector256.Create(_best.Min.Number, v * Width);
            byte* to = codes + ((long)v * Width * n);
            int i = 0;
            for (; i <= n - 4; i += 4)
            {
                // Four codes of a group are one word of its lane.
                Vector256<int> word = nearest.Place((Vector256.Load(x + (i * Width)) - m) * inverse)
                    | (nearest.Place((Vector256.Load(x + ((i + 1) * Width)) - m) * inverse) << 8)
                    | (nearest.Place((Vector256.Load(x + ((i + 2) * Width)) - m) * inverse) << 16)
                    | (nearest.Place((Vector256.Load(x + ((i + 3) * Width)) - m) * inverse) << 24);
                word.AsUInt32().Store(four);
                for (int l = 0; l < Width; l++)
                {
                    *(uint*)(to + (l * n) + i) = four[l];
                }
            }

            for (; i < n; i++)
            {
                nearest.Place((Vector256.Load(x + (i * Width)) - m) * inverse).AsUInt32().Store(four);
                for (int l = 0; l < Width; l++)
                {
                    to[(l * n) + i] = (byte)four[l];
                }
            }
        }

        if (!_lattice.PlacesAreCodes)
        {
            fixed (byte* codeOf = _lattice.Codes)
            {
                for (int i = 0; i < _codes.Length; i++)
                {
                    codes[i] = codeOf[codes[i]];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Inverse(Vector256<float> s) =>
        Vector256.ConditionalSelect(Vector256.Equals(s, Vector256<float>.Zero), Vector256<float>.Zero, Vector256<float>.One / s);

    /// <summary>A choice of all numbers, and its errors by group.</summary>
    private sealed class State(SearchPlan plan, int lanes)
    {
        public LevelState Scale { get; } = new(plan.Scale, lanes);

        public LevelState? Min { get; } = plan.Min is null ? null : new LevelState(plan.Min, lanes);

        public float[] Error { get; } = new float[lanes];

        public float[] SumL { get; } = new float[lanes];

        public float[] SumLL { get; } = new float[lanes];

        public float[] SumLX { get; } = new float[lanes];

        public float[] SumX { get; } = new float[lanes];

        public void Take(State other, int first, int count)
        {
            Scale.Take(other.Scale, first, count);
            Min?.Take(other.Min!, first, count);
            Array.Copy(other.Error, first, Error, first, count);
        }
    }
}

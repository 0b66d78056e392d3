using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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

    private readonly SearchPlan _plan;
    private readonly CodeLattice _lattice;
    private readonly TCodes _nearest;
    private readonly SearchDepth _depth;
    private readonly GroupLanes _groups;
    private readonly CodeDescent _descent;
    private readonly CodeRounding<TCodes> _rounding;
    private readonly CodeState _best;
    private readonly CodeState _trial;
    private readonly float[] _memory;
    private readonly float* _scales;
    private readonly float* _mins;
    private readonly float* _curvature;
    private readonly float* _meanL;
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
        _depth = plan.Depth(weighting, lattice.Numbers.Length);
        _groups = new GroupLanes(plan, weighting);
        _descent = new CodeDescent(plan, _groups);
        _rounding = new CodeRounding<TCodes>(_groups, plan.GroupInputs, nearest);
        int lanes = _groups.Vectors * Width;
        _best = new CodeState(plan, lanes);
        _trial = new CodeState(plan, lanes);
        _memory = GC.AllocateArray<float>(4 * lanes, pinned: true);
        _scales = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));
        _mins = _scales + lanes;
        _curvature = _mins + lanes;
        _meanL = _curvature + lanes;
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
        if (_depth.Refines)
        {
            Judge(_best);
            _rounding.AddUp(_best);
            _descent.Step(_best, _trial);
            Judge(_trial);
            Keep();
        }

        fixed (byte* codes = _codes)
        fixed (uint* entries = _entries)
        {
            _rounding.Write(_best, codes);
            for (int i = 0; !_lattice.PlacesAreCodes && i < _codes.Length; i++)
            {
                codes[i] = _lattice.Codes[codes[i]];
            }

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
        GroupFit<TCodes> fit = new(_nearest, _lattice.Numbers, _depth);
        int n = _plan.GroupInputs;
        for (int v = 0; v < _groups.Vectors; v++)
        {
            int at = v * n * Width, lane = v * Width;
            if (_plan.Min is null)
            {
                ScaleFit fitted = fit.Scales(_groups.X + at, _groups.W + at, n, _plan.Scale.IsOneSided);
                fitted.Scale.Store(_scales + lane);
                fitted.Curvature.Store(_curvature + lane);
                continue;
            }

            LineFit line = fit.Lines(_groups.X + at, _groups.W + at, n, Vector256.Load(_groups.SumW + lane), _plan.Min.IsOneSided);
            (Vector256<float> scale, Vector256<float> min) = line.Solve();
            LineSums sums = line.Sums;
            scale.Store(_scales + lane);
            min.Store(_mins + lane);
            Vector256<float> meanL = sums.L / line.W;
            meanL.Store(_meanL + lane);

            // A minimum that is free follows the scale, so the error's second derivative by the scale is what is left of Σwl² then.
            Vector256<float> held = Vector256.Equals(min, Vector256<float>.Zero);
            Vector256.ConditionalSelect(held, sums.LL, sums.LL - (sums.L * meanL)).Store(_curvature + lane);
        }

        _best.Scale.Choose(_scales, _curvature, _groups.Unit);
        if (_plan.Min is { Outer: not null } coarse)
        {
            // The scale is rounded now: the minima that go with what it has become.
            for (int lane = 0; lane < _groups.Vectors * Width; lane += Width)
            {
                Vector256<float> scale = Vector256.Load(_scales + lane), min = Vector256.Load(_mins + lane);
                Vector256<float> moved = min + ((scale - Vector256.Load(_best.Scale.Number + lane)) * Vector256.Load(_meanL + lane));
                moved = coarse.IsOneSided ? Vector256.MinNative(moved, Vector256<float>.Zero) : moved;
                Vector256.ConditionalSelect(Vector256.Equals(scale, Vector256<float>.Zero), min, moved).Store(_mins + lane);
            }
        }

        _best.Min?.Choose(_mins, _groups.SumW, _groups.Unit);
    }

    /// <summary>Step 3: moves every group's inner numbers to the best neighbours, and notes the errors.</summary>
    private void Judge(CodeState state)
    {
        if (state.Scale.IsContinuous && state.Min is not { IsContinuous: false })
        {
            _rounding.AddUp(state);
            return;
        }

        for (int v = 0; v < _groups.Vectors; v++)
        {
            Vector256<float> least = Vector256.Create(float.PositiveInfinity);
            Vector256<float> bestS = default, bestSPlace = default, bestM = default, bestMPlace = default;
            if (state.Min is not { IsContinuous: false } min)
            {
                Vector256<float> mPlace = default, m = state.Min is null ? default : state.Min.Moved(v, 0, out mPlace);
                Vector256<float> below = state.Scale.Moved(v, -1, out Vector256<float> belowPlace), at = state.Scale.Moved(v, 0, out Vector256<float> atPlace);
                Vector256<float> above = state.Scale.Moved(v, 1, out Vector256<float> abovePlace);
                (Vector256<float> a, Vector256<float> b, Vector256<float> c) = _rounding.OfScales(v, below, at, above, m);
                Take(a, below, belowPlace, m, mPlace);
                Take(b, at, atPlace, m, mPlace);
                Take(c, above, abovePlace, m, mPlace);
            }
            else
            {
                Vector256<float> below = min.Moved(v, -1, out Vector256<float> belowPlace), at = min.Moved(v, 0, out Vector256<float> atPlace);
                Vector256<float> above = min.Moved(v, 1, out Vector256<float> abovePlace);
                for (int by = -state.Scale.Steps; by <= state.Scale.Steps; by++)
                {
                    Vector256<float> s = state.Scale.Moved(v, by, out Vector256<float> sPlace);
                    (Vector256<float> a, Vector256<float> b, Vector256<float> c) = _rounding.OfMins(v, s, below, at, above);
                    Take(a, s, sPlace, below, belowPlace);
                    Take(b, s, sPlace, at, atPlace);
                    Take(c, s, sPlace, above, abovePlace);
                }
            }

            state.Scale.Set(v, bestSPlace, bestS);
            state.Min?.Set(v, bestMPlace, bestM);
            least.Store(state.Error + (v * Width));

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

    /// <summary>Takes the trial where it is better: by group, or by block where groups share a number.</summary>
    private void Keep()
    {
        int together = _plan.Scale.Outer is null && _plan.Min?.Outer is null ? 1 : _plan.Groups;
        for (int first = 0; first < _groups.Vectors * Width; first += together)
        {
            if (LaneSum.Of(_trial.Error + first, together) < LaneSum.Of(_best.Error + first, together))
            {
                _best.Take(_trial, first, together);
            }
        }
    }
}

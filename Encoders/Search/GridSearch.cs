using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Encoders;

/// <summary>
/// Searches parameters and codes of blocks whose codes are vectors of a table. Each scale that is judged gets its best entries, with signs whose parity is forced
/// (<see cref="VectorSums"/>, <see cref="VectorChoices"/>). (1) Each group's best scale on its own; (2) the block's number that serves them best;
/// (3) every group's neighbouring inner numbers; (4) the block's number anew, by least squares, and 3 again, kept where it helps.
/// </summary>
internal sealed unsafe class GridSearch : IBlockSearch
{
    private const int Width = GroupLanes.Width;

    /// <summary>Scales that are judged at once.</summary>
    private const int Together = 4;
    private const int Rounds = 2;
    private const int MostEntries = 4096;
    private const int MostZeros = 4;

    /// <summary>Scales tried first: from this share of the scale that maps the largest weight to the largest number, each the next times a ratio.</summary>
    private const float FirstScale = 0.3f;

    private const float ScaleRatio = 1.14f;
    private const int ScaleCount = 12;

    /// <summary>Scales tried then, beside the best one: this share of it closer and farther, once and twice.</summary>
    private const float FineStep = 0.035f;

    private readonly SearchPlan _plan;
    private readonly GroupLanes _groups;
    private readonly VectorSums _sums;
    private readonly VectorChoices _vectors;
    private readonly LevelState _best;
    private readonly LevelState _trial;
    private readonly int _lanes;
    private readonly float[] _memory;
    private readonly float* _wanted;
    private readonly float* _curvature;
    private readonly double[] _bestError;
    private readonly double[] _trialError;
    private readonly VectorChoice[] _choices;
    private readonly byte[] _codes;
    private readonly uint[] _entries;

    /// <summary>Makes room.</summary>
    /// <param name="plan">The format.</param>
    /// <param name="weighting">The weighting of errors.</param>
    public GridSearch(SearchPlan plan, ErrorWeighting weighting)
    {
        _plan = plan;
        _groups = new GroupLanes(plan, weighting);
        _sums = new VectorSums(plan, _groups);
        _vectors = new VectorChoices(plan, _sums);
        _lanes = _groups.Vectors * Width;
        _best = new LevelState(plan.Scale, _lanes);
        _trial = new LevelState(plan.Scale, _lanes);
        _memory = GC.AllocateArray<float>(2 * _lanes, pinned: true);
        _wanted = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));
        _curvature = _wanted + _lanes;
        (_bestError, _trialError) = (new double[_lanes], new double[_lanes]);
        _choices = new VectorChoice[_sums.PerGroup];
        _codes = new byte[Math.Max(plan.Format.CodesPerBlock * plan.Format.CodeBytes, sizeof(uint))];
        _entries = new uint[plan.Format.ParametersPerBlock];
    }

    /// <inheritdoc/>
    public int Blocks => _groups.Blocks;

    /// <summary>Why a format with vectors is not searched, or empty.</summary>
    public static string Fault(FormatDescriptor format, ScaleLevels scale, ScaleLevels? min, List<StoredParameter>? zeros, (int Offset, int Per)? signs)
    {
        int length = format.Codes!.Length, group = scale.Inner.Per;
        return min is not null ? "it has minima beside a codebook of vectors"
            : group % length != 0 ? "its scales cover parts of vectors"
            : format.Codes.Entries > MostEntries ? $"its codebook has more than {MostEntries} vectors"
            : signs is { Per: int per } && (per % length != 0 || group % per != 0) ? "its entries of signs cover parts of vectors or several groups"
            : zeros is null ? string.Empty
            : signs is not null ? "it has both signs and zero points"
            : zeros is not [{ IsContinuous: false, Numbers.Count: <= MostZeros } zero] ? $"its zero points are no list of up to {MostZeros} numbers"
            : zero.Per % length != 0 || group % zero.Per != 0 ? "its zero points cover parts of vectors or several groups"
            : string.Empty;
    }

    /// <inheritdoc/>
    public void Encode(float* row, long inputs, float* importance, long firstBlock, KernelSet kernels, byte* to, long count)
    {
        _groups.Load(row, inputs, importance, firstBlock);
        for (int lane = 0; lane < _lanes; lane++)
        {
            _sums.Weigh(lane);
            Fit(lane);
        }

        _best.Choose(_wanted, _curvature, _groups.Unit);
        Judge(_best, _bestError);
        for (int round = 0; round < Rounds; round++)
        {
            Refit();
            Judge(_trial, _trialError);
            Keep();
        }

        for (int b = 0; b < count; b++)
        {
            Write(b, kernels, to + (b * _plan.Format.BlockBytes));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _groups.Dispose();
        _sums.Dispose();
    }

    private float* X(int lane) => _groups.X + (lane / Width * _plan.GroupInputs * Width) + (lane % Width);

    /// <summary>Step 1: a group's best scale while scales are not rounded.</summary>
    private void Fit(int lane)
    {
        float largest = 0;
        float* x = X(lane);
        for (int i = 0; i < _plan.GroupInputs; i++)
        {
            largest = Math.Max(largest, Math.Abs(x[i * Width]));
        }

        (_wanted[lane], _curvature[lane]) = (0, 0);
        double least = 0;
        float best = 0;
        Vector128<float> scales = Vector128.Create(1, ScaleRatio, ScaleRatio * ScaleRatio, ScaleRatio * ScaleRatio * ScaleRatio) * (FirstScale * largest / _sums.Largest);
        for (int k = 0; k < ScaleCount && largest > 0; k += Together)
        {
            Take(scales);
            scales *= ScaleRatio * scales[Together - 1] / scales[0];
        }

        if (best > 0)
        {
            Take(best * Vector128.Create(1 - (2 * FineStep), 1 - FineStep, 1 + FineStep, 1 + (2 * FineStep)));

            // No error is larger at the scale that least squares find for the entries.
            (double products, double squares) = _vectors.Choose(lane, best, _choices);
            float better = (float)(products / squares);
            _wanted[lane] = better > 0 && float.IsFinite(better) ? better : best;
            _curvature[lane] = (float)squares;
        }

        void Take(Vector128<float> tried)
        {
            Vector256<double> errors = _vectors.Errors(lane, tried);
            for (int i = 0; i < Together; i++)
            {
                (least, best) = errors[i] < least ? (errors[i], tried[i]) : (least, best);
            }
        }
    }

    /// <summary>Step 3.</summary>
    private void Judge(LevelState state, double[] errors)
    {
        for (int v = 0; v < _groups.Vectors; v++)
        {
            // Where numbers are not from a list the three are the same.
            Vector256<float> below = state.Moved(v, -1, out Vector256<float> belowPlace), at = state.Moved(v, 0, out Vector256<float> atPlace);
            Vector256<float> above = state.Moved(v, 1, out Vector256<float> abovePlace), number = at, place = atPlace;
            for (int l = 0; l < Width; l++)
            {
                Vector256<double> found = _vectors.Errors((v * Width) + l, Vector128.Create(at[l], below[l], above[l], above[l]));
                bool isBelow = found[1] < found[0] && found[1] <= found[2], isAbove = !isBelow && found[2] < found[0];
                errors[(v * Width) + l] = isBelow ? found[1] : isAbove ? found[2] : found[0];
                number = isBelow ? number.WithElement(l, below[l]) : isAbove ? number.WithElement(l, above[l]) : number;
                place = isBelow ? place.WithElement(l, belowPlace[l]) : isAbove ? place.WithElement(l, abovePlace[l]) : place;
            }

            state.Set(v, place, number);
        }
    }

    /// <summary>Step 4.</summary>
    private void Refit()
    {
        int groups = _plan.Groups;
        _trial.Take(_best, 0, _lanes);
        for (int b = 0; b < Blocks; b++)
        {
            double products = 0, squares = 0;
            for (int lane = b * groups; lane < (b + 1) * groups; lane++)
            {
                (double a, double s) = _vectors.Choose(lane, _best.Number[lane], _choices);
                double t = _best.Outer[lane] == 0 ? 0 : _best.Number[lane] / _best.Outer[lane];
                products += t * a;
                squares += t * t * s;
                _wanted[lane] = s > 0 ? (float)(a / s) : _best.Number[lane];
            }

            if (_plan.Scale.Outer is not null && squares > 0 && products > 0)
            {
                _trial.SetOuter((float)(products / squares), b, groups, _groups.Unit[b]);
            }
        }

        if (_plan.Scale.Inner.IsContinuous)
        {
            _trial.Round(_wanted, _groups.Unit);
        }
    }

    private void Keep()
    {
        int together = _plan.Scale.Outer is null ? 1 : _plan.Groups;
        for (int first = 0; first < _lanes; first += together)
        {
            double before = 0, after = 0;
            for (int lane = first; lane < first + together; lane++)
            {
                before += _bestError[lane];
                after += _trialError[lane];
            }

            if (after < before)
            {
                _best.Take(_trial, first, together);
                Array.Copy(_trialError, first, _bestError, first, together);
            }
        }
    }

    private void Write(int block, KernelSet kernels, byte* to)
    {
        int groups = _plan.Groups, length = _sums.Length, bytes = _plan.Format.CodeBytes;
        Array.Clear(_entries);
        fixed (byte* codes = _codes)
        fixed (uint* entries = _entries)
        {
            for (int g = 0; g < groups; g++)
            {
                int lane = (block * groups) + g;
                _vectors.Choose(lane, _best.Number[lane], _choices);
                float* x = X(lane);
                for (int c = 0; c < _sums.PerGroup; c++)
                {
                    VectorChoice choice = _choices[c];
                    int vector = (g * _sums.PerGroup) + c;
                    for (int i = 0; i < bytes; i++)
                    {
                        codes[(vector * bytes) + i] = (byte)(choice.Entry >> (8 * i));
                    }

                    if (_plan.Zero is { } zero)
                    {
                        entries[zero.Offset + (vector * length / zero.Per)] = zero.StoredAt(choice.Zero);
                    }

                    for (int j = 0; j < length && _plan.Signs is not null; j++)
                    {
                        if ((x[((c * length) + j) * Width] < 0) != (choice.Flip == j))
                        {
                            SetMinus(entries, (vector * length) + j);
                        }
                    }
                }
            }

            _best.Write(entries, block, groups, _groups.Unit[block]);
            kernels.PackBlock(codes, entries, to);
        }
    }

    /// <summary>Stores a minus sign. The input that makes minus signs even has no bit; those above it are one lower.</summary>
    private void SetMinus(uint* entries, int input)
    {
        (int offset, int per) = _plan.Signs!.Value;
        int bit = input % per, parity = _plan.Codes.SignParity;
        if (bit != parity)
        {
            entries[offset + (input / per)] |= 1u << (parity >= 0 && bit > parity ? bit - 1 : bit);
        }
    }
}

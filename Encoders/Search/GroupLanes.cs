using System;
using System.Runtime.Intrinsics;

namespace KernelGen.Encoders;

/// <summary>
/// Some blocks of a row, their groups side by side: lane l of vector v is group 8v + l, counted through the blocks, so that eight groups are searched
/// at once and nothing is added up across lanes. Weights are scaled by a power of two per block so that no product of theirs leaves f32.
/// </summary>
internal sealed unsafe class GroupLanes : IDisposable
{
    /// <summary>Groups in a vector.</summary>
    public const int Width = 8;

    private const uint SignBit = 0x80000000;
    private const uint ExponentBits = 0x7F800000;
    private const uint SmallestNormal = 0x00800000;
    private const uint LargestUnit = 0x7E800000;

    private readonly SearchPlan _plan;
    private readonly ErrorWeighting _weighting;
    private readonly NativeBuffer _memory;
    private readonly float* _padded;
    private readonly float* _factor;
    private readonly float* _meanSquare;

    /// <summary>Allocates room.</summary>
    /// <param name="plan">The format.</param>
    /// <param name="weighting">The weighting of errors, not <see cref="ErrorWeighting.Default"/>.</param>
    public GroupLanes(SearchPlan plan, ErrorWeighting weighting)
    {
        _plan = plan;
        _weighting = weighting;
        Blocks = plan.BlocksTogether;
        Vectors = Blocks * plan.Groups / Width;
        int weights = Blocks * plan.Format.BlockInputs;
        _memory = new NativeBuffer(sizeof(float) * ((3L * weights) + (3 * Vectors * Width)));
        X = (float*)_memory.Pointer;
        W = X + weights;
        _padded = W + weights;
        _factor = _padded + weights;
        _meanSquare = _factor + (Vectors * Width);
        SumW = _meanSquare + (Vectors * Width);
        Unit = new float[Blocks];
    }

    /// <summary>Blocks that are searched together.</summary>
    public int Blocks { get; }

    /// <summary>Vectors of groups.</summary>
    public int Vectors { get; }

    /// <summary>Weights divided by their block's <see cref="Unit"/>, [vector][input of the group][lane].</summary>
    public float* X { get; }

    /// <summary>How much their errors count, in the same order.</summary>
    public float* W { get; }

    /// <summary>Sums of <see cref="W"/> by group.</summary>
    public float* SumW { get; }

    /// <summary>What weights were divided by, a power of two per block.</summary>
    public float[] Unit { get; }

    /// <summary>Reads blocks.</summary>
    /// <param name="row">The row.</param>
    /// <param name="inputs">Its length; inputs past it count nothing.</param>
    /// <param name="importance">Importance by input, zeros past the row's end up to whole <see cref="Blocks"/>; null where all inputs are there and count alike.</param>
    /// <param name="firstBlock">The first block.</param>
    public void Load(float* row, long inputs, float* importance, long firstBlock)
    {
        int size = _plan.Format.BlockInputs, groups = _plan.Groups, n = _plan.GroupInputs;
        float** from = stackalloc float*[Blocks];
        float** x = stackalloc float*[Width];
        float** p = stackalloc float*[Width];
        for (int b = 0; b < Blocks; b++)
        {
            long first = (firstBlock + b) * size;
            int present = (int)Math.Clamp(inputs - first, 0, size);
            from[b] = row + first;
            if (present < size)
            {
                from[b] = _padded + (b * size);
                new Span<float>(from[b], size).Clear();
                new ReadOnlySpan<float>(row + Math.Min(first, inputs), present).CopyTo(new Span<float>(from[b], present));
            }

            Unit[b] = UnitOf(from[b], size);
            float factor = 1 / Unit[b];
            new Span<float>(_factor + (b * groups), groups).Fill(factor);
            if (_weighting == ErrorWeighting.Smoothed)
            {
                new Span<float>(_meanSquare + (b * groups), groups).Fill(SquaresOf(from[b], size, factor) / Math.Max(present, 1));
            }
        }

        for (int v = 0, b = 0, g = 0; v < Vectors; v++)
        {
            for (int l = 0; l < Width; l++, g++)
            {
                (b, g) = g == groups ? (b + 1, 0) : (b, g);
                x[l] = from[b] + (g * n);
                p[l] = importance + ((firstBlock + b) * size) + (g * n);
            }

            LaneTranspose.Rows(x, n, Vector256.Load(_factor + (v * Width)), X + (v * n * Width));
            if (importance != null)
            {
                LaneTranspose.Rows(p, n, Vector256<float>.One, W + (v * n * Width));
            }

            Weigh(v, importance != null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    /// <summary>The power of two of a block's largest magnitude.</summary>
    private static float UnitOf(float* x, int count)
    {
        // Magnitudes order as their bits do.
        Vector256<uint> magnitude = Vector256.Create(~SignBit), most = Vector256<uint>.Zero, more = most;
        int i = 0;
        for (; i <= count - (2 * Width); i += 2 * Width)
        {
            most = Vector256.Max(most, Vector256.Load((uint*)x + i) & magnitude);
            more = Vector256.Max(more, Vector256.Load((uint*)x + i + Width) & magnitude);
        }

        most = Vector256.Max(most, more);
        Vector128<uint> four = Vector128.Max(most.GetLower(), most.GetUpper());
        uint largest = Math.Max(Math.Max(four[0], four[1]), Math.Max(four[2], four[3]));
        for (; i < count; i++)
        {
            largest = Math.Max(largest, ((uint*)x)[i] & ~SignBit);
        }

        uint power = largest & ExponentBits;
        return largest == 0 ? 1 : BitConverter.UInt32BitsToSingle(Math.Clamp(power, SmallestNormal, LargestUnit));
    }

    /// <summary>The sum of the squares of a block's weights in units of it.</summary>
    private static float SquaresOf(float* x, int count, float factor)
    {
        Vector256<float> sum = Vector256<float>.Zero, other = sum;
        int i = 0;
        for (; i <= count - (2 * Width); i += 2 * Width)
        {
            Vector256<float> one = Vector256.Load(x + i) * factor, two = Vector256.Load(x + i + Width) * factor;
            sum = Vector256.FusedMultiplyAdd(one, one, sum);
            other = Vector256.FusedMultiplyAdd(two, two, other);
        }

        float squares = LaneSum.Of(sum + other);
        for (; i < count; i++)
        {
            squares += x[i] * factor * (x[i] * factor);
        }

        return squares;
    }

    private void Weigh(int v, bool hasImportance)
    {
        switch (_weighting)
        {
            case ErrorWeighting.Magnitude:
                Weigh<MagnitudeRule>(v, hasImportance);
                break;
            case ErrorWeighting.Square:
                Weigh<SquareRule>(v, hasImportance);
                break;
            case ErrorWeighting.Raised:
                Weigh<RaisedRule>(v, hasImportance);
                break;
            case ErrorWeighting.Smoothed:
                Weigh<SmoothedRule>(v, hasImportance);
                break;
            default:
                Weigh<UniformRule>(v, hasImportance);
                break;
        }
    }

    /// <summary>Makes weights of errors out of importance. Groups whose errors would count nothing count evenly.</summary>
    private void Weigh<TRule>(int v, bool hasImportance)
        where TRule : struct, IErrorRule
    {
        int n = _plan.GroupInputs;
        float* x = X + (v * n * Width);
        float* w = W + (v * n * Width);
        Vector256<float> mean = TRule.Mean switch
        {
            ErrorMean.Group => RootMeanSquare(x, n),
            ErrorMean.Block => 2 * Vector256.Load(_meanSquare + (v * Width)),
            _ => default,
        };
        Vector256<float> sum = Vector256<float>.Zero;
        for (int i = 0; i < n; i++)
        {
            Vector256<float> weight = TRule.Of(Vector256.Load(x + (i * Width)), mean);
            weight = hasImportance ? weight * Vector256.Load(w + (i * Width)) : weight;
            sum += weight;
            weight.Store(w + (i * Width));
        }

        Vector256<float> none = Vector256.Equals(sum, Vector256<float>.Zero);
        if (none.AsInt32() != Vector256<int>.Zero)
        {
            sum = Vector256.ConditionalSelect(none, Vector256.Create((float)n), sum);
            for (int i = 0; i < n; i++)
            {
                Vector256.ConditionalSelect(none, Vector256<float>.One, Vector256.Load(w + (i * Width))).Store(w + (i * Width));
            }
        }

        sum.Store(SumW + (v * Width));
    }

    private static Vector256<float> RootMeanSquare(float* x, int n)
    {
        Vector256<float> sum = Vector256<float>.Zero;
        for (int i = 0; i < n; i++)
        {
            Vector256<float> one = Vector256.Load(x + (i * Width));
            sum = Vector256.FusedMultiplyAdd(one, one, sum);
        }

        return Vector256.Sqrt(sum / n);
    }
}

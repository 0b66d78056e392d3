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

    private const int LargestExponent = 126;

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
        Blocks = 1;
        while (Blocks * plan.Groups % Width != 0)
        {
            Blocks++;
        }

        Vectors = Blocks * plan.Groups / Width;
        int weights = Blocks * plan.Format.BlockInputs;
        _memory = new NativeBuffer(sizeof(float) * ((4L * weights) + (3 * Vectors * Width)));
        X = (float*)_memory.Pointer;
        W = X + weights;
        WX = W + weights;
        _padded = WX + weights;
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

    /// <summary>The product of both.</summary>
    public float* WX { get; }

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

            Unit[b] = Measure(from[b], size, out float squares);
            float factor = 1 / Unit[b];
            for (int g = 0; g < groups; g++)
            {
                _factor[(b * groups) + g] = factor;
                _meanSquare[(b * groups) + g] = squares / Math.Max(present, 1);
            }
        }

        for (int v = 0; v < Vectors; v++)
        {
            for (int l = 0; l < Width; l++)
            {
                int b = ((v * Width) + l) / groups, g = ((v * Width) + l) % groups;
                x[l] = from[b] + (g * n);
                p[l] = importance + ((firstBlock + b) * size) + (g * n);
            }

            Gather(x, Vector256.Load(_factor + (v * Width)), X + (v * n * Width));
            if (importance != null)
            {
                Gather(p, Vector256<float>.One, W + (v * n * Width));
            }

            Weigh(v, importance != null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    /// <summary>Puts eight groups side by side.</summary>
    private void Gather(float** from, Vector256<float> factor, float* to)
    {
        float* a = from[0], b = from[1], c = from[2], d = from[3], e = from[4], f = from[5], g = from[6], h = from[7];
        for (int i = 0; i < _plan.GroupInputs; i++)
        {
            (Vector256.Create(a[i], b[i], c[i], d[i], e[i], f[i], g[i], h[i]) * factor).Store(to + (i * Width));
        }
    }

    /// <summary>The power of two of a block's largest magnitude, and the sum of the squares of its weights in units of it.</summary>
    private static float Measure(float* x, int count, out float squares)
    {
        Vector256<float> most = Vector256<float>.Zero;
        int i = 0;
        for (; i <= count - Width; i += Width)
        {
            most = Vector256.MaxNative(most, Vector256.Abs(Vector256.Load(x + i)));
        }

        float largest = 0;
        for (int l = 0; l < Width; l++)
        {
            largest = Math.Max(largest, most[l]);
        }

        for (int j = i; j < count; j++)
        {
            largest = Math.Max(largest, Math.Abs(x[j]));
        }

        float unit = MathF.ScaleB(1, largest == 0 ? 0 : Math.Clamp(MathF.ILogB(largest), -LargestExponent, LargestExponent));
        float factor = 1 / unit;
        Vector256<float> sum = Vector256<float>.Zero;
        for (i = 0; i <= count - Width; i += Width)
        {
            Vector256<float> one = Vector256.Load(x + i) * factor;
            sum = Vector256.FusedMultiplyAdd(one, one, sum);
        }

        squares = 0;
        for (int l = 0; l < Width; l++)
        {
            squares += sum[l];
        }

        for (; i < count; i++)
        {
            squares += x[i] * factor * (x[i] * factor);
        }

        return unit;
    }

    /// <summary>Makes weights of errors out of importance. Groups whose errors would count nothing count evenly.</summary>
    private void Weigh(int v, bool hasImportance)
    {
        int n = _plan.GroupInputs;
        float* x = X + (v * n * Width);
        float* w = W + (v * n * Width);
        float* wx = WX + (v * n * Width);
        Vector256<float> mean = Vector256<float>.Zero;
        if (_weighting == ErrorWeighting.Raised)
        {
            for (int i = 0; i < n; i++)
            {
                Vector256<float> one = Vector256.Load(x + (i * Width));
                mean = Vector256.FusedMultiplyAdd(one, one, mean);
            }

            mean = Vector256.Sqrt(mean / n);
        }
        else if (_weighting == ErrorWeighting.Smoothed)
        {
            mean = 2 * Vector256.Load(_meanSquare + (v * Width));
        }

        Vector256<float> sum = Vector256<float>.Zero;
        for (int i = 0; i < n; i++)
        {
            Vector256<float> one = Vector256.Load(x + (i * Width));
            Vector256<float> rule = _weighting switch
            {
                ErrorWeighting.Magnitude => Vector256.Abs(one),
                ErrorWeighting.Square => one * one,
                ErrorWeighting.Raised => mean + Vector256.Abs(one),
                ErrorWeighting.Smoothed => Vector256.Sqrt(Vector256.FusedMultiplyAdd(one, one, mean)),
                _ => Vector256<float>.One,
            };
            Vector256<float> weight = hasImportance ? rule * Vector256.Load(w + (i * Width)) : rule;
            sum += weight;
            weight.Store(w + (i * Width));
        }

        Vector256<float> none = Vector256.Equals(sum, Vector256<float>.Zero);
        Vector256.ConditionalSelect(none, Vector256.Create((float)n), sum).Store(SumW + (v * Width));
        for (int i = 0; i < n; i++)
        {
            Vector256<float> weight = Vector256.ConditionalSelect(none, Vector256<float>.One, Vector256.Load(w + (i * Width)));
            weight.Store(w + (i * Width));
            (weight * Vector256.Load(x + (i * Width))).Store(wx + (i * Width));
        }
    }
}

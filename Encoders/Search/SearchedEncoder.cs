using System;

namespace KernelGen.Encoders;

/// <summary>
/// Encodes weights in formats of one cell by searching for the parameters and codes that decode to them with the least weighted squared error. What it
/// does follows from the format's levels of scales and minima and from its codes, whatever it is called.
/// </summary>
/// <remarks>
/// <para>
/// Formats whose codes stand for single inputs, with a scale and perhaps a minimum per group, and a number of each per block where groups are
/// nested: the formats that ggml calls K-quants, IQ4_NL and IQ4_XS, its 4- and 5-bit ones, and whatever is declared like them. Formats whose codes are
/// vectors with signs: IQ2, IQ3 and IQ1.
/// </para>
/// <para>The bytes depend on the weights, the importance and the weighting only, not on threads or processor.</para>
/// <para>Source of the objective: <c>ggml-quants.c</c> (ggml, MIT). Source of importance: llama.cpp's imatrix, the mean squares of activations.</para>
/// </remarks>
public static unsafe class SearchedEncoder
{
    /// <summary>Whether a format can be encoded so.</summary>
    /// <param name="format">The format.</param>
    /// <returns>Whether it can.</returns>
    public static bool Accepts(FormatDescriptor format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return SearchPlan.TryCreate(format, out _) is not null;
    }

    /// <summary>
    /// Whether a search is how weights are usually encoded in a format: it is accepted, and has no encoder of its own, nested scales, or a table that
    /// reaches farther on one side.
    /// </summary>
    /// <param name="format">The format.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsUsual(FormatDescriptor format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return SearchPlan.TryCreate(format, out _) is { IsUsual: true };
    }

    /// <summary>Encodes weights.</summary>
    /// <param name="format">A format that <see cref="Accepts"/> accepts.</param>
    /// <param name="weights">Weights [outputs, inputs], row after row, finite.</param>
    /// <param name="outputs">Rows O, 0 or more.</param>
    /// <param name="inputs">Row length I, at least 1.</param>
    /// <param name="importance">[inputs] how much the squared errors of an input's weights count, not negative; empty for all alike.</param>
    /// <param name="options">How to search.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="SearchUnsupportedException">The format is of another kind.</exception>
    /// <exception cref="MatrixShapeException">The format cannot store such a matrix, or there are more or fewer weights.</exception>
    /// <exception cref="ImportanceException">The importance has another length, or an entry is negative or not finite.</exception>
    /// <exception cref="NonFiniteWeightException">A weight is NaN or infinite.</exception>
    public static QuantizedMatrix Encode(
        FormatDescriptor format, ReadOnlySpan<float> weights, long outputs, long inputs, ReadOnlySpan<float> importance = default, SearchOptions? options = null)
    {
        SearchPlan plan = PlanOf(format);
        QuantizedMatrix matrix = QuantizedMatrix.Create(format, outputs, inputs);
        return Filled(matrix, plan, weights, importance, options);
    }

    /// <summary>Encodes weights in a format known at compile time.</summary>
    /// <typeparam name="TFormat">A format that <see cref="Accepts"/> accepts.</typeparam>
    /// <param name="weights">Weights [outputs, inputs], row after row, finite.</param>
    /// <param name="outputs">Rows O, 0 or more.</param>
    /// <param name="inputs">Row length I, at least 1.</param>
    /// <param name="importance">[inputs] how much the squared errors of an input's weights count, not negative; empty for all alike.</param>
    /// <param name="options">How to search.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="SearchUnsupportedException">The format is of another kind.</exception>
    /// <exception cref="MatrixShapeException">The format cannot store such a matrix, or there are more or fewer weights.</exception>
    /// <exception cref="ImportanceException">The importance has another length, or an entry is negative or not finite.</exception>
    /// <exception cref="NonFiniteWeightException">A weight is NaN or infinite.</exception>
    public static QuantizedMatrix<TFormat> Encode<TFormat>(
        ReadOnlySpan<float> weights, long outputs, long inputs, ReadOnlySpan<float> importance = default, SearchOptions? options = null)
        where TFormat : struct, IQuantFormat<TFormat>
    {
        SearchPlan plan = PlanOf(TFormat.Descriptor);
        return Filled(QuantizedMatrix<TFormat>.Create(outputs, inputs), plan, weights, importance, options);
    }

    /// <summary>Encodes weights of any size.</summary>
    /// <param name="format">A format that <see cref="Accepts"/> accepts.</param>
    /// <param name="weights">The weights, finite.</param>
    /// <param name="importance">[inputs] how much the squared errors of an input's weights count, not negative; empty for all alike.</param>
    /// <param name="options">How to search.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="SearchUnsupportedException">The format is of another kind.</exception>
    /// <exception cref="MatrixShapeException">The format cannot store such a matrix.</exception>
    /// <exception cref="ImportanceException">The importance has another length, or an entry is negative or not finite.</exception>
    /// <exception cref="NonFiniteWeightException">A weight is NaN or infinite.</exception>
    public static QuantizedMatrix Encode(FormatDescriptor format, WeightRows weights, ReadOnlySpan<float> importance = default, SearchOptions? options = null)
    {
        SearchPlan plan = PlanOf(format);
        QuantizedMatrix matrix = QuantizedMatrix.Create(format, weights.Outputs, weights.Inputs);
        try
        {
            Fill(matrix, plan, weights, importance, options ?? new SearchOptions());
            return matrix;
        }
        catch
        {
            matrix.Dispose();
            throw;
        }
    }

    private static SearchPlan PlanOf(FormatDescriptor format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return SearchPlan.TryCreate(format, out string reason) ?? throw new SearchUnsupportedException(format, reason);
    }

    private static TMatrix Filled<TMatrix>(TMatrix matrix, SearchPlan plan, ReadOnlySpan<float> weights, ReadOnlySpan<float> importance, SearchOptions? options)
        where TMatrix : QuantizedMatrix
    {
        try
        {
            if (weights.Length != matrix.Outputs * matrix.Inputs)
            {
                throw new MatrixShapeException($"'{nameof(weights)}' must have exactly {matrix.Outputs * matrix.Inputs} elements; it has {weights.Length}.", nameof(weights));
            }

            fixed (float* first = weights)
            {
                if (first != null)
                {
                    Fill(matrix, plan, new WeightRows(first, matrix.Inputs, matrix.Outputs, matrix.Inputs), importance, options ?? new SearchOptions());
                }
            }

            return matrix;
        }
        catch
        {
            matrix.Dispose();
            throw;
        }
    }

    private static void Fill(QuantizedMatrix matrix, SearchPlan plan, WeightRows weights, ReadOnlySpan<float> importance, SearchOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.Threads, nameof(options));
        SearchFactory factory = new(plan, options.Weighting, !importance.IsEmpty);
        using NativeBuffer counted = Importance(importance, weights.Inputs, (long)plan.Format.BlockInputs * plan.BlocksTogether);
        weights.CheckFinite(options.Threads);
        long blocks = (weights.Inputs + plan.Format.BlockInputs - 1) / plan.Format.BlockInputs;
        SearchWork work = new()
        {
            Matrix = matrix,
            Factory = factory,
            Kernels = TargetSelection.Select(plan.Format),
            Weights = weights,
            Importance = (float*)counted.Pointer,
            IsEven = importance.IsEmpty,
            Blocks = blocks,
            Batches = (blocks + plan.BlocksTogether - 1) / plan.BlocksTogether,
        };
        WorkerPool.Shared.Run(work, weights.Outputs * work.Batches, options.Threads);
    }

    /// <summary>
    /// Importance by input, zeros from the row's end to a whole number of what is searched together. It is scaled by a power of two so that the largest is
    /// near one: only ratios matter.
    /// </summary>
    private static NativeBuffer Importance(ReadOnlySpan<float> importance, long inputs, long granule)
    {
        if (importance.Length != inputs && !importance.IsEmpty)
        {
            throw new ImportanceException($"The importance has {importance.Length} entries; the weights have {inputs} inputs. Give one entry per input.");
        }

        float largest = 0;
        for (int i = 0; i < importance.Length; i++)
        {
            largest = importance[i] >= 0 && float.IsFinite(importance[i])
                ? Math.Max(largest, importance[i])
                : throw new ImportanceException($"The importance of input {i} is {importance[i]}. Give finite numbers that are not negative.");
        }

        NativeBuffer buffer = new(checked((inputs + granule - 1) / granule * granule * sizeof(float)));
        float* to = (float*)buffer.Pointer;
        int exponent = largest == 0 ? 0 : -MathF.ILogB(largest);
        for (int i = 0; i < inputs; i++)
        {
            to[i] = importance.IsEmpty ? 1 : MathF.ScaleB(importance[i], exponent);
        }

        return buffer;
    }

    /// <summary>An item is some blocks of a row that are searched together.</summary>
    private struct SearchWork : IRangeWork
    {
        public QuantizedMatrix Matrix;
        public SearchFactory Factory;
        public KernelSet Kernels;
        public WeightRows Weights;
        public float* Importance;
        public bool IsEven;
        public long Blocks;
        public long Batches;

        public readonly void Run(long first, long end, int participant)
        {
            using IBlockSearch search = Factory.Create();
            byte* stored = Matrix.Blocks;
            for (long item = first; item < end; item++)
            {
                long row = item / Batches, block = item % Batches * search.Blocks;
                byte* to = stored + (row * Matrix.RowByteCount) + (block * Matrix.Format.BlockBytes);
                bool plain = IsEven && (block + search.Blocks) * Matrix.Format.BlockInputs <= Weights.Inputs;
                search.Encode(Weights.Row(row), Weights.Inputs, plain ? null : Importance, block, Kernels, to, Math.Min(search.Blocks, Blocks - block));
            }
        }
    }
}

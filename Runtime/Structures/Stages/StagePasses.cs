namespace KernelGen;

/// <summary>The passes over activations and results that stages are made of; an item is a row of the part.</summary>
internal static unsafe class StagePasses
{
    /// <summary>The bytes of scratch <see cref="ScaleInputs"/> takes.</summary>
    /// <param name="rows">Activation rows.</param>
    /// <param name="inputs">Floats of a row.</param>
    /// <param name="ownsInput">Whether they may be overwritten.</param>
    /// <returns>Bytes.</returns>
    public static long ScaleBytes(long rows, long inputs, bool ownsInput) => ownsInput ? 0 : StageRows.Bytes(rows, inputs);

    /// <summary>Multiplies activations by a vector over the inputs, in place where they may be overwritten.</summary>
    /// <param name="product">The product.</param>
    /// <param name="x">The activations.</param>
    /// <param name="factors">The vector.</param>
    /// <param name="inputs">Its length.</param>
    /// <param name="scratch">Scratch.</param>
    /// <returns>The products.</returns>
    public static StageRows ScaleInputs(in StageProduct product, in StageRows x, float* factors, long inputs, byte* scratch)
    {
        StageRows scaled = x.IsScratch ? x : StageRows.InScratch(scratch, inputs, product);
        product.RunRows(new Scaling { From = x, Factors = factors, To = scaled, First = product.Part.FirstRow, Columns = inputs }, inputs);
        return scaled;
    }

    /// <summary>Takes some columns of the activations.</summary>
    /// <param name="product">The product.</param>
    /// <param name="x">The activations.</param>
    /// <param name="columns">Which.</param>
    /// <param name="count">How many.</param>
    /// <param name="scratch">Where they go.</param>
    /// <returns>What was taken.</returns>
    public static StageRows Gather(in StageProduct product, in StageRows x, int* columns, long count, byte* scratch)
    {
        StageRows taken = StageRows.InScratch(scratch, count, product);
        product.RunRows(new Gathering { From = x, Index = columns, To = taken, First = product.Part.FirstRow, Columns = count }, count);
        return taken;
    }

    /// <summary>Sums activations weighted by a vector over the inputs, one f32 a row.</summary>
    /// <param name="product">The product.</param>
    /// <param name="x">The activations.</param>
    /// <param name="factors">The vector.</param>
    /// <param name="inputs">Its length.</param>
    /// <param name="sums">Where they go.</param>
    public static void SumInputs(in StageProduct product, in StageRows x, float* factors, long inputs, float* sums) =>
        product.RunRows(new Summing { From = x, Factors = factors, Sums = sums, First = product.Part.FirstRow, Columns = inputs }, inputs);

    /// <summary>Multiplies results by a vector over the outputs.</summary>
    /// <param name="product">The product.</param>
    /// <param name="y">The results.</param>
    /// <param name="factors">The vector.</param>
    public static void ScaleOutputs(in StageProduct product, in StageRows y, PinnedVector factors)
    {
        StageRows part = FromFirstOutput(product, y);
        product.RunRows(
            new Scaling { From = part, Factors = factors.Pointer + product.Part.FirstOutput, To = part, First = product.Part.FirstRow, Columns = product.PartOutputs },
            product.PartOutputs);
    }

    /// <summary>Adds results to others.</summary>
    /// <param name="product">The product.</param>
    /// <param name="terms">What is added.</param>
    /// <param name="y">What it is added to.</param>
    public static void AddOutputs(in StageProduct product, in StageRows terms, in StageRows y) => product.RunRows(
        new Adding { From = FromFirstOutput(product, terms), To = FromFirstOutput(product, y), First = product.Part.FirstRow, Columns = product.PartOutputs },
        product.PartOutputs);

    /// <summary>Adds one number a row to results.</summary>
    /// <param name="product">The product.</param>
    /// <param name="sums">The numbers.</param>
    /// <param name="y">The results.</param>
    /// <param name="isNegative">Whether the numbers are subtracted.</param>
    public static void ShiftOutputs(in StageProduct product, float* sums, in StageRows y, bool isNegative) => product.RunRows(
        new Shifting { Sums = sums, IsNegative = isNegative, To = FromFirstOutput(product, y), First = product.Part.FirstRow, Columns = product.PartOutputs },
        product.PartOutputs);

    /// <summary>Normalizes whole rows of results.</summary>
    /// <param name="product">The product; its part spans all outputs.</param>
    /// <param name="y">The results.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public static void Normalize(in StageProduct product, in StageRows y, double epsilon) => product.RunRows(
        new Normalizing { To = y, First = product.Part.FirstRow, Columns = product.PartOutputs, Epsilon = epsilon },
        product.PartOutputs);

    private static StageRows FromFirstOutput(in StageProduct product, in StageRows y) => new(y.Pointer + product.Part.FirstOutput, y.Stride, y.IsScratch);

    private struct Scaling : IRangeWork
    {
        public StageRows From;
        public float* Factors;
        public StageRows To;
        public long First;
        public long Columns;

        public readonly void Run(long first, long end, int participant)
        {
            for (long row = First + first; row < First + end; row++)
            {
                RowLoops.Multiply(From.Row(row), Factors, To.Row(row), Columns);
            }
        }
    }

    private struct Gathering : IRangeWork
    {
        public StageRows From;
        public int* Index;
        public StageRows To;
        public long First;
        public long Columns;

        public readonly void Run(long first, long end, int participant)
        {
            for (long row = First + first; row < First + end; row++)
            {
                RowLoops.Gather(From.Row(row), Index, To.Row(row), Columns);
            }
        }
    }

    private struct Summing : IRangeWork
    {
        public StageRows From;
        public float* Factors;
        public float* Sums;
        public long First;
        public long Columns;

        public readonly void Run(long first, long end, int participant)
        {
            for (long row = first; row < end; row++)
            {
                Sums[row] = (float)RowLoops.Dot(From.Row(First + row), Factors, Columns);
            }
        }
    }

    private struct Adding : IRangeWork
    {
        public StageRows From;
        public StageRows To;
        public long First;
        public long Columns;

        public readonly void Run(long first, long end, int participant)
        {
            for (long row = First + first; row < First + end; row++)
            {
                RowLoops.Add(From.Row(row), To.Row(row), Columns);
            }
        }
    }

    private struct Shifting : IRangeWork
    {
        public float* Sums;
        public bool IsNegative;
        public StageRows To;
        public long First;
        public long Columns;

        public readonly void Run(long first, long end, int participant)
        {
            for (long row = first; row < end; row++)
            {
                RowLoops.AddConstant(IsNegative ? -Sums[row] : Sums[row], To.Row(First + row), Columns);
            }
        }
    }

    private struct Normalizing : IRangeWork
    {
        public StageRows To;
        public long First;
        public long Columns;
        public double Epsilon;

        public readonly void Run(long first, long end, int participant)
        {
            for (long row = First + first; row < First + end; row++)
            {
                RowLoops.Normalize(To.Row(row), Columns, Epsilon);
            }
        }
    }
}

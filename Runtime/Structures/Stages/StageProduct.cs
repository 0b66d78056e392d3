namespace KernelGen;

/// <summary>What all stages of one product share, all checked.</summary>
/// <param name="Rows">Activation rows M of the whole product.</param>
/// <param name="Part">What is computed; not empty.</param>
/// <param name="Options">How.</param>
internal readonly record struct StageProduct(long Rows, OutputRectangle Part, MultiplyOptions Options)
{
    private const long FloatsPerThread = 1 << 15;

    /// <summary>Activation rows computed.</summary>
    public long PartRows => Part.EndRow - Part.FirstRow;

    /// <summary>Outputs computed.</summary>
    public long PartOutputs => Part.EndOutput - Part.FirstOutput;

    /// <summary>Runs work over the part's rows on as many threads as pay.</summary>
    /// <typeparam name="TWork">The kind of work; an item is a row, counted from the part's first.</typeparam>
    /// <param name="work">The work.</param>
    /// <param name="columns">Floats of a row.</param>
    public void RunRows<TWork>(TWork work, long columns)
        where TWork : struct, IRangeWork
    {
        WorkerPool pool = Options.Pool ?? WorkerPool.Shared;
        int threads = pool.Limit(Options.Threads);
        if (Options.Threads == 0)
        {
            threads = (int)long.Min(threads, 1 + (PartRows * columns / FloatsPerThread));
        }

        pool.Run(work, PartRows, threads);
    }
}

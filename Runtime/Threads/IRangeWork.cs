namespace KernelGen;

/// <summary>Work over a range of items that a <see cref="WorkerPool"/> splits among threads.</summary>
public interface IRangeWork
{
    /// <summary>
    /// Does items [first, end). Called from several threads at once, with ranges that do not overlap and cover all items;
    /// which thread gets which range differs from run to run, so no result may depend on it.
    /// </summary>
    /// <param name="first">First item.</param>
    /// <param name="end">One past the last item.</param>
    /// <param name="participant">A number below the thread count that no two threads share during one run: the key to per-thread scratch.</param>
    void Run(long first, long end, int participant);
}

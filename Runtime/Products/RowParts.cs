using System;

namespace KernelGen;

/// <summary>
/// Cuts the blocks of activation rows into parts, so that a part's packed activations stay in a near cache while all panels
/// pass, and so that there is work for all threads where there are few panels.
/// </summary>
internal static class RowParts
{
    private const long LeastRows = 96;

    /// <summary>How many parts.</summary>
    /// <param name="blocks">The blocks of rows.</param>
    /// <param name="rowBytes">Bytes of a packed row.</param>
    /// <param name="cacheBytes">Bytes of activations a part may have.</param>
    /// <param name="panels">Panels, each of which is decoded once for every part.</param>
    /// <param name="threads">Threads.</param>
    /// <returns>1 to the number of blocks.</returns>
    public static long Count(in RowBlocks blocks, long rowBytes, long cacheBytes, long panels, int threads)
    {
        long rows = Math.Max(LeastRows, cacheBytes / Math.Max(rowBytes, 1));
        long parts = Math.Max(1, (blocks.Rows + (rows / 2)) / rows);
        if (panels * parts < threads)
        {
            parts = (threads + panels - 1) / panels;
        }

        return Math.Min(parts, blocks.Count);
    }

    /// <summary>The first block of a part.</summary>
    /// <param name="blocks">All blocks.</param>
    /// <param name="part">The part.</param>
    /// <param name="parts">How many parts.</param>
    /// <returns>The block; the part ends where the next begins.</returns>
    public static long First(long blocks, long part, long parts) => (part * (blocks / parts)) + Math.Min(part, blocks % parts);
}

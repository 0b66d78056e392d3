using System;

namespace KernelGen.Encoders;

/// <summary>Blocks as they are stored where a parameter is stored apart from them.</summary>
internal static unsafe class StoredBlocks
{
    /// <summary>Copies whole blocks without the bytes of a parameter that outputs or blocks share.</summary>
    /// <param name="format">The cell's format.</param>
    /// <param name="apart">The parameter.</param>
    /// <param name="from">Blocks as the kernels read them.</param>
    /// <param name="blocks">Their number.</param>
    /// <param name="to">Where they go.</param>
    public static void Store(FormatDescriptor format, SharedParameter apart, byte* from, long blocks, byte* to)
    {
        int rest = format.BlockBytes - apart.At - apart.Bytes;
        for (long block = 0; block < blocks; block++, from += format.BlockBytes, to += apart.At + rest)
        {
            Buffer.MemoryCopy(from, to, apart.At, apart.At);
            Buffer.MemoryCopy(from + apart.At + apart.Bytes, to + apart.At, rest, rest);
        }
    }
}

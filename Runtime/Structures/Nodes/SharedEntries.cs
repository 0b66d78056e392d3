using System;
using System.Linq;

namespace KernelGen;

/// <summary>
/// Between stored blocks that lack the parameters that several outputs or blocks share, in their stored order, and blocks as the kernels read them: those of
/// the outputs, in order, where each has its own copy.
/// </summary>
internal static unsafe class SharedEntries
{
    /// <summary>Bytes of a stored row.</summary>
    /// <param name="format">The cell's format.</param>
    /// <param name="shared">What its rows share.</param>
    /// <param name="scope">What the cell covers.</param>
    /// <returns>Bytes.</returns>
    public static long RowBytes(FormatDescriptor format, SharedParameter[] shared, NodeScope scope)
    {
        long bytes = MatrixShape.RowBytes(format, scope.Outputs, scope.Inputs);
        int less = shared.Sum(static parameter => parameter.Bytes);
        return less == 0 ? bytes : bytes / format.BlockBytes * (format.BlockBytes - less);
    }

    /// <summary>Blocks of a row.</summary>
    /// <param name="format">The cell's format.</param>
    /// <param name="inputs">Row length.</param>
    /// <returns>Their number, the last one whole or not.</returns>
    public static long RowBlocks(FormatDescriptor format, long inputs) => (inputs + format.BlockInputs - 1) / format.BlockInputs;

    /// <summary>Makes whole blocks of stored ones, in the order of the outputs.</summary>
    /// <param name="format">The cell's format.</param>
    /// <param name="shared">What its rows share.</param>
    /// <param name="tensors">The stored tensors.</param>
    /// <param name="scope">What the cell covers.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="StoredTensorException">A parameter is not finite.</exception>
    public static NativeBuffer Complete(FormatDescriptor format, SharedParameter[] shared, TensorSet tensors, NodeScope scope)
    {
        long rowBytes = MatrixShape.RowBytes(format, scope.Outputs, scope.Inputs);
        SharedParameter[] inBlock = [.. shared.Where(static parameter => parameter.Bytes != 0).OrderBy(static parameter => parameter.At)];
        StoredTensor[] entries = [.. inBlock.Select(parameter => tensors[scope.Prefix + parameter.Name])];
        Array.ForEach(entries, CellTensors.CheckFinite);
        NativeBuffer rows = new(checked(scope.Outputs * rowBytes));
        byte* blocks = tensors[scope.Prefix + CellNode.Blocks].Pointer;
        long storedBytes = RowBytes(format, shared, scope);
        byte* to = rows.Pointer;
        long rowBlocks = RowBlocks(format, scope.Inputs);
        for (long output = 0; output < scope.Outputs; output++)
        {
            long row = scope.StoredRow(output);
            byte* from = blocks + (row * storedBytes);
            if (inBlock.Length == 0)
            {
                Copy(from, to, rowBytes);
                to += rowBytes;
                continue;
            }

            for (long block = 0; block < rowBlocks; block++)
            {
                int at = 0;
                for (int p = 0; p < inBlock.Length; p++)
                {
                    SharedParameter parameter = inBlock[p];
                    Copy(from, to + at, parameter.At - at);
                    from += parameter.At - at;
                    long first = parameter.Entry(row, block, scope, rowBlocks);
                    for (int i = 0; i < parameter.PerBlock; i++)
                    {
                        ScalarElements.Write(to + parameter.At, parameter.Type, i, entries[p].GetBits(first + i));
                    }

                    at = parameter.At + parameter.Bytes;
                }

                Copy(from, to + at, format.BlockBytes - at);
                from += format.BlockBytes - at;
                to += format.BlockBytes;
            }
        }

        return rows;
    }

    /// <summary>Writes the rows of a matrix without what its rows share, in their stored order.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="shared">What they share.</param>
    /// <param name="rows">The stored row of every output, or null where they stand in the order of the outputs.</param>
    /// <param name="to">Where they go.</param>
    public static void Strip(QuantizedMatrix matrix, SharedParameter[] shared, int[]? rows, byte* to)
    {
        SharedParameter[] inBlock = [.. shared.Where(static parameter => parameter.Bytes != 0).OrderBy(static parameter => parameter.At)];
        int blockBytes = matrix.Format.BlockBytes;
        long rowBytes = matrix.RowByteCount;
        long storedBytes = inBlock.Length == 0 ? rowBytes : rowBytes / blockBytes * (blockBytes - inBlock.Sum(static parameter => parameter.Bytes));
        for (long output = 0; output < matrix.Outputs; output++)
        {
            byte* row = matrix.Blocks + (output * rowBytes);
            byte* stored = to + ((rows is null ? output : rows[output]) * storedBytes);
            if (inBlock.Length == 0)
            {
                Copy(row, stored, rowBytes);
            }
            else
            {
                Strip(row, rowBytes, blockBytes, inBlock, stored);
            }
        }

        GC.KeepAlive(matrix);
    }

    private static void Strip(byte* from, long rowBytes, int blockBytes, SharedParameter[] inBlock, byte* to)
    {
        for (byte* end = from + rowBytes; from < end; from += blockBytes)
        {
            int at = 0;
            foreach (SharedParameter parameter in inBlock)
            {
                Copy(from + at, to, parameter.At - at);
                to += parameter.At - at;
                at = parameter.At + parameter.Bytes;
            }

            Copy(from + at, to, blockBytes - at);
            to += blockBytes - at;
        }
    }

    private static void Copy(byte* from, byte* to, long bytes) => Buffer.MemoryCopy(from, to, bytes, bytes);
}

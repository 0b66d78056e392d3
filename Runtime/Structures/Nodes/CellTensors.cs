using System;
using System.Linq;

namespace KernelGen;

/// <summary>
/// Between the tensors of a cell and the matrix that holds it: there the side parameters of a row stand one after another in whole
/// bytes, and tables per input are f32, here each is a tensor of its own, packed, as stored.
/// </summary>
internal static unsafe class CellTensors
{
    /// <summary>Makes the matrix from tensors of the right shape.</summary>
    /// <param name="format">The cell's format.</param>
    /// <param name="shared">The parameters that several outputs share.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="scope">What the cell covers; at least one column.</param>
    /// <returns>The matrix.</returns>
    /// <exception cref="StoredTensorException">A parameter is not finite.</exception>
    public static QuantizedMatrix Load(FormatDescriptor format, SharedParameter[] shared, TensorSet tensors, NodeScope scope)
    {
        long outputs = scope.Outputs;
        using NativeBuffer rows = new(checked(outputs * format.RowSideBytes));
        using NativeBuffer tensor = new(format.MatrixSideBytes(scope.Inputs));
        int row = 0;
        int matrix = 0;
        foreach (FormatParameter side in CellNode.Sides(format))
        {
            int bytes = SideBytes(CellNode.TypeOf(side));
            StoredTensor stored = tensors[scope.Prefix + side.Name];
            CheckFinite(stored);
            if (side.Per == Extent.Column)
            {
                float* numbers = (float*)(tensor.Pointer + format.TensorSideBytes);
                for (long i = 0; i < stored.Info.Count; i++)
                {
                    numbers[i] = stored.GetNumber(i);
                }

                continue;
            }

            SharedParameter? group = Array.Find(shared, parameter => parameter.Name == side.Name);
            bool perRow = side.Per == Extent.Row;
            for (long i = 0; i < (perRow ? outputs : 1); i++)
            {
                byte* to = perRow ? rows.Pointer + (i * format.RowSideBytes) + row : tensor.Pointer + matrix;
                long own = perRow ? scope.StoredRow(i) : i;
                long first = (group is null ? own : group.Group(own, scope)) * side.Count;
                for (int number = 0; number < side.Count; number++)
                {
                    Put(to + (number * bytes), stored.GetBits(first + number), bytes);
                }
            }

            row += perRow ? bytes * side.Count : 0;
            matrix += perRow ? 0 : bytes * side.Count;
        }

        StoredTensor blocks = tensors[scope.Prefix + CellNode.Blocks];
        bool isWhole = scope.Rows is null && !Array.Exists(shared, static parameter => parameter.Bytes != 0);
        using NativeBuffer? complete = isWhole ? null : SharedEntries.Complete(format, shared, tensors, scope);
        QuantizedMatrix made = QuantizedMatrix.FromBlocks(format, outputs, scope.Inputs, new BorrowedWeights
        {
            Blocks = complete is null ? blocks.Pointer : complete.Pointer,
            BlockBytes = complete is null ? blocks.Info.ByteCount : complete.Length,
            RowSides = rows.Pointer,
            RowSideBytes = rows.Length,
            TensorSide = tensor.Pointer,
            TensorSideBytes = tensor.Length,
        });
        // What is inside blocks, and scalars of the format's own, show when they are decoded.
        bool isHidden = format.ParametersPerBlock > 0 || CellNode.Sides(format).Any(static side => side.Type is null);
        if (isHidden && made.Validate() is { } fault)
        {
            made.Dispose();
            throw new StoredTensorException(blocks.Info.Name, $"{fault}.");
        }

        return made;
    }

    /// <summary>Writes a matrix as tensors.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="tensors">Gets them.</param>
    /// <param name="prefix">What their names start with.</param>
    public static void Store(QuantizedMatrix matrix, TensorSet tensors, string prefix)
    {
        FormatDescriptor format = matrix.Format;
        StoredTensor blocks = tensors.Add(new TensorInfo(prefix + CellNode.Blocks, ScalarType.UInt8, matrix.Outputs, matrix.RowByteCount));
        Buffer.MemoryCopy(matrix.Blocks, blocks.Pointer, blocks.Info.ByteCount, matrix.BlockByteCount);
        int row = 0;
        int tensor = 0;
        foreach (FormatParameter side in CellNode.Sides(format))
        {
            int bytes = SideBytes(CellNode.TypeOf(side));
            if (side.Per == Extent.Column)
            {
                StoredTensor tables = tensors.Add(InfoOf(side, prefix, matrix.Inputs));
                for (long i = 0; i < tables.Info.Count; i++)
                {
                    tables.SetNumber(i, ((float*)(matrix.TensorSide + format.TensorSideBytes))[i]);
                }

                continue;
            }

            bool perRow = side.Per == Extent.Row;
            StoredTensor stored = tensors.Add(InfoOf(side, prefix, perRow ? matrix.Outputs : 1));
            for (long i = 0; i < (perRow ? matrix.Outputs : 1); i++)
            {
                byte* from = perRow ? matrix.RowSides + (i * format.RowSideBytes) + row : matrix.TensorSide + tensor;
                for (int number = 0; number < side.Count; number++)
                {
                    stored.SetBits((i * side.Count) + number, Get(from + (number * bytes), bytes));
                }
            }

            row += perRow ? bytes * side.Count : 0;
            tensor += perRow ? 0 : bytes * side.Count;
        }

        GC.KeepAlive(matrix);
    }

    /// <summary>The tensor of a side parameter.</summary>
    /// <param name="side">The parameter.</param>
    /// <param name="prefix">What the tensor's name starts with.</param>
    /// <param name="entries">Its entries.</param>
    /// <returns>What the tensor is.</returns>
    public static TensorInfo InfoOf(FormatParameter side, string prefix, long entries) => side.Count == 1
        ? new TensorInfo(prefix + side.Name, CellNode.TypeOf(side), entries)
        : new TensorInfo(prefix + side.Name, CellNode.TypeOf(side), entries, side.Count);

    /// <summary>Checks that every number of a tensor is finite.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <exception cref="StoredTensorException">One is not.</exception>
    public static void CheckFinite(StoredTensor tensor)
    {
        for (long i = 0; i < tensor.Info.Count; i++)
        {
            float number = tensor.GetNumber(i);
            if (!float.IsFinite(number))
            {
                throw new StoredTensorException(tensor.Info.Name, $"entry {i} is {number}; stored numbers must be finite.");
            }
        }
    }

    private static int SideBytes(ScalarType type) => (ScalarElements.Bits(type) + 7) / 8;

    private static void Put(byte* to, uint bits, int bytes)
    {
        for (int i = 0; i < bytes; i++)
        {
            to[i] = (byte)(bits >> (8 * i));
        }
    }

    private static uint Get(byte* from, int bytes)
    {
        uint bits = 0;
        for (int i = 0; i < bytes; i++)
        {
            bits |= (uint)from[i] << (8 * i);
        }

        return bits;
    }
}

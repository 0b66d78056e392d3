using System;
using System.Threading;

namespace KernelGen;

/// <summary>
/// Quantized weights W, O x I (outputs by inputs), in a format that may be known at run time only, and products with them:
/// Y[M, O] = X[M, I] * W^T.
/// </summary>
/// <remarks>
/// <para>
/// The stored rows, byte for byte what the format declares, are the truth; they are the matrix's own copy or a view of memory
/// that another object keeps (a mapped file). <see cref="Pack"/> keeps a second, faster arrangement beside them, which
/// <see cref="SavePacked(string)"/> writes to a file; a matrix opened from such a file has that arrangement only.
/// </para>
/// <para>
/// Any number of threads may read and multiply at once. Packing, unpacking, quantizing rows and disposing are safe against
/// running products in that no memory is freed under them; a product that runs while a row is quantized sees some mixture of
/// old and new. Dispose matrices: the garbage collector does not see the size of native memory.
/// </para>
/// </remarks>
public unsafe partial class QuantizedMatrix : IWeightMatrix
{
    private const int Disposed = 1 << 31;

    private readonly NativeBuffer? _own;
    private readonly IDisposable? _owner;
    private readonly byte* _blocks;
    private readonly byte* _rowSides;
    private readonly byte* _tensorSide;
    private readonly bool _hasRows;

    // Calls in progress; the highest bit is set by Dispose, and the last to leave frees.
    private int _users;
    private int _freed;

    /// <summary>Makes a matrix with its own memory, all zero.</summary>
    private protected QuantizedMatrix(FormatDescriptor format, long outputs, long inputs)
    {
        Format = format;
        Outputs = outputs;
        Inputs = inputs;
        RowByteCount = MatrixShape.RowBytes(format, outputs, inputs);
        ScratchLayout layout = default;
        layout.Add(BlockByteCount);
        long sides = layout.Add(RowSideByteCount);
        long tensor = layout.Add(TensorSideByteCount);
        _own = new NativeBuffer(layout.Bytes);
        _blocks = _own.Pointer;
        _rowSides = _blocks + sides;
        _tensorSide = _blocks + tensor;
        _hasRows = true;
    }

    /// <summary>Makes a view.</summary>
    private protected QuantizedMatrix(FormatDescriptor format, long outputs, long inputs, in BorrowedWeights weights)
    {
        Format = format;
        Outputs = outputs;
        Inputs = inputs;
        RowByteCount = MatrixShape.RowBytes(format, outputs, inputs);
        MatrixShape.CheckLengths(format, outputs, inputs, weights.BlockBytes, weights.RowSideBytes, weights.TensorSideBytes);
        if ((weights.Blocks == null && BlockByteCount > 0) || (weights.RowSides == null && RowSideByteCount > 0)
            || (weights.TensorSide == null && TensorSideByteCount > 0))
        {
            throw new ArgumentNullException(nameof(weights), $"{format.Name} stores blocks and side parameters; every one of non-zero length needs its address.");
        }

        _blocks = weights.Blocks;
        _rowSides = weights.RowSides;
        _tensorSide = weights.TensorSide;
        _owner = weights.Owner;
        _hasRows = true;
    }

    /// <summary>Makes a matrix of panels without stored rows.</summary>
    private protected QuantizedMatrix(FormatDescriptor format, in PackedWeights packed)
    {
        Format = format;
        Outputs = packed.Header.Outputs;
        Inputs = packed.Header.Inputs;
        RowByteCount = MatrixShape.RowBytes(format, Outputs, Inputs);
        _rowSides = packed.Bytes + packed.Header.RowSidesAt;
        _tensorSide = packed.Bytes + packed.Header.TensorSideAt;
        _panels = new PackedPanels(packed.Kernels, packed.Bytes + packed.Header.HeaderBytes, null);
        _owner = packed.Owner;
    }

    /// <summary>The format.</summary>
    public FormatDescriptor Format { get; }

    /// <summary>Rows O, 0 or more.</summary>
    public long Outputs { get; }

    /// <summary>Row length I, at least 1.</summary>
    public long Inputs { get; }

    /// <summary>Whether the stored rows are borrowed from another object and so cannot be written.</summary>
    public bool IsView => _own is null;

    /// <summary>Bytes of a stored row, side parameters apart.</summary>
    public long RowByteCount { get; }

    /// <summary>Bytes of all stored rows.</summary>
    public long BlockByteCount => checked(Outputs * RowByteCount);

    /// <summary>Bytes of the side parameters of all rows.</summary>
    public long RowSideByteCount => checked(Outputs * Format.RowSideBytes);

    /// <summary>Bytes of the side parameters of the matrix.</summary>
    public long TensorSideByteCount => Format.MatrixSideBytes(Inputs);

    /// <summary>Bytes that store the matrix: rows and side parameters, the packed arrangement apart.</summary>
    public long ByteCount => checked(BlockByteCount + RowSideByteCount + TensorSideByteCount);

    /// <summary>Stored rows, one after another, with any alignment. Keep the matrix reachable while the pointer is in use.</summary>
    /// <exception cref="StoredRowsMissingException">The matrix has packed panels only.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public byte* Blocks => _hasRows ? Live(_blocks) : throw RowsMissing("Reading the blocks");

    /// <summary>Side parameters by row, with any alignment.</summary>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public byte* RowSides => Live(_rowSides);

    /// <summary>Side parameters of the matrix, with any alignment.</summary>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public byte* TensorSide => Live(_tensorSide);

    /// <summary>Frees the matrix's memory and disposes the owner of borrowed memory, at once or when running calls have ended.</summary>
    public void Dispose()
    {
        int before = Interlocked.Or(ref _users, Disposed);
        if (before == 0)
        {
            Free();
        }

        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Format.Name} {Outputs} x {Inputs}";

    /// <summary>Keeps the memory until <see cref="Leave"/>.</summary>
    private void Enter()
    {
        if (Interlocked.Increment(ref _users) < 0)
        {
            Leave();
            ObjectDisposedException.ThrowIf(true, this);
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _users) == Disposed)
        {
            Free();
        }
    }

    // A failed Enter leaves once more.
    private void Free()
    {
        if (Interlocked.Exchange(ref _freed, 1) != 0)
        {
            return;
        }

        DropPanels();
        _own?.Dispose();
        _owner?.Dispose();
    }

    private byte* Live(byte* pointer)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _users) < 0, this);
        return pointer;
    }
}

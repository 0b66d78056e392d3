using System;

namespace KernelGen;

/// <summary>
/// Stored weights in memory that another object keeps, such as a mapped file. No alignment is needed. The memory must stay
/// readable and unchanged until the matrix made from it has been disposed.
/// </summary>
public unsafe struct BorrowedWeights
{
    /// <summary>Stored rows, one after another.</summary>
    public byte* Blocks;

    /// <summary>Bytes of all stored rows.</summary>
    public long BlockBytes;

    /// <summary>Side parameters by row; null where the format has none.</summary>
    public byte* RowSides;

    /// <summary>Bytes of the side parameters by row.</summary>
    public long RowSideBytes;

    /// <summary>Side parameters of the matrix; null where the format has none.</summary>
    public byte* TensorSide;

    /// <summary>Bytes of the side parameters of the matrix.</summary>
    public long TensorSideBytes;

    /// <summary>Disposed with the matrix; null where somebody else keeps the memory.</summary>
    public IDisposable? Owner;
}

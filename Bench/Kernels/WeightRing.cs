using System;

namespace KernelGen.Bench.Kernels;

/// <summary>Packed copies of a matrix, enough of them that walking round never finds one in a cache.</summary>
internal sealed class WeightRing : IDisposable
{
    private readonly QuantizedMatrix[] _copies;
    private int _next;

    /// <summary>Makes the copies.</summary>
    /// <param name="source">The matrix; the ring disposes it.</param>
    /// <param name="target">Kernels that read them, or null for the machine's best.</param>
    /// <param name="leastBytes">Declared bytes of all copies together, at least; 0 for one copy.</param>
    /// <param name="packed">Whether the kernels read panels; otherwise they read rows as stored, of which every copy has its own.</param>
    public unsafe WeightRing(QuantizedMatrix source, KernelTarget? target, long leastBytes, bool packed)
    {
        Source = source;
        _copies = new QuantizedMatrix[Math.Max(1, (leastBytes + source.ByteCount - 1) / source.ByteCount)];
        BorrowedWeights stored = new()
        {
            Blocks = source.Blocks,
            BlockBytes = source.BlockByteCount,
            RowSides = source.RowSides,
            RowSideBytes = source.RowSideByteCount,
            TensorSide = source.TensorSide,
            TensorSideBytes = source.TensorSideByteCount,
        };
        for (int i = 0; i < _copies.Length; i++)
        {
            if (!packed)
            {
                _copies[i] = QuantizedMatrix.FromBlocks(source.Format, source.Outputs, source.Inputs, stored);
                continue;
            }

            _copies[i] = QuantizedMatrix.ViewBlocks(source.Format, source.Outputs, source.Inputs, stored);
            _copies[i].Pack(target);
        }
    }

    /// <summary>The stored weights.</summary>
    public QuantizedMatrix Source { get; }

    /// <summary>Bytes of one matrix in the interchange layout.</summary>
    public long DeclaredBytes => Source.ByteCount;

    /// <summary>Number of copies.</summary>
    public int Count => _copies.Length;

    /// <summary>The first copy.</summary>
    public QuantizedMatrix First => _copies[0];

    /// <summary>The copy that was not used for longest.</summary>
    public QuantizedMatrix Next()
    {
        _next = _next + 1 == _copies.Length ? 0 : _next + 1;
        return _copies[_next];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_copies, copy => copy.Dispose());
        Source.Dispose();
    }
}

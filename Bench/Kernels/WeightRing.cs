using System;

namespace KernelGen.Bench.Kernels;

/// <summary>Packed copies of a matrix, enough of them that walking round never finds one in a cache.</summary>
internal sealed class WeightRing : IDisposable
{
    /// <summary>Declared bytes of all copies together, at least, where the ring rotates.</summary>
    public const long LeastBytes = 512L << 20;

    private readonly QuantizedMatrix[] _copies;
    private int _next;

    public unsafe WeightRing(FormatDescriptor format, int outputs, int inputs, KernelTarget? target, bool rotate)
    {
        using QuantizedMatrix source = QuantizedMatrix.Quantize(format, SampleWeights.Make(outputs, inputs), outputs, inputs);
        DeclaredBytes = source.ByteCount;
        _copies = new QuantizedMatrix[rotate ? Math.Max(1, (LeastBytes + DeclaredBytes - 1) / DeclaredBytes) : 1];
        for (int i = 0; i < _copies.Length; i++)
        {
            _copies[i] = QuantizedMatrix.FromBlocks(
                format,
                outputs,
                inputs,
                new ReadOnlySpan<byte>(source.Blocks, checked((int)source.BlockByteCount)),
                new ReadOnlySpan<byte>(source.RowSides, checked((int)source.RowSideByteCount)),
                new ReadOnlySpan<byte>(source.TensorSide, checked((int)source.TensorSideByteCount)));
            _copies[i].Pack(target);
        }
    }

    /// <summary>Bytes of one matrix in the interchange layout.</summary>
    public long DeclaredBytes { get; }

    public QuantizedMatrix First => _copies[0];

    public QuantizedMatrix Next()
    {
        _next = _next + 1 == _copies.Length ? 0 : _next + 1;
        return _copies[_next];
    }

    public void Dispose() => Array.ForEach(_copies, copy => copy.Dispose());
}

using System;

namespace KernelGen;

/// <summary>Stored weights W, O x I, whatever they are made of: what <see cref="QuantizedMatrix"/> and <see cref="StructuredMatrix"/> have in common.</summary>
public interface IWeightMatrix : IDisposable
{
    /// <summary>Rows O.</summary>
    long Outputs { get; }

    /// <summary>Row length I.</summary>
    long Inputs { get; }

    /// <summary>Bytes that store the matrix, packed arrangements apart.</summary>
    long ByteCount { get; }

    /// <summary>Bytes that packing takes beside them.</summary>
    long PackedByteCount { get; }

    /// <summary>Keeps a second arrangement that products read faster.</summary>
    /// <param name="target">The kernels that pack, or null to let <see cref="TargetSelection"/> choose.</param>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    void Pack(KernelTarget? target = null, int threads = 0);

    /// <summary>Packs what takes at most <paramref name="growth"/> times the bytes of what is stored; see <see cref="QuantizedMatrix.PackWithin"/>.</summary>
    /// <param name="growth">The most that panels may take, as a multiple of the stored bytes.</param>
    /// <param name="target">The kernels that pack, or null to let <see cref="TargetSelection"/> choose.</param>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    /// <returns>Whether all of the matrix is packed now.</returns>
    bool PackWithin(double growth, KernelTarget? target = null, int threads = 0);

    /// <summary>Drops the second arrangement.</summary>
    void Unpack();

    /// <summary>Dequantizes one row: the same f32 bits on every target.</summary>
    /// <param name="row">The row.</param>
    /// <param name="weights">Exactly <see cref="Inputs"/> floats.</param>
    /// <param name="target">The kernels to run, or null to let <see cref="TargetSelection"/> choose.</param>
    void DequantizeRow(long row, Span<float> weights, KernelTarget? target = null);

    /// <summary>Computes Y[rows, O] = X[rows, I] * W^T, normalized where the format says so.</summary>
    /// <param name="activations">X, rows * <see cref="Inputs"/> floats, row after row.</param>
    /// <param name="rows">M, 0 or more.</param>
    /// <param name="output">Y, rows * <see cref="Outputs"/> floats, row after row; no part of X.</param>
    /// <param name="options">How.</param>
    void Multiply(ReadOnlySpan<float> activations, int rows, Span<float> output, MultiplyOptions options = default);
}

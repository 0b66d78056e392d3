using System.Collections.Generic;

namespace KernelGen;

/// <summary>
/// The kernels generated for one format and one target. All are static methods over pointers; none allocates, none keeps
/// state, none reads or writes outside what it is given. They are called by the matrix types; call them directly
/// only with memory you have checked.
/// </summary>
public sealed unsafe class KernelSet
{
    /// <summary>The instruction set the kernels are written for.</summary>
    public required KernelTarget Target { get; init; }

    /// <summary>What was planned for this target, as text: packed layout, decoded form, activation groups, micro-kernel.</summary>
    public required string Plan { get; init; }

    /// <summary>How these kernels lay weights out in packed panels. Targets with equal layouts read each other's panels; others differ in the rows of a panel.</summary>
    public required PanelLayout Panel { get; init; }

    /// <summary>
    /// Unpacks one block: (block, codes[CodesPerBlock] of CodeBytes each, parameters[ParametersPerBlock]). Codes and parameters are the
    /// stored bit patterns, unconverted.
    /// </summary>
    public required delegate*<byte*, byte*, uint*, void> UnpackBlock { get; init; }

    /// <summary>Packs one block, the inverse of <see cref="UnpackBlock"/>: (codes, parameters, block).</summary>
    public required delegate*<byte*, uint*, byte*, void> PackBlock { get; init; }

    /// <summary>
    /// Chooses side parameters that cover the whole matrix: (x, strideInFloats, rows, k, tensorSide); null where the format
    /// has none. Called once, before the rows are quantized.
    /// </summary>
    public required delegate*<float*, long, long, long, byte*, void> QuantizeTensor { get; init; }

    /// <summary>
    /// Quantizes one row of finite weights: (x, k, blocks, rowSide, tensorSide). Writes exactly RowBytes(k) and RowSideBytes; null
    /// where the format has no encoder.
    /// </summary>
    public required delegate*<float*, long, byte*, byte*, byte*, void> QuantizeRow { get; init; }

    /// <summary>Dequantizes inputs [0, k) of one row: (blocks, rowSide, tensorSide, k, y).</summary>
    public required delegate*<byte*, byte*, byte*, long, float*, void> DequantizeRow { get; init; }

    /// <summary>Dot product of one stored row with f32 activations: (blocks, rowSide, tensorSide, k, x).</summary>
    public required delegate*<byte*, byte*, byte*, long, float*, float> DotFloat32 { get; init; }

    /// <summary>Dot product of one stored row with one row of packed int8 activations (MR = 1): (blocks, rowSide, tensorSide, k, activations). Null, as all int8 kernels are, where the format has none (<see cref="FormatDescriptor.HasInt8Kernels"/>).</summary>
    public required delegate*<byte*, byte*, byte*, long, byte*, float> DotInt8 { get; init; }

    /// <summary>
    /// Packs up to Panel.Rows stored rows into one panel: (rows, rowStride, rowCount, rowSides, tensorSide, k, panel). Products of
    /// missing rows are finite and mean nothing. Writes exactly Panel.HeaderBytes + Blocks(k) * BlockBytes.
    /// </summary>
    public required delegate*<byte*, long, int, byte*, byte*, long, byte*, void> PackPanel { get; init; }

    /// <summary>
    /// The inverse of <see cref="PackPanel"/>, for panels of any target: (panel, panelRows, rowCount, k, rows, rowStride) writes the
    /// stored rows, bit for bit; side parameters are no part of it. Null where packing loses something (the sign of zero codes).
    /// </summary>
    public required delegate*<byte*, int, int, long, byte*, long, void> UnpackPanel { get; init; }

    /// <summary>
    /// GEMV, int8, by MR, most rows first; the last takes one: (panels, panelStride, panelCount, blocks, activations, y, ldy):
    /// y[m * ldy + p * Rows + r] for every row r of panel p, from MR rows of packed int8 activations interleaved by MR. The bits are those
    /// of <see cref="Int8Tiles"/>.
    /// </summary>
    public required IReadOnlyList<Int8GemvKernel> Int8Gemvs { get; init; }

    /// <summary>
    /// Whether <see cref="Int8Gemvs"/>, then for one row, take the activations with tables of the sums of every 4 codes
    /// (<see cref="ActivationTables"/>) instead of the codes.
    /// </summary>
    public required bool GemvTakesTables { get; init; }

    /// <summary>Decodes a panel into the int8 tile: (panel, blocks, tile, scales).</summary>
    public required delegate*<byte*, long, byte*, byte*, void> DecodeInt8 { get; init; }

    /// <summary>
    /// Int8 micro-kernels by MR (index 0 unused; null where there is none): (panel, tile, scales, blocks, activations, y, ldy): y[m * ldy + r]
    /// for MR rows of activations interleaved by MR. The panel is read for its header only.
    /// </summary>
    public required IReadOnlyList<Int8TileKernel> Int8Tiles { get; init; }

    /// <summary>
    /// Decodes blocks [first, first + count) of a panel into f32: (panel, tensorSide, first, count, tile, tileStride): weight k (from 0 at the
    /// first block) of row r at tile[k * tileStride + r]. The values are those of <see cref="DequantizeRow"/>.
    /// Where tileStride is less than Panel.Rows, which it then divides, every tileStride rows have a tile of their own, [count * BlockInputs][tileStride], one after another.
    /// </summary>
    public required delegate*<byte*, byte*, long, long, float*, long, void> DecodeFloat32 { get; init; }

    /// <summary>
    /// GEMV, f32, of one row of activations: (panels, panelStride, panelCount, tensorSide, inputs, x, y): y[p * Rows + r] for every row r of panel p, the bits of
    /// <see cref="Float32Tiles"/>. Null where there are int8 kernels, but for tables stored with the matrix, and where weights are decoded into a tile for one row, too (lane by lane, from long blocks or padded segments).
    /// </summary>
    public required delegate*<byte*, long, long, byte*, long, float*, float*, void> GemvFloat32 { get; init; }

    /// <summary>Rows of activations up to which <see cref="GemvFloat32"/>, called for each, takes less time than decoding a tile; 0 where it is null.</summary>
    public int Float32GemvRows { get; init; }

    /// <summary>Rows of the f32 tile the micro-kernels take at once: a multiple of Panel.Rows, or, where panels are taller, a divisor of it.</summary>
    public required int Float32TileRows { get; init; }

    /// <summary>F32 micro-kernels by MR: (tile[k][Float32TileRows], k, activations[k][MR], y, ldy, accumulate): y[m * ldy + r] = or += Σ.</summary>
    public required IReadOnlyList<Float32TileKernel> Float32Tiles { get; init; }
}

/// <summary>A GEMV kernel for MR activation rows.</summary>
/// <param name="rows">MR.</param>
/// <param name="kernel">The kernel; see <see cref="KernelSet.Int8Gemvs"/>.</param>
public readonly unsafe struct Int8GemvKernel(int rows, delegate*<byte*, long, long, long, byte*, float*, long, void> kernel)
{
    /// <summary>MR.</summary>
    public int Rows { get; } = rows;

    /// <summary>(panels, panelStride, panelCount, blocks, activations, y, ldy).</summary>
    public delegate*<byte*, long, long, long, byte*, float*, long, void> Kernel { get; } = kernel;
}

/// <summary>An int8 micro-kernel for MR activation rows.</summary>
/// <param name="rows">MR.</param>
/// <param name="kernel">The kernel; see <see cref="KernelSet.Int8Tiles"/>.</param>
public readonly unsafe struct Int8TileKernel(int rows, delegate*<byte*, byte*, byte*, long, byte*, float*, long, void> kernel)
{
    /// <summary>MR.</summary>
    public int Rows { get; } = rows;

    /// <summary>(panel, tile, scales, blocks, activations, y, ldy).</summary>
    public delegate*<byte*, byte*, byte*, long, byte*, float*, long, void> Kernel { get; } = kernel;
}

/// <summary>An f32 micro-kernel for MR activation rows.</summary>
/// <param name="rows">MR.</param>
/// <param name="kernel">The kernel; see <see cref="KernelSet.Float32Tiles"/>.</param>
public readonly unsafe struct Float32TileKernel(int rows, delegate*<float*, long, float*, float*, long, bool, void> kernel)
{
    /// <summary>MR.</summary>
    public int Rows { get; } = rows;

    /// <summary>(tile, k, activations, y, ldy, accumulate).</summary>
    public delegate*<float*, long, float*, float*, long, bool, void> Kernel { get; } = kernel;
}

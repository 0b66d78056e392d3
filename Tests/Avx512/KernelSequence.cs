using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;

namespace KernelGen.Avx512;

/// <summary>
/// Calls every kernel of a format on a target, once or for each tile height, on what a run was recorded for. Emulated or not, it is
/// the same text in the same order, so that all results must be the same bits.
/// </summary>
internal sealed unsafe class KernelSequence(FormatDescriptor format, KernelSet kernels, RecordedRun run) : IDisposable
{
    private readonly List<nint> _memory = [];
    private readonly List<KernelResult> _results = [];

    public List<KernelResult> Results()
    {
        byte* rows = Copy<byte>(run.Blocks);
        byte* sides = Copy<byte>(run.RowSides);
        byte* tensorSide = Copy<byte>(run.TensorSide);
        float* x = (float*)Copy<float>(run.Activations);
        long rowBytes = format.RowBytes(run.Inputs);
        Pack();
        Quantize(x);
        Dequantize("DequantizeRow", rows, sides, tensorSide);
        Dequantize("DequantizeRow of any bits", Copy<byte>(run.Noise), sides, tensorSide);

        byte* packed = format.HasInt8Kernels ? PackActivations(x, 1) : null;
        float* dots = (float*)New(8);
        dots[0] = kernels.DotFloat32(rows, sides, tensorSide, run.Inputs, x);
        dots[1] = format.HasInt8Kernels ? kernels.DotInt8(rows, sides, tensorSide, run.Inputs, packed) : 0;
        Add("DotFloat32, DotInt8", dots, 8, single: true);

        PanelLayout layout = kernels.Panel;
        long blocks = layout.Blocks(run.Inputs);
        long stride = layout.PanelBytes(run.Inputs);
        int count = (run.Rows + layout.Rows - 1) / layout.Rows;
        byte* panels = New(count * stride);
        for (int p = 0; p < count; p++)
        {
            int first = p * layout.Rows;
            kernels.PackPanel(
                rows + (first * rowBytes),
                rowBytes,
                Math.Min(layout.Rows, run.Rows - first),
                sides + (first * format.RowSideBytes),
                tensorSide,
                run.Inputs,
                panels + (p * stride));
        }

        Add("PackPanel", panels, count * stride);
        foreach (Int8GemvKernel kernel in kernels.Int8Gemvs)
        {
            byte* activations = PackActivations(x, kernel.Rows);
            if (kernels.GemvTakesTables)
            {
                byte* tables = New(ActivationTables.Bytes(format.Activations, run.Inputs));
                ActivationTables.Write(format.Activations, activations, run.Inputs, tables);
                activations = tables;
            }

            long ldy = count * layout.Rows;
            float* y = (float*)New(4L * kernel.Rows * ldy);
            kernel.Kernel(panels, stride, count, blocks, activations, y, ldy);
            Add($"GEMV of {kernel.Rows}", y, 4L * kernel.Rows * ldy, single: true);
        }

        if (format.HasInt8Kernels)
        {
            Int8Tiles(panels, blocks, x);
        }

        Float32Tiles(panels, tensorSide, blocks, x);
        return _results;
    }

    public void Dispose() => _memory.ForEach(at => NativeMemory.AlignedFree((void*)at));

    private void Pack()
    {
        byte* block = Copy<byte>(run.Blocks.AsSpan(0, format.BlockBytes));
        long codeBytes = (long)format.CodesPerBlock * format.CodeBytes;
        byte* codes = New(codeBytes);
        byte* parameters = New(4L * format.ParametersPerBlock);
        byte* back = New(format.BlockBytes);
        kernels.UnpackBlock(block, codes, (uint*)parameters);
        kernels.PackBlock(codes, (uint*)parameters, back);
        Add("UnpackBlock, codes", codes, codeBytes);
        Add("UnpackBlock, parameters", parameters, 4L * format.ParametersPerBlock);
        Add("PackBlock", back, format.BlockBytes);
    }

    private void Quantize(float* weights)
    {
        if (kernels.QuantizeRow == null)
        {
            return;
        }

        byte* tensorSide = New(format.MatrixSideBytes(run.Inputs));
        byte* rowSide = New(format.RowSideBytes);
        byte* blocks = New(format.RowBytes(run.Inputs));
        if (kernels.QuantizeTensor != null)
        {
            kernels.QuantizeTensor(weights, run.Inputs, 1, run.Inputs, tensorSide);
            Add("QuantizeTensor", tensorSide, format.TensorSideBytes);
        }

        kernels.QuantizeRow(weights, run.Inputs, blocks, rowSide, tensorSide);
        Add("QuantizeRow", blocks, format.RowBytes(run.Inputs));
        Add("QuantizeRow, side", rowSide, format.RowSideBytes);
    }

    private void Dequantize(string operation, byte* row, byte* side, byte* tensorSide)
    {
        float* y = (float*)New(4L * run.Inputs);
        kernels.DequantizeRow(row, side, tensorSide, run.Inputs, y);
        Add(operation, y, 4L * run.Inputs, single: true);
    }

    private byte* PackActivations(float* x, int rows)
    {
        byte* packed = New(ActivationPacker.Int8Bytes(format.Activations, rows, run.Inputs));
        ActivationPacker.PackInt8(format.Activations, x, run.Inputs, rows, rows, run.Inputs, packed);
        return packed;
    }

    private void Int8Tiles(byte* panel, long blocks, float* x)
    {
        PanelLayout layout = kernels.Panel;
        byte* tile = New(blocks * layout.Int8TileBytes);
        byte* scales = New(blocks * layout.Int8ScaleBytes);
        kernels.DecodeInt8(panel, blocks, tile, scales);
        Add("DecodeInt8", tile, blocks * layout.Int8TileBytes);
        Add("DecodeInt8, scales", scales, blocks * layout.Int8ScaleBytes);
        foreach (Int8TileKernel kernel in kernels.Int8Tiles.Where(k => k.Kernel != null))
        {
            float* y = (float*)New(4L * kernel.Rows * layout.Rows);
            kernel.Kernel(panel, tile, scales, blocks, PackActivations(x, kernel.Rows), y, layout.Rows);
            Add($"Int8 tile of {kernel.Rows}", y, 4L * kernel.Rows * layout.Rows, single: true);
        }
    }

    private void Float32Tiles(byte* panel, byte* tensorSide, long blocks, float* x)
    {
        PanelLayout layout = kernels.Panel;
        int height = kernels.Float32TileRows;
        long tileBytes = 4L * blocks * layout.BlockInputs * Math.Max(height, layout.Rows);
        float* tile = (float*)New(tileBytes);
        kernels.DecodeFloat32(panel, tensorSide, 0, blocks, tile, height);
        Add("DecodeFloat32", tile, tileBytes, single: true);
        if (kernels.GemvFloat32 != null)
        {
            float* outputs = (float*)New(4L * layout.Rows);
            kernels.GemvFloat32(panel, layout.PanelBytes(run.Inputs), 1, tensorSide, run.Inputs, x, outputs);
            Add("GemvFloat32", outputs, 4L * layout.Rows, single: true);
        }

        foreach (Float32TileKernel kernel in kernels.Float32Tiles.Where(k => k.Kernel != null))
        {
            float* y = (float*)New(4L * kernel.Rows * height);
            int k = run.Inputs / kernel.Rows;
            kernel.Kernel(tile, k, x, y, height, false);
            kernel.Kernel(tile, k, x, y, height, true);
            Add($"f32 tile of {kernel.Rows}", y, 4L * kernel.Rows * height, single: true);
        }
    }

    private void Add(string operation, void* at, long bytes, bool single = false) =>
        _results.Add(new KernelResult(operation, single, new ReadOnlySpan<byte>(at, (int)bytes).ToArray()));

    /// <summary>Zeroed memory, aligned to 64 bytes.</summary>
    private byte* New(long bytes)
    {
        byte* at = (byte*)NativeMemory.AlignedAlloc((nuint)bytes + 64, 64);
        _memory.Add((nint)at);
        new Span<byte>(at, (int)bytes).Clear();
        return at;
    }

    private byte* Copy<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values);
        byte* at = New(bytes.Length);
        bytes.CopyTo(new Span<byte>(at, bytes.Length));
        return at;
    }
}

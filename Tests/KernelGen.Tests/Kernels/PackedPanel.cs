using System;
using System.Linq;
using KernelGen.Tests.Memory;
using KernelGen.Tests.Oracle;

namespace KernelGen.Tests.Kernels;

/// <summary>Stored rows packed into panels by a case's kernels, and the products of the panels.</summary>
internal sealed unsafe class PackedPanel : IDisposable
{
    private readonly KernelCase _test;
    private readonly PanelLayout _layout;
    private readonly GuardedMemory _panels;
    private readonly GuardedMemory _tensorSide;
    private readonly int _count;
    private readonly long _stride;
    private readonly long _blocks;

    public PackedPanel(KernelCase test, StoredRows stored, KernelSet? packer = null)
    {
        _test = test;
        PanelLayout panel = _layout = (packer ?? test.Kernels).Panel;
        Stored = stored;
        _count = (stored.Rows + panel.Rows - 1) / panel.Rows;
        _stride = panel.PanelBytes(stored.Inputs);
        _blocks = panel.Blocks(stored.Inputs);
        long exact = panel.HeaderBytes + (_blocks * panel.BlockBytes);
        _panels = GuardedMemory.BeforeGuard(((_count - 1) * _stride) + exact);

        // What is left unwritten differs between packers.
        _panels.Bytes.Fill((byte)(packer is null ? 0xAA : 0x55));
        using GuardedMemory blocks = GuardedMemory.Of<byte>(stored.Blocks);
        using GuardedMemory sides = GuardedMemory.Of<byte>(stored.RowSides);
        _tensorSide = GuardedMemory.Of<byte>(stored.TensorSide);
        for (int p = 0; p < _count; p++)
        {
            int first = p * panel.Rows;
            (packer ?? test.Kernels).PackPanel(
                blocks.Pointer + ((long)first * stored.RowBytes),
                stored.RowBytes,
                Math.Min(panel.Rows, stored.Rows - first),
                sides.Pointer + ((long)first * stored.Oracle.RowSideBytes),
                _tensorSide.Pointer,
                stored.Inputs,
                _panels.Pointer + (p * _stride));
        }
    }

    public StoredRows Stored { get; }

    /// <summary>The panels' bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _panels.Bytes;

    /// <summary>GEMV over all panels: [row of X][panel row], missing rows included.</summary>
    public float[][] GemvInt8(Int8GemvKernel kernel, OracleActivations[] x)
    {
        int outputs = _count * _layout.Rows;
        int ldy = outputs + 3;
        ActivationLayout layout = _test.Descriptor.Activations;
        byte[] packed = OracleActivations.Pack(layout, x, Stored.Inputs);
        using GuardedMemory activations = GuardedMemory.Of<byte>(_test.Kernels.GemvTakesTables ? OracleActivations.Tables(layout, packed) : packed);
        using GuardedMemory y = GuardedMemory.BeforeGuard(4L * (((x.Length - 1) * ldy) + outputs));
        y.Bytes.Fill(0xFF);
        kernel.Kernel(_panels.Pointer, _stride, _count, _blocks, activations.Pointer, y.Floats, ldy);
        return [.. x.Select((_, m) => new ReadOnlySpan<float>(y.Floats + (m * ldy), outputs).ToArray())];
    }

    /// <summary>GEMV of one row.</summary>
    public float[] GemvInt8(OracleActivations x) => GemvInt8(_test.Kernels.Int8Gemvs[^1], [x])[0];

    /// <summary>The int8 micro-kernel for as many activation rows as are given: [row of X][panel row].</summary>
    public float[][] TileInt8(Int8TileKernel kernel, OracleActivations[] x)
    {
        int mr = x.Length;
        using GuardedMemory activations = GuardedMemory.Of<byte>(OracleActivations.Pack(_test.Descriptor.Activations, x, Stored.Inputs));
        float[][] products = [.. x.Select(_ => new float[_count * _layout.Rows])];
        for (int p = 0; p < _count; p++)
        {
            byte* panel = _panels.Pointer + (p * _stride);
            using GuardedMemory tile = GuardedMemory.BeforeGuard(_blocks * _layout.Int8TileBytes);
            using GuardedMemory scales = GuardedMemory.BeforeGuard(_blocks * _layout.Int8ScaleBytes);
            _test.Kernels.DecodeInt8(panel, _blocks, tile.Pointer, scales.Pointer);
            int ldy = _layout.Rows + 3;
            using GuardedMemory y = GuardedMemory.BeforeGuard(4L * (((mr - 1) * ldy) + _layout.Rows));
            y.Bytes.Fill(0xFF);
            kernel.Kernel(panel, tile.Pointer, scales.Pointer, _blocks, activations.Pointer, y.Floats, ldy);
            for (int m = 0; m < mr; m++)
            {
                new ReadOnlySpan<float>(y.Floats + (m * ldy), _layout.Rows).CopyTo(products[m].AsSpan(p * _layout.Rows));
            }
        }

        return products;
    }

    /// <summary>The stored rows of one panel.</summary>
    public byte[] Unpack(int p)
    {
        int count = Math.Min(_layout.Rows, Stored.Rows - (p * _layout.Rows));
        using GuardedMemory before = GuardedMemory.BeforeGuard((long)count * Stored.RowBytes);
        using GuardedMemory after = GuardedMemory.AfterGuard((long)count * Stored.RowBytes);
        before.Bytes.Fill(0xAA);
        after.Bytes.Fill(0x55);
        foreach (GuardedMemory rows in (GuardedMemory[])[before, after])
        {
            _test.Kernels.UnpackPanel(_panels.Pointer + (p * _stride), _layout.Rows, count, Stored.Inputs, rows.Pointer, Stored.RowBytes);
        }

        return before.Bytes.SequenceEqual(after.Bytes) ? before.Bytes.ToArray() : [];
    }

    /// <summary>All weights of one panel decoded to f32, in two pieces: [input][panel row].</summary>
    public float[] DecodeFloat32(int p)
    {
        int rows = _layout.Rows;
        long inputs = _blocks * _layout.BlockInputs;
        float[] weights = new float[inputs * rows];
        for (long first = 0, count; first < _blocks; first += count)
        {
            count = Math.Min(_blocks - first, Math.Max(1, _blocks / 2));
            long stride = rows + 5;
            long height = count * _layout.BlockInputs;
            using GuardedMemory tile = GuardedMemory.BeforeGuard(4 * (((height - 1) * stride) + rows));
            _test.Kernels.DecodeFloat32(_panels.Pointer + (p * _stride), _tensorSide.Pointer, first, count, tile.Floats, stride);
            for (long k = 0; k < height; k++)
            {
                new ReadOnlySpan<float>(tile.Floats + (k * stride), rows)
                    .CopyTo(weights.AsSpan((int)(((first * _layout.BlockInputs) + k) * rows)));
            }
        }

        return weights;
    }

    /// <summary>GEMV in f32 over all panels: [panel row], missing rows included.</summary>
    public float[] GemvFloat32(float[] x)
    {
        using GuardedMemory activations = GuardedMemory.Of<float>(x);
        using GuardedMemory y = GuardedMemory.BeforeGuard(4L * _count * _layout.Rows);
        y.Bytes.Fill(0xFF);
        _test.Kernels.GemvFloat32(_panels.Pointer, _stride, _count, _tensorSide.Pointer, Stored.Inputs, activations.Floats, y.Floats);
        return new ReadOnlySpan<float>(y.Floats, _count * _layout.Rows).ToArray();
    }

    public void Dispose()
    {
        _panels.Dispose();
        _tensorSide.Dispose();
    }
}

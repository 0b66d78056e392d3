using System;
using System.Buffers.Binary;
using System.Linq;
using System.Runtime.Intrinsics.X86;

namespace KernelGen.NeonCases;

/// <summary>
/// The cases of one format and row length for one target: inputs, and what the scalar kernels (decoding: the same bits; products:
/// within the bound) and the portable ones, which take the float steps in the same order and fuse them too (the same bits), make
/// of them on this machine. The scalar kernels are held to their own bits.
/// </summary>
internal sealed unsafe class FormatCases
{
    private const int Rows = 8;

    private readonly CaseFile _file;
    private readonly FormatDescriptor _format;
    private readonly KernelSet _scalar;
    private readonly KernelSet _portable;
    private readonly KernelSet _own;
    private readonly string _stem;
    private readonly string _tile;
    private readonly long _k;
    private readonly string _label;
    private readonly Random _random = new(1);
    private readonly float[] _weights;
    private readonly float[] _activations;
    private readonly byte[] _rows;
    private readonly byte[] _rowSides;
    private readonly byte[] _tensorSide;
    private readonly byte[] _panel;
    private readonly float[] _bounds;

    public FormatCases(CaseFile file, FormatDescriptor format, KernelSet own, string stem, string tile, long k)
    {
        (_file, _format, _own, _stem, _tile, _k) = (file, format, own, stem, tile, k);
        _label = $"K={k}";
        _scalar = format.Kernels.Single(s => s.Target == KernelTarget.Scalar);
        _portable = format.Kernels.Single(s => s.Target == KernelTarget.Vector128);
        _weights = Normal(Rows * (int)k);
        _activations = Normal(Rows * (int)k);
        _rows = new byte[Rows * format.RowBytes(k)];
        _rowSides = new byte[Rows * format.RowSideBytes];
        _tensorSide = new byte[format.MatrixSideBytes(k)];
        _panel = new byte[own.Panel.PanelBytes(k)];
        _bounds = new float[Rows];
        Quantize();
    }

    /// <summary>Whether this machine's portable kernels fuse multiply and add, as NEON does.</summary>
    public static bool IsFused => Fma.IsSupported;

    public void Write()
    {
        Unpack();
        Encode();
        Dequantize("quantized", _rows);
        byte[] noise = new byte[_rows.Length];
        _random.NextBytes(noise);
        Dequantize("any bits", noise);
        Dots();
        Panels();
        Decoders();
        if (_format.HasInt8Kernels)
        {
            Gemv();
            Tiles();
        }

        if (_own.GemvFloat32 != null)
        {
            GemvFloat32();
        }
    }

    private int PanelRows => _own.Panel.Rows;

    private long RowBytes => _format.RowBytes(_k);

    private long Blocks => _own.Panel.Blocks(_k);

    private float[] Normal(int count) => Enumerable.Range(0, count)
        .Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble())))
        .ToArray();

    private Case New(string kernel, string label) => new($"{KernelCases.Holder(_stem, _own.Target.ToString(), kernel)}__{kernel}", $"{_label} {label}");

    private void Quantize()
    {
        fixed (float* x = _weights)
        fixed (byte* rows = _rows, rowSides = _rowSides, tensorSide = _tensorSide, panel = _panel)
        {
            if (_scalar.QuantizeTensor != null)
            {
                _scalar.QuantizeTensor(x, _k, Rows, _k, tensorSide);
            }

            if (!_format.HasEncoder)
            {
                FillTables(_tensorSide);
            }

            for (int r = 0; r < Rows && !_format.HasEncoder; r++)
            {
                FillTables(new Span<byte>(rowSides + (r * _format.RowSideBytes), _format.RowSideBytes));
                FillWithFiniteWeights(rows + (r * RowBytes), rowSides + (r * _format.RowSideBytes), tensorSide);
            }

            for (int r = 0; r < Rows && _format.HasEncoder; r++)
            {
                _scalar.QuantizeRow(x + (r * _k), _k, rows + (r * RowBytes), rowSides + (r * _format.RowSideBytes), tensorSide);
            }

            _scalar.PackPanel(rows, RowBytes, Rows, rowSides, tensorSide, _k, panel);
        }

        // Every step of a product rounds a number of at most the sum of |w| |x| (three times it where a minimum cancels), once an
        // input at most; 2^-24 each.
        double activations = Enumerable.Range(0, Rows).Max(m => Row(_activations, m).ToArray().Sum(v => (double)Math.Abs(v)));
        for (int r = 0; r < Rows; r++)
        {
            float largest = Row(Decoded(r, _rows), 0).ToArray().Max(Math.Abs);
            _bounds[r] = (float)(3 * (_k + 8) * Math.Pow(2, -24) * largest * activations);
        }
    }

    /// <summary>Side parameters of a format without an encoder: the numbers of its tables, f16 or f32.</summary>
    private void FillTables(Span<byte> side)
    {
        bool wide = _format.InputSideBytes > 0 || _format.Parameters.Any(p => p.EntriesPerBlock == 0 && p.Type == ScalarType.Float32);
        for (int at = 0; at < side.Length; at += wide ? 4 : 2)
        {
            float number = (float)_random.NextDouble() - 0.5f;
            if (wide)
            {
                BinaryPrimitives.WriteSingleLittleEndian(side[at..], number);
            }
            else
            {
                BinaryPrimitives.WriteHalfLittleEndian(side[at..], (Half)number);
            }
        }
    }

    /// <summary>Random bits, block by block until all weights are below 1000: formats without an encoder are read all the same.</summary>
    private void FillWithFiniteWeights(byte* row, byte* rowSide, byte* tensorSide)
    {
        float[] weights = new float[_format.BlockInputs];
        byte[] whole = new byte[_format.BlockBytes];
        for (long at = 0; at < RowBytes; at += whole.Length)
        {
            fixed (byte* block = whole)
            fixed (float* y = weights)
            {
                do
                {
                    _random.NextBytes(whole);
                    _scalar.DequantizeRow(block, rowSide, tensorSide, _format.BlockInputs, y);
                }
                while (!weights.All(w => Math.Abs(w) < 1000));
            }

            // The last block of a row may end early.
            Span<byte> stored = new(row + at, (int)Math.Min(whole.Length, RowBytes - at));
            whole.AsSpan(0, stored.Length).CopyTo(stored);
        }
    }

    private ReadOnlySpan<float> Row(float[] matrix, int row) => matrix.AsSpan((int)(row * _k), (int)_k);

    private ReadOnlySpan<byte> Side(int row) => _rowSides.AsSpan(row * _format.RowSideBytes, _format.RowSideBytes);

    private ReadOnlySpan<byte> Stored(int row, byte[] rows) => rows.AsSpan((int)(row * RowBytes), (int)RowBytes);

    private float[] Decoded(int row, byte[] rows)
    {
        float[] values = new float[_k];
        fixed (byte* p = rows, sides = _rowSides, tensorSide = _tensorSide)
        fixed (float* y = values)
        {
            _scalar.DequantizeRow(p + (row * RowBytes), sides + (row * _format.RowSideBytes), tensorSide, _k, y);
        }

        return values;
    }

    private void Unpack()
    {
        byte[] block = new byte[_format.BlockBytes];
        _random.NextBytes(block);
        byte[] codes = new byte[_format.CodesPerBlock * _format.CodeBytes];
        uint[] parameters = new uint[_format.ParametersPerBlock];
        fixed (byte* b = block, c = codes)
        fixed (uint* p = parameters)
        {
            _scalar.UnpackBlock(b, c, p);
        }

        _file.Add(New("UnpackBlock", "").Buffer<byte>(block).Output<byte>(codes, Rule.Bytes).Output<uint>(parameters, Rule.Bytes));
        byte[] packed = new byte[block.Length];
        fixed (byte* b = packed, c = codes)
        fixed (uint* p = parameters)
        {
            _scalar.PackBlock(c, p, b);
        }

        _file.Add(New("PackBlock", "").Buffer<byte>(codes).Buffer<uint>(parameters).Output<byte>(packed, Rule.Bytes));
    }

    /// <summary>Encoded rows: normal weights, weights of few magnitudes (ties in range and rounding, zeros of both signs), tiny and huge ones.</summary>
    private void Encode()
    {
        if (_scalar.QuantizeRow == null)
        {
            return;
        }

        Encode("normal", Row(_weights, 0).ToArray());
        Encode("few magnitudes", [.. Row(_weights, 1).ToArray().Select(w => MathF.Round(w * 2) / 2)]);
        Encode("of one sign", [.. Row(_weights, 2).ToArray().Select(w => MathF.Max(w, 0))]);
        Encode("tiny", [.. Row(_weights, 3).ToArray().Select(w => w * 1e-39f)]);
        Encode("huge", [.. Row(_weights, 4).ToArray().Select(w => w * 1e36f)]);
        Encode("zero", new float[_k]);
    }

    private void Encode(string label, float[] weights)
    {
        byte[] row = new byte[RowBytes];
        byte[] side = new byte[_format.RowSideBytes];
        byte[] tensorSide = new byte[_format.MatrixSideBytes(_k)];
        fixed (float* x = weights)
        fixed (byte* b = row, s = side, t = tensorSide)
        {
            if (_scalar.QuantizeTensor != null)
            {
                _scalar.QuantizeTensor(x, _k, 1, _k, t);
                _file.Add(New("QuantizeTensor", label).Buffer<float>(weights).Value(_k).Value(1).Value(_k).Output<byte>(tensorSide, Rule.Bytes));
            }

            _scalar.QuantizeRow(x, _k, b, s, t);
        }

        _file.Add(New("QuantizeRow", label).Buffer<float>(weights).Value(_k).Output<byte>(row, Rule.Bytes).Output<byte>(side, Rule.Bytes).Buffer<byte>(tensorSide));
    }

    private void Dequantize(string label, byte[] rows)
    {
        for (int r = 0; r < Rows; r += 5)
        {
            _file.Add(New("DequantizeRow", label).Buffer(Stored(r, rows)).Buffer(Side(r)).Buffer<byte>(_tensorSide).Value(_k)
                .Output<float>(Decoded(r, rows), Rule.Singles));
        }
    }

    private void Dots()
    {
        byte[] packed = _format.HasInt8Kernels ? PackedActivations(0, 1) : [];
        for (int r = 0; r < Rows; r += 3)
        {
            fixed (byte* rows = _rows, sides = _rowSides, tensorSide = _tensorSide, a = packed)
            fixed (float* x = _activations)
            {
                byte* row = rows + (r * RowBytes);
                byte* side = sides + (r * _format.RowSideBytes);
                Product(
                    New("DotFloat32", "").Buffer(Stored(r, _rows)).Buffer(Side(r)).Buffer<byte>(_tensorSide).Value(_k).Buffer(Row(_activations, 0)),
                    [_portable.DotFloat32(row, side, tensorSide, _k, x)],
                    [_scalar.DotFloat32(row, side, tensorSide, _k, x)],
                    _bounds[r]);
                if (!_format.HasInt8Kernels)
                {
                    continue;
                }

                Product(
                    New("DotInt8", "").Buffer(Stored(r, _rows)).Buffer(Side(r)).Buffer<byte>(_tensorSide).Value(_k).Buffer<byte>(packed),
                    [_portable.DotInt8(row, side, tensorSide, _k, a)],
                    [_scalar.DotInt8(row, side, tensorSide, _k, a)],
                    _bounds[r]);
            }
        }
    }

    /// <summary>Adds the expectations of a product: of the returned value, or of the last argument.</summary>
    private void Product(Case call, float[] portable, float[] scalar, float bound, int argument = -1)
    {
        call.Expect<float>(argument, scalar, Rule.Within, bound);
        if (_own == _scalar)
        {
            call.Expect<float>(argument, scalar, Rule.Singles);
        }
        else if (IsFused)
        {
            call.Expect<float>(argument, portable, Rule.Singles);
        }

        _file.Add(call);
    }

    private byte[] PackedActivations(int first, int interleave)
    {
        byte[] packed = new byte[ActivationPacker.Int8Bytes(_format.Activations, interleave, _k)];
        fixed (float* x = _activations)
        fixed (byte* p = packed)
        {
            ActivationPacker.PackInt8Scalar(_format.Activations, x + (first * _k), _k, interleave, interleave, _k, p);
        }

        return packed;
    }

    private void Panels()
    {
        foreach (int count in (int[])[Rows, 3])
        {
            byte[] panel = new byte[_own.Panel.HeaderBytes + (Blocks * _own.Panel.BlockBytes)];
            fixed (byte* rows = _rows, sides = _rowSides, tensorSide = _tensorSide, p = panel)
            {
                _scalar.PackPanel(rows, RowBytes, count, sides, tensorSide, _k, p);
            }

            _file.Add(New("PackPanel", $"{count} rows").Buffer<byte>(_rows.AsSpan(0, (int)(count * RowBytes))).Value(RowBytes).Value(count)
                .Buffer<byte>(_rowSides.AsSpan(0, count * _format.RowSideBytes)).Buffer<byte>(_tensorSide).Value(_k).Output<byte>(panel, Rule.Bytes));
            if (_own.Target == KernelTarget.Scalar && _own.UnpackPanel != null)
            {
                _file.Add(New("UnpackPanel", $"{count} rows").Buffer<byte>(panel).Value(PanelRows).Value(count).Value(_k)
                    .Output<byte>(_rows.AsSpan(0, (int)(count * RowBytes)).ToArray(), Rule.Bytes).Value(RowBytes));
            }
        }
    }

    private ReadOnlySpan<byte> Panel => _panel.AsSpan(0, (int)(_own.Panel.HeaderBytes + (Blocks * _own.Panel.BlockBytes)));

    private void Decoders()
    {
        if (_format.HasInt8Kernels)
        {
            (byte[] tile, byte[] scales) = DecodedInt8();
            _file.Add(New("DecodeInt8", "").Buffer(Panel).Value(Blocks).Output<byte>(tile, Rule.Bytes).Output<byte>(scales, Rule.Bytes));
        }

        long count = Blocks - 1;
        float[] values = new float[count * _own.Panel.BlockInputs * PanelRows];
        fixed (byte* p = _panel, tensorSide = _tensorSide)
        fixed (float* t = values)
        {
            _scalar.DecodeFloat32(p, tensorSide, 1, count, t, PanelRows);
        }

        _file.Add(New("DecodeFloat32", "").Buffer(Panel).Buffer<byte>(_tensorSide).Value(1).Value(count).Output<float>(values, Rule.Singles).Value(PanelRows));
    }

    private (byte[] Tile, byte[] Scales) DecodedInt8()
    {
        byte[] tile = new byte[Blocks * _own.Panel.Int8TileBytes];
        byte[] scales = new byte[Blocks * _own.Panel.Int8ScaleBytes];
        fixed (byte* p = _panel, t = tile, s = scales)
        {
            _scalar.DecodeInt8(p, Blocks, t, s);
        }

        return (tile, scales);
    }

    private byte[] GemvActivations(int first, int interleave)
    {
        byte[] packed = PackedActivations(first, interleave);
        if (!_own.GemvTakesTables)
        {
            return packed;
        }

        byte[] tables = new byte[ActivationTables.Bytes(_format.Activations, _k)];
        fixed (byte* p = packed, t = tables)
        {
            ActivationTables.Write(_format.Activations, p, _k, t);
        }

        return tables;
    }

    private float[] Multiplied(KernelSet kernels, int activationRow)
    {
        byte[] packed = GemvActivations(activationRow, 1);
        float[] y = new float[PanelRows];
        fixed (byte* p = _panel, a = packed)
        fixed (float* output = y)
        {
            kernels.Int8Gemvs[^1].Kernel(p, _panel.Length, 1, Blocks, a, output, PanelRows);
        }

        return y;
    }

    private void Gemv()
    {
        // The panel twice: the step from one to the next counts too.
        byte[] panels = [.. _panel, .. Panel.ToArray()];
        int stride = (2 * PanelRows) + 3;
        foreach (int rows in _own.Int8Gemvs.Select(g => g.Rows))
        {
            float[] before = Normal(((rows - 1) * stride) + (2 * PanelRows));
            float[] portable = [.. before];
            float[] scalar = [.. before];
            for (int m = 0; m < rows; m++)
            {
                for (int p = 0; p < 2; p++)
                {
                    Multiplied(_portable, m).CopyTo(portable, (m * stride) + (p * PanelRows));
                    Multiplied(_scalar, m).CopyTo(scalar, (m * stride) + (p * PanelRows));
                }
            }

            Case call = New(rows == 1 ? "GemvInt8" : $"GemvInt8Rows{rows}", "").Buffer<byte>(panels).Value(_panel.Length).Value(2).Value(Blocks)
                .Buffer<byte>(GemvActivations(0, rows)).Buffer<float>(before).Value(stride);
            Product(call, portable, scalar, _bounds.Max(), 5);
        }
    }

    private void GemvFloat32()
    {
        // The panel twice: the step from one to the next counts too.
        byte[] panels = [.. _panel, .. Panel.ToArray()];
        float[] x = _activations[..(int)_k];
        Case call = New("GemvFloat32", "").Buffer<byte>(panels).Value(_panel.Length).Value(2).Buffer<byte>(_tensorSide).Value(_k).Buffer<float>(x).Buffer<float>(new float[2 * PanelRows]);
        call.Expect<float>(6, MultipliedFloat32(_scalar, panels, x), Rule.Within, FloatBound(x));
        if (_own == _scalar)
        {
            call.Expect<float>(6, MultipliedFloat32(_scalar, panels, x), Rule.Singles);
        }
        else if (IsFused)
        {
            call.Expect<float>(6, MultipliedFloat32(_portable, panels, x), Rule.Singles);
        }

        _file.Add(call);
    }

    /// <summary>K roundings of partial sums, each at most the sum of the products' magnitudes.</summary>
    private float FloatBound(float[] x) => (_k + 8) * Enumerable.Range(0, (int)Rows).Max(r => x.Select((a, i) => float.Abs(a * _weights[(r * _k) + i])).Sum()) / 8388608f;

    /// <summary>What the micro-kernel of one row makes of the decoded panels, whose bits a GEMV has, row after row.</summary>
    private float[] MultipliedFloat32(KernelSet kernels, byte[] panels, float[] x)
    {
        float[] y = new float[2 * PanelRows];
        int height = kernels.Float32TileRows;
        Float32TileKernel one = kernels.Float32Tiles.Single(t => t.Rows == 1);
        float[] decoded = new float[Blocks * _own.Panel.BlockInputs * PanelRows];
        float[] tile = new float[_k * height];
        float[] product = new float[height];
        fixed (byte* p = panels, tensorSide = _tensorSide)
        fixed (float* a = x, weights = decoded, row = tile, output = product)
        {
            for (int i = 0; i < y.Length; i++)
            {
                if (i % PanelRows == 0)
                {
                    kernels.DecodeFloat32(p + (i / PanelRows * _panel.Length), tensorSide, 0, Blocks, weights, PanelRows);
                }

                for (long k = 0; k < _k; k++)
                {
                    row[k * height] = weights[(k * PanelRows) + (i % PanelRows)];
                }

                one.Kernel(row, _k, a, output, height, false);
                y[i] = output[0];
            }
        }

        return y;
    }

    private void Tiles()
    {
        (byte[] tile, byte[] scales) = DecodedInt8();
        int stride = PanelRows + 3;
        foreach (int rows in _own.Int8Tiles.Select(t => t.Rows))
        {
            // Rows of y end where the last one does: what is between them must stay as it was.
            float[] before = Normal(((rows - 1) * stride) + PanelRows);
            float[] portable = [.. before];
            float[] scalar = [.. before];
            for (int m = 0; m < rows; m++)
            {
                Multiplied(_portable, m).CopyTo(portable, m * stride);
                Multiplied(_scalar, m).CopyTo(scalar, m * stride);
            }

            Case call = new Case($"{_tile}__Rows{rows}", $"{_format.Name} {_label}").Buffer(Panel).Buffer<byte>(tile).Buffer<byte>(scales).Value(Blocks)
                .Buffer<byte>(PackedActivations(0, rows)).Buffer<float>(before).Value(stride);
            Product(call, portable, scalar, _bounds.Max(), 5);
        }
    }
}

using System;

namespace KernelGen.Tests.Runtime;

/// <summary>
/// A hand-written format to test matrices and products without the generator: int8 codes in blocks of 32 with an f32 scale, and
/// an f32 scale per row and per matrix: w = ((tensor * row) * scale) * q. Every way of multiplying gives the same bits in int8.
/// </summary>
internal readonly unsafe struct FakeFormat : IQuantFormat<FakeFormat>
{
    public const int Inputs = 32;
    public const int Bytes = 36;
    public const int Rows = 8;
    public const int Header = 32;
    public const int PackedBytes = Rows * Bytes;
    public const int TileRows = 16;

    public static FormatDescriptor Descriptor { get; } = Make(RaggedRows.Pad, KernelTarget.Scalar, KernelTarget.Vector128, KernelTarget.Avx2);

    public static ActivationLayout Layout => Descriptor.Activations;

    public static FormatDescriptor Make(RaggedRows ragged, params KernelTarget[] targets) => Make(ragged, _ => 7, targets);

    /// <summary>The format as it would be if the panels of targets were arranged differently, as their hashes say.</summary>
    public static FormatDescriptor Make(RaggedRows ragged, Func<KernelTarget, ulong> arrangement, params KernelTarget[] targets) => new()
    {
        Name = "Fake",
        FullName = "KernelGen.Tests.Runtime.FakeFormat",
        Description = "int8 in blocks of 32",
        LayoutHash = 1,
        BlockInputs = Inputs,
        BlockBytes = Bytes,
        Ragged = ragged,
        CodeBits = 8,
        CodesPerBlock = Inputs,
        ParametersPerBlock = 1,
        RowSideBytes = 4,
        TensorSideBytes = 4,
        Parameters =
        [
            new FormatParameter("tensorScale", "scale", ScalarType.Float32, Extent.Tensor, 0),
            new FormatParameter("rowScale", "scale", ScalarType.Float32, Extent.Row, 0),
            new FormatParameter("scale", "scale", ScalarType.Float32, Inputs, 1),
        ],
        MaxCodeError = 0.5,
        Int8TableError = 0,
        Activations = new ActivationLayout(Inputs, Inputs, 16, 0, ActivationSums.Integer),
        Kernels = Array.ConvertAll(targets, target => Set(target, arrangement(target))),
    };

    private static KernelSet Set(KernelTarget target, ulong arrangement) => new()
    {
        Plan = "written by hand",
        Target = target,
        Panel = new PanelLayout(Rows, Inputs, PackedBytes, Header, Rows * Inputs, Rows * sizeof(float), arrangement),
        UnpackBlock = &UnpackBlock,
        PackBlock = &PackBlock,
        QuantizeTensor = &QuantizeTensor,
        QuantizeRow = &QuantizeRow,
        DequantizeRow = &DequantizeRow,
        DotFloat32 = &DotFloat32,
        DotInt8 = &DotInt8,
        PackPanel = &PackPanel,
        UnpackPanel = &UnpackPanel,
        Int8Gemvs = [new(2, &GemvInt8Rows2), new(1, &GemvInt8Rows1)],
        GemvTakesTables = false,
        DecodeInt8 = &DecodeInt8,
        Int8Tiles = [default, new(1, &Int8Tile1), new(2, &Int8Tile2), default, new(4, &Int8Tile4), default, new(6, &Int8Tile6)],
        DecodeFloat32 = &DecodeFloat32,
        GemvFloat32 = null,
        Float32TileRows = TileRows,
        Float32Tiles = [default, new(1, &Float32Tile1), new(2, &Float32Tile2), default, new(4, &Float32Tile4), default, new(6, &Float32Tile6)],
    };

    private static float ReadFloat(byte* p) => BitConverter.ToSingle(new ReadOnlySpan<byte>(p, 4));

    private static void WriteFloat(byte* p, float value) => BitConverter.TryWriteBytes(new Span<byte>(p, 4), value);

    private static void UnpackBlock(byte* block, byte* codes, uint* parameters)
    {
        parameters[0] = BitConverter.ToUInt32(new ReadOnlySpan<byte>(block, 4));
        new ReadOnlySpan<byte>(block + 4, Inputs).CopyTo(new Span<byte>(codes, Inputs));
    }

    private static void PackBlock(byte* codes, uint* parameters, byte* block)
    {
        BitConverter.TryWriteBytes(new Span<byte>(block, 4), parameters[0]);
        new ReadOnlySpan<byte>(codes, Inputs).CopyTo(new Span<byte>(block + 4, Inputs));
    }

    // The same for all weights, so that rows do not depend on how many there are.
    private static void QuantizeTensor(float* x, long stride, long rows, long k, byte* tensorSide) => WriteFloat(tensorSide, 0.5f);

    private static void QuantizeRow(float* x, long k, byte* blocks, byte* rowSide, byte* tensorSide)
    {
        WriteFloat(rowSide, x[0] > 0 ? 3f : 0.75f);
        float outer = ReadFloat(tensorSide) * ReadFloat(rowSide);
        for (long first = 0; first < k; first += Inputs, blocks += Bytes)
        {
            float largest = 0;
            for (long i = first; i < Math.Min(k, first + Inputs); i++)
            {
                largest = Math.Max(largest, Math.Abs(x[i]));
            }

            float scale = largest / 127f / outer;
            WriteFloat(blocks, scale);
            for (int i = 0; i < Inputs; i++)
            {
                float q = first + i < k && scale != 0 ? MathF.Round(x[first + i] / (scale * outer)) : 0;
                ((sbyte*)blocks)[4 + i] = (sbyte)Math.Clamp(q, -127, 127);
            }
        }
    }

    private static void DequantizeRow(byte* blocks, byte* rowSide, byte* tensorSide, long k, float* y)
    {
        float outer = ReadFloat(tensorSide) * ReadFloat(rowSide);
        for (long i = 0; i < k; i++)
        {
            byte* block = blocks + (i / Inputs * Bytes);
            y[i] = outer * ReadFloat(block) * ((sbyte*)block)[4 + (i % Inputs)];
        }
    }

    private static float DotFloat32(byte* blocks, byte* rowSide, byte* tensorSide, long k, float* x)
    {
        float outer = ReadFloat(tensorSide) * ReadFloat(rowSide);
        float sum = 0;
        for (long i = 0; i < k; i++)
        {
            byte* block = blocks + (i / Inputs * Bytes);
            sum += outer * ReadFloat(block) * ((sbyte*)block)[4 + (i % Inputs)] * x[i];
        }

        return sum;
    }

    private static float DotInt8(byte* blocks, byte* rowSide, byte* tensorSide, long k, byte* activations)
    {
        float outer = ReadFloat(tensorSide) * ReadFloat(rowSide);
        float sum = 0;
        for (long first = 0; first < k; first += Inputs, blocks += Bytes, activations += Layout.GroupWords * 4)
        {
            int dot = 0;
            for (int i = 0; i < Inputs; i++)
            {
                dot += ((sbyte*)blocks)[4 + i] * ((sbyte*)activations)[i];
            }

            sum += outer * ReadFloat(blocks) * ReadFloat(activations + Inputs) * dot;
        }

        return sum;
    }

    private static void PackPanel(byte* rows, long rowStride, int rowCount, byte* rowSides, byte* tensorSide, long k, byte* panel)
    {
        long blocks = (k + Inputs - 1) / Inputs;
        new Span<byte>(panel, (int)(Header + (blocks * PackedBytes))).Clear();
        for (int r = 0; r < rowCount; r++)
        {
            WriteFloat(panel + (4 * r), ReadFloat(tensorSide) * ReadFloat(rowSides + (4 * r)));
            for (long b = 0; b < blocks; b++)
            {
                byte* source = rows + (r * rowStride) + (b * Bytes);
                byte* target = panel + Header + (b * PackedBytes);
                WriteFloat(target + (4 * r), ReadFloat(source));
                for (int i = 0; i < Inputs; i++)
                {
                    target[32 + (i / 4 * 32) + (4 * r) + (i % 4)] = source[4 + i];
                }
            }
        }
    }

    private static void UnpackPanel(byte* panel, int panelRows, int rowCount, long k, byte* rows, long rowStride)
    {
        for (int r = 0; r < rowCount; r++)
        {
            for (long b = 0; b < (k + Inputs - 1) / Inputs; b++)
            {
                byte* target = rows + (r * rowStride) + (b * Bytes);
                byte* source = panel + Header + (b * PackedBytes);
                WriteFloat(target, ReadFloat(source + (4 * r)));
                for (int i = 0; i < Inputs; i++)
                {
                    target[4 + i] = source[(4 * panelRows) + (i / 4 * 4 * panelRows) + (4 * r) + (i % 4)];
                }
            }
        }
    }

    private static void GemvInt8Rows1(byte* panels, long panelStride, long panelCount, long blocks, byte* activations, float* y, long ldy) =>
        GemvInt8(1, panels, panelStride, panelCount, blocks, activations, y, ldy);

    private static void GemvInt8Rows2(byte* panels, long panelStride, long panelCount, long blocks, byte* activations, float* y, long ldy) =>
        GemvInt8(2, panels, panelStride, panelCount, blocks, activations, y, ldy);

    private static void GemvInt8(int mr, byte* panels, long panelStride, long panelCount, long blocks, byte* activations, float* y, long ldy)
    {
        byte* tile = stackalloc byte[(int)(blocks * Rows * Inputs)];
        byte* scales = stackalloc byte[(int)(blocks * Rows * 4)];
        for (long p = 0; p < panelCount; p++)
        {
            DecodeInt8(panels + (p * panelStride), blocks, tile, scales);
            Int8Tile(mr, panels + (p * panelStride), tile, scales, blocks, activations, y + (p * Rows), ldy);
        }
    }

    private static void DecodeInt8(byte* panel, long blocks, byte* tile, byte* scales)
    {
        for (long b = 0; b < blocks; b++)
        {
            byte* source = panel + Header + (b * PackedBytes);
            new Span<byte>(source, 32).CopyTo(new Span<byte>(scales + (b * 32), 32));
            new Span<byte>(source + 32, Rows * Inputs).CopyTo(new Span<byte>(tile + (b * Rows * Inputs), Rows * Inputs));
        }
    }

    private static void Int8Tile1(byte* panel, byte* tile, byte* scales, long blocks, byte* activations, float* y, long ldy) =>
        Int8Tile(1, panel, tile, scales, blocks, activations, y, ldy);

    private static void Int8Tile2(byte* panel, byte* tile, byte* scales, long blocks, byte* activations, float* y, long ldy) =>
        Int8Tile(2, panel, tile, scales, blocks, activations, y, ldy);

    private static void Int8Tile4(byte* panel, byte* tile, byte* scales, long blocks, byte* activations, float* y, long ldy) =>
        Int8Tile(4, panel, tile, scales, blocks, activations, y, ldy);

    private static void Int8Tile6(byte* panel, byte* tile, byte* scales, long blocks, byte* activations, float* y, long ldy) =>
        Int8Tile(6, panel, tile, scales, blocks, activations, y, ldy);

    private static void Int8Tile(int mr, byte* panel, byte* tile, byte* scales, long blocks, byte* activations, float* y, long ldy)
    {
        long group = Layout.GroupWords * 4L * mr;
        for (int m = 0; m < mr; m++)
        {
            for (int r = 0; r < Rows; r++)
            {
                float sum = 0;
                for (long b = 0; b < blocks; b++)
                {
                    byte* a = activations + (b * group);
                    int dot = 0;
                    for (int i = 0; i < Inputs; i++)
                    {
                        dot += ((sbyte*)tile)[(b * 256) + (i / 4 * 32) + (4 * r) + (i % 4)] * ((sbyte*)a)[(((i / 4 * mr) + m) * 4) + (i % 4)];
                    }

                    sum += ReadFloat(panel + (4 * r)) * ReadFloat(scales + (b * 32) + (4 * r)) * ReadFloat(a + (Inputs * mr) + (4 * m)) * dot;
                }

                y[(m * ldy) + r] = sum;
            }
        }
    }

    private static void DecodeFloat32(byte* panel, byte* tensorSide, long first, long count, float* tile, long tileStride)
    {
        for (long i = 0; i < count * Inputs; i++)
        {
            byte* block = panel + Header + ((first + (i / Inputs)) * PackedBytes);
            for (int r = 0; r < Rows; r++)
            {
                sbyte code = ((sbyte*)block)[32 + (i % Inputs / 4 * 32) + (4 * r) + (i % 4)];
                tile[(i * tileStride) + r] = ReadFloat(panel + (4 * r)) * ReadFloat(block + (4 * r)) * code;
            }
        }
    }

    private static void Float32Tile1(float* tile, long k, float* activations, float* y, long ldy, bool accumulate) =>
        Float32Tile(1, tile, k, activations, y, ldy, accumulate);

    private static void Float32Tile2(float* tile, long k, float* activations, float* y, long ldy, bool accumulate) =>
        Float32Tile(2, tile, k, activations, y, ldy, accumulate);

    private static void Float32Tile4(float* tile, long k, float* activations, float* y, long ldy, bool accumulate) =>
        Float32Tile(4, tile, k, activations, y, ldy, accumulate);

    private static void Float32Tile6(float* tile, long k, float* activations, float* y, long ldy, bool accumulate) =>
        Float32Tile(6, tile, k, activations, y, ldy, accumulate);

    private static void Float32Tile(int mr, float* tile, long k, float* activations, float* y, long ldy, bool accumulate)
    {
        for (int m = 0; m < mr; m++)
        {
            for (int r = 0; r < TileRows; r++)
            {
                float sum = 0;
                for (long i = 0; i < k; i++)
                {
                    sum += tile[(i * TileRows) + r] * activations[(i * mr) + m];
                }

                y[(m * ldy) + r] = accumulate ? y[(m * ldy) + r] + sum : sum;
            }
        }
    }
}

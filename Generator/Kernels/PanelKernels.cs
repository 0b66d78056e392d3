using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>Writes the kernels that read packed panels: GEMV, and the decoders that feed the micro-kernels.</summary>
internal sealed class PanelKernels(FormatPlan plan, Target target)
{
    private readonly TileShape _shape = TileShape.Of(plan, target.RebasesSigned);

    /// <summary>The GEMV kernels, most rows of activations first, and their table.</summary>
    public void Gemv(CodeWriter code)
    {
        IReadOnlyList<int> heights = plan.Panel.HasTables ? [1] : target.GemvRows(_shape);
        code.Doc("<summary>The GEMV kernels by rows of activations, most first.</summary>");
        code.Line($"internal static readonly global::KernelGen.Int8GemvKernel[] s_gemvs = [{string.Join(", ", heights.Select(m => $"new global::KernelGen.Int8GemvKernel({m}, &GemvInt8{Suffix(m)})"))}];");
        foreach (int rows in heights)
        {
            code.Line();
            Gemv(code, rows);
        }
    }

    private static string Suffix(int rows) => rows == 1 ? string.Empty : $"Rows{rows}";

    private void Gemv(CodeWriter code, int rows)
    {
        code.Doc($"""
            <summary>
            y[m * ldy + p * {plan.Panel.Rows} + r] = row r of panel p times {(rows == 1 ? "one row" : $"row m of {rows} interleaved rows")} of packed int8 activations{(plan.Panel.HasTables ? " with tables" : string.Empty)}. Panels are
            walked one after another: one sequential stream is what the hardware prefetcher follows best.
            </summary>
            """);
        using (code.Method($"internal static void GemvInt8{Suffix(rows)}(byte* panels, long panelStride, long panelCount, long blocks, byte* activations, float* y, long ldy)"))
        {
            using (code.Block("for (long p = 0; p < panelCount; p++)"))
            {
                code.Line($"GemvPanel{Suffix(rows)}(panels + (p * panelStride), blocks, activations, y + (p * {plan.Panel.Rows}), ldy);");
            }
        }

        code.Line();
        code.Doc($"<summary>One panel of <see cref=\"GemvInt8{Suffix(rows)}\"/>.</summary>");
        using (code.Method($"internal static void GemvPanel{Suffix(rows)}(byte* panel, long blocks, byte* activations, float* y, long ldy)"))
        {
            EagerOptimization.Write(code, target, "blocks", "activations", "byte");
            if (plan.Panel.HasTables)
            {
                new TableProductWriter(plan, _shape, target).Write(code);
                return;
            }

            var source = new PanelSource(plan, target) { Prefetches = true, ProductRows = rows };
            source.BeginKernel(code);
            new ProductWriter(_shape, target.For(_shape), source, rows).Write(code);
        }
    }

    public void DecodeInt8(CodeWriter code)
    {
        code.Doc($"<summary>Decodes a panel into the tile of <c>{_shape.Name}</c>: byte planes of quads, and the scale records.</summary>");
        using (code.Method("internal static void DecodeInt8(byte* panel, long blocks, byte* tile, byte* scales)"))
        {
            EagerOptimization.Write(code, target, "blocks", "tile", "byte");
            var source = new PanelSource(plan, target) { Prefetches = true };
            source.BeginKernel(code);
            ForEachRowVector(code, row => DecodeInt8Rows(code, source, row));
        }
    }

    private void DecodeInt8Rows(CodeWriter code, PanelSource source, string row)
    {
        source.BeginRows(code, row);
        code.Line("byte* t = tile;");
        code.Line("byte* s = scales;");
        using (code.Block("for (long b = 0; b < blocks; b++)"))
        {
            source.BeginBlock(code, row, advances: true);
            if (_shape.Integer)
            {
                IntegerRecords(code, source, row);
            }
            else
            {
                Loop.Over(code, "segment", _shape.SegmentsPerBlock, 1, segment => FloatRecords(code, source, segment, row));
            }

            int quads = _shape.SegmentsPerBlock * _shape.QuadsPerSegment;
            int straight = quads % 8 == 0 ? 8 : quads;
            Loop.Over(code, "chunk", quads / straight, 1, _ =>
            {
                for (int quad = 0; quad < straight; quad++)
                {
                    string[] planes = source.Quad(code, quad, row);
                    for (int p = 0; p < planes.Length; p++)
                    {
                        code.Line(target.StoreBytes(Offset("t", $"{(quad * _shape.QuadBytes) + (p * 4 * _shape.Rows)}", Times(row, 4)), planes[p]));
                    }
                }

                source.Advance(code, straight);
                code.Line($"t += {straight * _shape.QuadBytes};");
                source.ForgetLoads();
            });
            code.Line($"s += {_shape.ScaleBytes};");
            source.EndBlock(code);
        }
    }

    private void FloatRecords(CodeWriter code, PanelSource source, string segment, string row)
    {
        (string scale, string zero, string min) = source.Segment(code, segment, row);
        int next = 0;
        string Record() => Offset("s", Times(segment, _shape.SegmentRecords * _shape.RecordBytes), $"{next++ * _shape.RecordBytes}", Times(row, 4));
        code.Line(target.StoreSingle(Record(), scale));
        if (_shape.HasZero)
        {
            code.Line(target.StoreInt32(Record(), zero));
        }

        if (_shape.HasMin)
        {
            code.Line(target.StoreSingle(Record(), min));
        }
    }

    private void IntegerRecords(CodeWriter code, PanelSource source, string row)
    {
        (string scale, string min) = source.Outer;
        code.Line(target.StoreSingle(Offset("s", Times(row, 4)), scale));
        if (_shape.HasMin)
        {
            code.Line(target.StoreSingle(Offset("s", $"{_shape.RecordBytes}", Times(row, 4)), min));
        }

        int kinds = _shape.HasMin ? 2 : 1;
        Loop.Over(code, "pair", _shape.PairsPerGroup, 1, pair =>
        {
            string Record(int kind) => Offset("s", Times(pair, kinds * _shape.RecordBytes), $"{(kinds + kind) * _shape.RecordBytes}", Times(row, 4));
            code.Line(target.StorePairs(Record(0), source.ScalePairs(code, pair, row)));
            if (_shape.HasMin)
            {
                code.Line(target.StorePairs(Record(1), source.MinPairs(code, pair, row)));
            }
        });
    }

    public void DecodeFloat32(CodeWriter code)
    {
        code.Doc("<summary>Decodes packed blocks into f32: weight k of row r at tile[k * stride + r], the values of <see cref=\"DequantizeRow\"/>."
            + (plan.Panel.HasTables ? " Where stride is less than the panel's rows, every stride rows have a tile of their own, one after another." : string.Empty) + "</summary>");
        using (code.Method("internal static void DecodeFloat32(byte* panel, byte* tensorSide, long first, long count, float* tile, long stride)"))
        {
            EagerOptimization.Write(code, target, "count", "tile", "float");
            new ValueWriter(plan, target).DeclareCommonTables(code);
            ForEachRowVector(code, row =>
            {
                var weights = new PanelWeights(plan, target) { Row = row };
                weights.BeginPanel(code, "first");
                code.Line($"byte* block = panel + {plan.Panel.HeaderBytes} + (first * {plan.Panel.BlockBytes});");
                code.Line(row == "0" ? "float* t = tile;" : $"float* t = tile + {row};");
                if (row != "0" && plan.Panel.HasTables)
                {
                    // Without a division: rows beyond a tile's stand in the tiles after it.
                    using (code.Block($"for (long left = {row}; left >= stride; left -= stride)"))
                    {
                        code.Line($"t += (count * {plan.Grouping.Block} * stride) - stride;");
                    }
                }

                using (code.Block("for (long b = 0; b < count; b++)"))
                {
                    weights.BeginBlock(code);
                    code.Line($"byte* w = {Offset("block", plan.Panel.CodesAt.ToString())};");
                    if (!plan.IsFloat)
                    {
                        BlockWeights.Write(code, plan, PanelPlan.ChunkQuads, [weights], (_, values) =>
                        {
                            code.Line(target.StoreSingle("t", values[0]));
                            code.Line("t += stride;");
                        });
                    }
                    else
                    {
                        FloatsBlock(code, weights);
                    }

                    code.Line($"block += {plan.Panel.BlockBytes};");
                }
            });
        }
    }

    /// <summary>Walks the segments of a block of plain floats.</summary>
    private void FloatsBlock(CodeWriter code, PanelWeights weights)
    {
        int bytes = plan.Spec.Codes.Bits / 8;
        Loop.Over(code, "u", _shape.SegmentsPerBlock, 1, segment =>
        {
            weights.BeginSegment(code, segment, 0);
            using (code.Block($"for (int k = 0; k < {plan.Grouping.Segment}; k++)"))
            {
                code.Line(target.StoreSingle("t", weights.Stored(code, Offset("w", Times(weights.Row, bytes)))));
                code.Line($"w += {plan.Panel.Rows * bytes};");
                code.Line("t += stride;");
            }
        });
    }

    private void ForEachRowVector(CodeWriter code, System.Action<string> write)
    {
        if (target.Lanes == _shape.Rows)
        {
            write("0");
            return;
        }

        using (code.Block($"for (int row = 0; row < {_shape.Rows}; row += {target.Lanes})"))
        {
            write("row");
        }
    }
}

using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>Writes the packing of stored rows into a panel.</summary>
internal sealed class PackPanelKernel(FormatPlan plan, Target target, string scalarClass)
{
    private readonly FormatSpec _spec = plan.Spec;

    public void Write(CodeWriter code)
    {
        Grouping grouping = plan.Grouping;
        PanelPlan panel = plan.Panel;
        int blocks = grouping.Block / _spec.Block.Inputs;
        code.Doc($"""
            <summary>
            Packs up to {panel.Rows} rows into a panel: parameters interleaved by row, codes recoded and split into planes whose vectors hold
            4 consecutive inputs of each row per lane. Inputs past k are zero; rows there are not hold bytes of zero, which need not mean weights of zero.
            </summary>
            """);
        using (code.Method("internal static void PackPanel(byte* rows, long rowStride, int rowCount, byte* rowSides, byte* tensorSide, long k, byte* panel)"))
        {
            EagerOptimization.Write(code, target, "k", "panel", "byte");
            code.Line($"long packedBlocks = (k + {grouping.Block - 1}) / {grouping.Block};");
            code.Line($"ScalarIdioms.Clear(panel, {panel.HeaderBytes} + (packedBlocks * {panel.BlockBytes}));");
            Buffers.Declare(code, _spec, scalarClass);
            using (code.Block("for (int r = 0; r < rowCount; r++)"))
            {
                code.Line("byte* row = rows + (r * rowStride);");
                Header(code);
                code.Line($"byte* packed = panel + {panel.HeaderBytes};");
                using (code.Block($"for (long rest = k; rest > 0; rest -= {grouping.Block})"))
                {
                    if (blocks == 1)
                    {
                        Block(code, "0", "rest");
                    }
                    else
                    {
                        using (code.Block($"for (int part = 0; part < {blocks} && rest > part * {_spec.Block.Inputs}; part++)"))
                        {
                            Block(code, "part", $"(rest - (part * {_spec.Block.Inputs}))");
                        }
                    }

                    code.Line($"packed += {panel.BlockBytes};");
                }
            }
        }
    }

    private void Header(CodeWriter code)
    {
        var parameters = new RowParameters(_spec);
        if (RowParameters.SideBytes(_spec, ParameterExtent.Row) is > 0 and int bytes)
        {
            code.Line($"byte* rowSide = rowSides + (r * {bytes}L);");
        }

        foreach (PanelField field in plan.Panel.Fields.Where(f => f.Place == PanelPlace.Header))
        {
            string value = parameters.SideValue(field.Parameter);
            code.Line(field.Parameter == plan.Scaling.IntegerZero
                ? $"*(int*)(panel + {field.At} + (r * 4)) = (int)({value});"
                : $"*(float*)(panel + {field.At} + (r * 4)) = {value};");
        }
    }

    private void Block(CodeWriter code, string part, string rest)
    {
        ShortTail.Read(code, _spec, "row", rest, "block", scalarClass);
        code.Line("UnpackCodes(block, codes);");
        if (RowParameters.EntriesPerBlock(_spec) > 0)
        {
            code.Line($"{(target.HasRowVectors ? scalarClass + "." : string.Empty)}UnpackParameters(block, parameters);");
        }

        foreach (PanelField field in plan.Panel.Fields.Where(f => f.Place != PanelPlace.Header))
        {
            Parameter(code, field, part);
        }

        code.Line($"{scalarClass}.ScatterCodes(codes, {part}, r, {plan.Panel.Rows}, packed + {plan.Panel.CodesAt});");
        code.Line($"row += {_spec.Block.Bytes};");
    }

    private void Parameter(CodeWriter code, PanelField field, string part)
    {
        ParameterSpec parameter = _spec.Parameters[field.Parameter];
        int entries = _spec.Block.Inputs / parameter.Inputs;
        string source = $"parameters[{RowParameters.FirstEntry(_spec, field.Parameter)} + i]";
        using (code.Block($"for (int i = 0; i < {entries}; i++)"))
        {
            string entry = IndexExpression.Sum(IndexExpression.Times(part, entries), "i");
            if (field.Place == PanelPlace.Pairs)
            {
                (int multiply, int add) = FormatPlanner.IntegerTransform(parameter)!.Value;
                string number = parameter.Type.Class == StoredClass.Signed
                    ? $"((int){source} << {32 - parameter.Type.Bits} >> {32 - parameter.Type.Bits})"
                    : $"(int){source}";
                number = multiply == 1 && add == 0 ? number : $"(({number} * {multiply}) + {add})".Replace("+ -", "- ");
                number = parameter.Negative ? $"-({number})" : number;
                code.Line($"packed[{field.At} + ((({entry}) / 2 * {plan.Panel.Rows}) * 2) + (r * 2) + (({entry}) % 2)] = (byte)({number});");
                return;
            }

            string pointer = $"packed + {field.At} + (((({entry}) * {plan.Panel.Rows}) + r) * {field.EntryBytes})";
            code.Line(field.EntryBytes switch
            {
                1 => $"*({pointer}) = (byte){source};",
                2 => $"*(ushort*)({pointer}) = (ushort){source};",
                _ => $"*(uint*)({pointer}) = {source};",
            });
        }
    }

    /// <summary>Scalar class only: one row's codes of a block into the planes of a panel of any height, 4 inputs at a time.</summary>
    public void ScatterCodes(CodeWriter code)
    {
        Grouping grouping = plan.Grouping;
        int segment = grouping.Segment;
        bool padded = grouping.PaddedSegment != segment;
        int quads = _spec.Block.Inputs / segment * grouping.QuadsPerSegment;
        code.Doc("""
            <summary>
            Recodes the codes of a block of row <paramref name="r"/> and stores them into the code planes of a panel of
            <paramref name="rows"/> rows. Codes are changed in place.
            </summary>
            """);
        code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (code.Method("internal static void ScatterCodes(byte* codes, int part, int r, int rows, byte* planes)"))
        {
            if (plan.Form.Recode != RecodeRule.None)
            {
                using (code.Block($"for (int e = 0; e < {_spec.Block.Inputs}; e++)"))
                {
                    code.Line($"codes[e] = (byte)({RecodeWriter.Packed(plan.Form, "codes[e]")});");
                }

                code.Line();
            }

            using (code.Block($"for (int i = 0; i < {quads}; i++)"))
            {
                if (padded)
                {
                    code.Line($"int at = (i / {grouping.QuadsPerSegment} * {segment}) + (i % {grouping.QuadsPerSegment} * 4);");
                    code.Line($"int count = Math.Min(4, {segment} - (i % {grouping.QuadsPerSegment} * 4));");
                    code.Line("uint quad = 0;");
                    using (code.Block("for (int e = 0; e < count; e++)"))
                    {
                        code.Line("quad |= (uint)codes[at + e] << (8 * e);");
                    }
                }
                else
                {
                    code.Line("uint quad = *(uint*)(codes + (4 * i));");
                }

                code.Line($"int index = (part * {quads}) + i;");
                code.Line($"byte* chunk = planes + (index / 8 * {4 * plan.Form.PackedBits} * rows) + (r * 4);");
                int at = 0;
                int bit = 0;
                foreach (int plane in plan.Panel.PlaneBits)
                {
                    int perVector = 8 / plane;
                    int mask = (1 << plane) - 1;
                    string field = plane == 8 ? "quad" : $"((quad >> {bit}) & 0x{mask:X2}{mask:X2}{mask:X2}{mask:X2}u)";
                    string vector = perVector == 8 ? string.Empty : $" + (index % 8 / {perVector} * 4 * rows)";
                    string shift = perVector == 1 ? string.Empty : $" << ({plane} * (index % {perVector}))";
                    code.Line($"*(uint*)(chunk{(at == 0 ? string.Empty : $" + ({at} * rows)")}{vector}) |= {field}{shift};");
                    at += 4 * plane;
                    bit += plane;
                }
            }
        }
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Kernels;

/// <summary>Writes the inverse of <see cref="PackPanelKernel"/>, of formats whose stored bits can be had back; in the scalar class, for panels of any target.</summary>
internal sealed class UnpackPanelKernel(FormatPlan plan, string scalarClass)
{
    private readonly FormatSpec _spec = plan.Spec;
    private readonly PanelPlan _panel = plan.Panel;
    private readonly Grouping _grouping = plan.Grouping;
    private readonly PanelWords _words = new(plan);

    public void Write(CodeWriter code)
    {
        Unpack(code);
        code.Line();
        GatherCodes(code);
    }

    private void Unpack(CodeWriter code)
    {
        code.Doc("""
            <summary>
            The inverse of PackPanel for a panel of <paramref name="panelRows"/> rows, this target's or another's: the stored rows, side
            parameters apart.
            </summary>
            """);
        using (code.Method("internal static void UnpackPanel(byte* panel, int panelRows, int rowCount, long k, byte* rows, long rowStride)"))
        {
            Buffers.DeclarePanel(code, plan, scalarClass);
            using (code.Block("for (int r = 0; r < rowCount; r++)"))
            {
                code.Line("byte* row = rows + (r * rowStride);");
                string matrix = plan.MatrixHeaderBytes == 0 ? string.Empty : $" + {plan.MatrixHeaderBytes}";
                code.Line($"byte* packed = panel + ({(_panel.HeaderBytes - plan.MatrixHeaderBytes) / _panel.Rows} * panelRows){matrix};");
                using (code.Block($"for (long rest = k; rest > 0; rest -= {_grouping.Block})"))
                {
                    code.Line($"GatherCodes(packed + ({_panel.CodesAt / _panel.Rows} * panelRows), r, panelRows, quads);");
                    if (_words.BlocksPerPackedBlock == 1)
                    {
                        UnpackPart(code, "0", "rest");
                    }
                    else
                    {
                        using (code.Block($"for (int part = 0; part < {_words.BlocksPerPackedBlock} && rest > part * {_spec.Block.Inputs}; part++)"))
                        {
                            UnpackPart(code, "part", $"(rest - (part * {_spec.Block.Inputs}))");
                        }
                    }

                    code.Line($"packed += {_panel.BlockBytes / _panel.Rows} * panelRows;");
                }
            }
        }
    }

    private void UnpackPart(CodeWriter code, string part, string rest)
    {
        string quads = part == "0" ? "quads" : $"quads + ({part} * {_words.PartBytes})";
        if (PackPanelKernel.IsPadded(plan))
        {
            _words.MoveSegments(code, "codes", quads, spread: false);
        }
        else
        {
            string element = Buffers.ElementType(_spec);
            code.Line(!plan.IsFloat ? $"byte* codes = {quads};" : $"{element}* codes = ({element}*)({quads});");
        }

        if (plan.Form.Recode != RecodeRule.None)
        {
            code.Line("RecodeCodes(codes); // an exclusive or is its own inverse");
        }

        foreach (PanelField field in _panel.Fields.Where(f => !f.IsInHeader))
        {
            UnpackParameter(code, field, part);
        }

        ShortTail.Write(code, _spec, "row", rest, RowParameters.EntriesPerBlock(_spec) > 0 ? "parameters" : "null", scalarClass);
        code.Line($"row += {_spec.Block.Bytes};");
    }

    private void UnpackParameter(CodeWriter code, PanelField field, string part)
    {
        ParameterSpec parameter = _spec.Parameters[field.Parameter];
        string stored = $"parameters[{RowParameters.FirstEntry(_spec, field.Parameter)} + i]";
        using (code.Block($"for (int i = 0; i < {_spec.Block.Inputs / parameter.Inputs}; i++)"))
        {
            string pointer = _words.Pointer(field, part, "panelRows");
            if (field.IsPairs)
            {
                (int multiply, int add) = FormatPlanner.IntegerTransform(parameter)!.Value;
                string number = FormatPlanner.IntegerRange(parameter).Low < 0 ? $"*(sbyte*)({pointer})"
                    : field.Place == PanelPlace.Pairs ? $"*({pointer})"
                    : $"((*({pointer}) >> {field.FromBit}) & 15)";
                number = parameter.Negative ? $"-({number})" : number;
                number = add == 0 ? number : $"({number} - ({add}))";
                number = multiply == 1 ? number : $"({number} / {multiply})";
                code.Line($"{stored} = (uint)({number}) & 0x{(1u << parameter.Type.Bits) - 1:X}u;");
                return;
            }

            code.Line(field.EntryBytes switch
            {
                1 => $"{stored} = *({pointer});",
                2 => $"{stored} = *(ushort*)({pointer});",
                _ => $"{stored} = *(uint*)({pointer});",
            });
        }
    }

    private void GatherCodes(CodeWriter code)
    {
        code.Doc("<summary>The inverse of <see cref=\"ScatterCodes\"/>.</summary>");
        code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (code.Method("internal static void GatherCodes(byte* planes, int r, int rows, byte* quads)"))
        {
            if (plan.IsFloat)
            {
                _words.MoveFloats(code, (panel, row) => $"{row} = {panel};");
                return;
            }

            code.Line(_panel.HasTables ? "planes += r;" : "planes += r * 4;");
            using (code.Block($"for (int chunk = 0; chunk < {_grouping.QuadsPerBlock / 8}; chunk++)"))
            {
                foreach (int at in _words.All().Select(w => w.At))
                {
                    code.Line(_panel.HasTables ? $"uint w{at} = planes[{at} * rows];" : $"uint w{at} = *(uint*)(planes + ({4 * at} * rows));");
                }

                for (int i = 0; i < 8; i++)
                {
                    if (_panel.HasTables)
                    {
                        // Bit n of the nibble to the lowest of byte n.
                        code.Line($"*(uint*)(quads + {4 * i}) = (((w{i / 2} >> {i % 2 * 4}) & 15) * 0x00204081u) & 0x01010101u;");
                        continue;
                    }

                    IEnumerable<string> parts = _words.All().Where(w => w.Quads.Contains(i))
                        .Select(w => _words.Moved($"w{w.At}", w.Width * Array.IndexOf(w.Quads, i), w.Bit, w.Width, always: true));
                    code.Line($"*(uint*)(quads + {4 * i}) = {string.Join(" | ", parts)};");
                }

                code.Line("quads += 32;");
                code.Line($"planes += {4 * _panel.CodeBits} * rows;");
            }
        }
    }
}

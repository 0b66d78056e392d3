using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>Writes the packing of stored rows into a panel as high as the target's.</summary>
internal sealed class PackPanelKernel(FormatPlan plan, Target target, string scalarClass)
{
    private readonly FormatSpec _spec = plan.Spec;
    private readonly PanelPlan _panel = plan.Panel;
    private readonly Grouping _grouping = plan.Grouping;
    private readonly PanelWords _words = new(plan);

    /// <summary>
    /// Whether the stored bits can be had back from a panel. Signs and magnitudes give up the sign of zero, codes of several inputs the
    /// code, scales of a table their place in it, and what is no factor of a weight (a stored sum) is not packed.
    /// </summary>
    public static bool CanUnpack(FormatPlan plan) =>
        plan.Form.Recode != RecodeRule.SignMagnitude && plan.Spec.StoresCodes
        && plan.Spec.Parameters.All(p => p.Role == ParameterRole.Codebook || (p.IsFactor && p.Type.Class != StoredClass.Table));

    /// <summary>Bytes of the codes of a packed block of one row: in whole chunks of quads, or plain floats as they are.</summary>
    public static int QuadBytes(FormatPlan plan) =>
        !plan.IsFloat ? plan.Grouping.QuadsPerBlock * 4 : plan.Grouping.Block * Buffers.ElementBytes(plan.Spec);

    /// <summary>Whether segments are padded to whole quads, so that codes move on their way to them.</summary>
    public static bool IsPadded(FormatPlan plan) => !plan.IsFloat && plan.Grouping.PaddedSegment != plan.Grouping.Segment;

    /// <summary>Whether some bytes of the quads are no code's.</summary>
    public static bool HasPaddedQuads(FormatPlan plan) => QuadBytes(plan) != plan.Grouping.Block * Buffers.ElementBytes(plan.Spec);

    public void Write(CodeWriter code)
    {
        code.Doc($"""
            <summary>
            Packs up to {_panel.Rows} rows into a panel: parameters interleaved by row, codes recoded and split into planes whose vectors hold
            4 consecutive inputs of each row per lane. Inputs past k are zero; rows there are not hold bytes of zero, which need not mean weights of zero.
            </summary>
            """);
        using (code.Method("internal static void PackPanel(byte* rows, long rowStride, int rowCount, byte* rowSides, byte* tensorSide, long k, byte* panel)"))
        {
            EagerOptimization.Write(code, target, "k", "panel", "byte");
            Clear(code);
            Buffers.DeclarePanel(code, plan, scalarClass);
            if (_panel.Integers is { } integers && !plan.HasRowIntegers)
            {
                MatrixIntegers(code, integers);
            }

            using (code.Block("for (int r = 0; r < rowCount; r++)"))
            {
                code.Line("byte* row = rows + (r * rowStride);");
                Header(code);
                code.Line($"byte* packed = panel + {_panel.HeaderBytes};");
                using (code.Block($"for (long rest = k; rest > 0; rest -= {_grouping.Block})"))
                {
                    if (_words.BlocksPerPackedBlock == 1)
                    {
                        Block(code, "0", "rest");
                    }
                    else
                    {
                        using (code.Block($"if (rest < {_grouping.Block})"))
                        {
                            code.Line($"ScalarIdioms.Clear(quads, {QuadBytes(plan)});");
                        }

                        using (code.Block($"for (int part = 0; part < {_words.BlocksPerPackedBlock} && rest > part * {_spec.Block.Inputs}; part++)"))
                        {
                            Block(code, "part", $"(rest - (part * {_spec.Block.Inputs}))");
                        }
                    }

                    code.Line($"{scalarClass}.ScatterCodes(quads, r, {_panel.Rows}, packed + {_panel.CodesAt});");
                    code.Line($"packed += {_panel.BlockBytes};");
                }
            }
        }
    }

    /// <summary>Scalar class only: the helpers of packing, and unpacking.</summary>
    public void WriteScalar(CodeWriter code)
    {
        if (plan.Form.Recode != RecodeRule.None)
        {
            Recode(code);
            code.Line();
        }

        ScatterCodes(code);
        if (CanUnpack(plan))
        {
            code.Line();
            new UnpackPanelKernel(plan, scalarClass).Write(code);
        }
    }

    /// <summary>Zeroes the bytes that no row fills, where there are any.</summary>
    private void Clear(CodeWriter code)
    {
        string clear = $"ScalarIdioms.Clear(panel, {_panel.HeaderBytes} + ((k + {_grouping.Block - 1}) / {_grouping.Block} * {_panel.BlockBytes}));";
        if (_panel.Fields.Any(f => f.IsPairs && f.Entries % 2 != 0))
        {
            code.Line(clear);
            return;
        }

        using (code.Block($"if (rowCount < {_panel.Rows}{(_words.BlocksPerPackedBlock > 1 ? $" || k % {_grouping.Block} != 0" : string.Empty)})"))
        {
            code.Line(clear);
        }
    }

    private void Header(CodeWriter code)
    {
        var parameters = new RowParameters(_spec);
        if (RowParameters.SideBytes(_spec, ParameterExtent.Row) is > 0 and int bytes)
        {
            code.Line($"byte* rowSide = rowSides + (r * {bytes}L);");
        }

        if (_panel.Fields.Any(static f => f.IsRole))
        {
            parameters.Side(code);
        }

        foreach (PanelField field in _panel.Fields.Where(f => f.Place == PanelPlace.Header))
        {
            string value = parameters.SideValue(field.Parameter);
            code.Line(field.Parameter == plan.Scaling.IntegerZero
                ? $"*(int*)(panel + {field.At} + (r * 4)) = (int)({value});"
                : $"*(float*)(panel + {field.At} + (r * 4)) = {value};");
        }

        foreach (PanelField field in _panel.Fields.Where(f => f.Place == PanelPlace.Table))
        {
            code.Line($"{scalarClass}.{LearnedTable.Load}({RowParameters.SidePointer(_spec, field.Parameter)}, (float*)(panel + {field.At}) + r, {_panel.Rows});");
        }

        if (_panel.Integers is { } integers)
        {
            if (plan.HasRowIntegers)
            {
                RowIntegers(code, integers);
            }

            code.Line($"*(float*)(panel + {integers.FactorsAt} + (r * 4)) = {LearnedTable.Factor};");
        }
    }

    /// <summary>The integers of the matrix's table, once a panel: the local <c>factor</c> is what one is worth.</summary>
    private void MatrixIntegers(CodeWriter code, PanelIntegers integers)
    {
        LearnedTable.DeclareNumbers(code, plan);
        string tables = $"panel + {integers.TablesAt}";
        code.Line($"float {LearnedTable.Factor} = {scalarClass}.{LearnedTable.Integers}(table, 1, {tables}, {tables} + {integers.PlaneBytes});");
    }

    /// <summary>The integers of the row's table, and what one is worth.</summary>
    private void RowIntegers(CodeWriter code, PanelIntegers integers)
    {
        int stride = integers.PlaneBytes / PanelIntegers.Stride;
        int numbers = _panel.Fields.Single(static f => f.Place == PanelPlace.Table).At;
        code.Line($"byte* integers = panel + {integers.TablesAt} + (r % {PanelIntegers.Stride} * {stride}) + (r / {PanelIntegers.Stride} * {PanelIntegers.TableBytes});");
        code.Line($"float {LearnedTable.Factor} = {scalarClass}.{LearnedTable.Integers}((float*)(panel + {numbers}) + r, {_panel.Rows}, integers, integers + {integers.PlaneBytes});");
    }

    private void Block(CodeWriter code, string part, string rest)
    {
        string quads = part == "0" ? "quads" : $"quads + ({part} * {_words.PartBytes})";
        string codes = IsPadded(plan) ? "codes" : !plan.IsFloat ? quads : $"({Buffers.ElementType(_spec)}*)({quads})";
        ShortTail.Read(code, _spec, "row", rest, "block", scalarClass);
        code.Line($"UnpackCodes(block, {codes});");
        if (RowParameters.EntriesPerBlock(_spec) > 0)
        {
            code.Line($"{(target.HasRowVectors ? scalarClass + "." : string.Empty)}UnpackParameters(block, parameters);");
        }

        foreach (PanelField field in _panel.Fields.Where(f => !f.IsInHeader))
        {
            Parameter(code, field, part, codes);
        }

        if (plan.Form.Recode != RecodeRule.None)
        {
            code.Line($"{scalarClass}.RecodeCodes({codes});");
        }

        if (IsPadded(plan))
        {
            _words.MoveSegments(code, codes, quads, spread: true);
        }

        code.Line($"row += {_spec.Block.Bytes};");
    }

    private void Parameter(CodeWriter code, PanelField field, string part, string codes)
    {
        if (field.Place == PanelPlace.Selector)
        {
            // Every code has the number above itself.
            code.Line($"packed[{field.At} + r] = (byte)(*({codes}) & 0x{(1 << plan.Form.PackedBits) - (1 << _panel.CodeBits):X2});");
            return;
        }

        ParameterSpec parameter = _spec.Parameters[field.Parameter];
        int entries = _spec.Block.Inputs / parameter.Inputs;
        string source = $"parameters[{RowParameters.FirstEntry(_spec, field.Parameter)} + i]";
        using (code.Block($"for (int i = 0; i < {entries}; i++)"))
        {
            string pointer = _words.Pointer(field, part, $"{_panel.Rows}");
            if (field.IsPairs)
            {
                string number = RowParameters.DecodeInteger(parameter, source);
                code.Line(field.FromBit == 0 ? $"*({pointer}) = (byte)({number});" : $"*({pointer}) |= (byte)(({number}) << {field.FromBit});");
                return;
            }

            if (field.IsRole)
            {
                var parameters = new RowParameters(_spec);
                code.Line($"*(float*)({pointer}) = {parameters.Number(parameter.Role, IndexExpression.Times("i", parameter.Inputs / parameters.Group))};");
                return;
            }

            if (parameter.Type.Class == StoredClass.Table)
            {
                string number = $"{scalarClass}.{ScalarTables.PanelNumberOf(parameter)}({source})";
                code.Line($"*({(field.EntryBytes == 1 ? "byte" : field.EntryBytes == 2 ? "ushort" : "float")}*)({pointer}) = {number};");
                return;
            }

            code.Line(field.EntryBytes switch
            {
                1 => $"*({pointer}) = (byte){source};",
                2 => $"*(ushort*)({pointer}) = (ushort){source};",
                _ => $"*(uint*)({pointer}) = {source};",
            });
        }
    }

    private void Recode(CodeWriter code)
    {
        bool words = _spec.Block.Inputs % 8 == 0;
        code.Doc("<summary>Stored codes of a block to packed ones, in place.</summary>");
        code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (code.Method("internal static void RecodeCodes(byte* codes)"))
        using (code.Block($"for (int e = 0; e < {_spec.Block.Inputs}; e += {(words ? 8 : 1)})"))
        {
            code.Line(words
                ? $"*(ulong*)(codes + e) = {RecodeWriter.PackedWord(plan.Form, "*(ulong*)(codes + e)")};"
                : $"codes[e] = (byte)({RecodeWriter.Packed(plan.Form, "codes[e]")});");
        }
    }

    private void ScatterCodes(CodeWriter code)
    {
        code.Doc("""
            <summary>
            Stores the packed codes of a block of row <paramref name="r"/>, in whole quads, into the code planes of a panel of
            <paramref name="rows"/> rows.
            </summary>
            """);
        code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (code.Method("internal static void ScatterCodes(byte* quads, int r, int rows, byte* planes)"))
        {
            if (plan.IsFloat)
            {
                _words.MoveFloats(code, (panel, row) => $"{panel} = {row};");
                return;
            }

            code.Line(_panel.HasTables ? "planes += r;" : "planes += r * 4;");
            using (code.Block($"for (int chunk = 0; chunk < {_grouping.QuadsPerBlock / 8}; chunk++)"))
            {
                for (int i = 0; i < 8; i++)
                {
                    code.Line($"uint q{i} = *(uint*)(quads + {4 * i});");
                }

                foreach ((int at, int[] quads, int bit, int width) in _words.All())
                {
                    code.Line(plan.Panel.HasTables
                        // The lowest bits of the 4 bytes of each quad, moved to the highest of the product.
                        ? $"planes[{at} * rows] = (byte)(((q{quads[0]} * 0x10204080u) >> 28) | ((q{quads[1]} * 0x10204080u) >> 28 << 4));"
                        : $"*(uint*)(planes + ({4 * at} * rows)) = {string.Join(" | ", quads.Select((quad, j) => _words.Moved($"q{quad}", bit, width * j, width)))};");
                }

                code.Line("quads += 32;");
                code.Line($"planes += {4 * _panel.CodeBits} * rows;");
            }
        }
    }
}

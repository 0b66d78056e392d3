using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>Writes the packing of stored rows into a panel as high as the target's, and its inverse.</summary>
internal sealed class PackPanelKernel(FormatPlan plan, Target target, string scalarClass)
{
    private readonly FormatSpec _spec = plan.Spec;
    private readonly PanelPlan _panel = plan.Panel;
    private readonly Grouping _grouping = plan.Grouping;

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

    private int BlocksPerPackedBlock => _grouping.Block / _spec.Block.Inputs;

    /// <summary>Bytes of a stored block's codes in the quads. Unpadded segments may be longer than the block.</summary>
    private int PartBytes => IsPadded(plan) ? _spec.Block.Inputs / _grouping.Segment * _grouping.PaddedSegment : _spec.Block.Inputs * Buffers.ElementBytes(_spec);

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
            using (code.Block("for (int r = 0; r < rowCount; r++)"))
            {
                code.Line("byte* row = rows + (r * rowStride);");
                Header(code);
                code.Line($"byte* packed = panel + {_panel.HeaderBytes};");
                using (code.Block($"for (long rest = k; rest > 0; rest -= {_grouping.Block})"))
                {
                    if (BlocksPerPackedBlock == 1)
                    {
                        Block(code, "0", "rest");
                    }
                    else
                    {
                        using (code.Block($"if (rest < {_grouping.Block})"))
                        {
                            code.Line($"ScalarIdioms.Clear(quads, {QuadBytes(plan)});");
                        }

                        using (code.Block($"for (int part = 0; part < {BlocksPerPackedBlock} && rest > part * {_spec.Block.Inputs}; part++)"))
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
            Unpack(code);
            code.Line();
            GatherCodes(code);
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

        using (code.Block($"if (rowCount < {_panel.Rows}{(BlocksPerPackedBlock > 1 ? $" || k % {_grouping.Block} != 0" : string.Empty)})"))
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
            TableIntegers(code, integers);
        }
    }

    /// <summary>The integers of the row's table, or of the matrix's.</summary>
    private void TableIntegers(CodeWriter code, PanelIntegers integers)
    {
        PanelField? rowTables = _panel.Fields.SingleOrDefault(static f => f.Place == PanelPlace.Table);
        if (rowTables is null)
        {
            LearnedTable.DeclareNumbers(code, plan);
        }

        (string table, string stride) = rowTables is null ? ("table", "1") : ($"(float*)(panel + {rowTables.At}) + r", $"{_panel.Rows}");
        string at = rowTables is null ? string.Empty : $" + (r % {PanelIntegers.Stride} * {integers.PlaneBytes / PanelIntegers.Stride}) + (r / {PanelIntegers.Stride} * {PanelIntegers.TableBytes})";
        code.Line($"byte* integers = panel + {integers.TablesAt}{at};");
        code.Line($"*(float*)(panel + {integers.FactorsAt} + (r * 4)) = {scalarClass}.{LearnedTable.Integers}({table}, {stride}, integers, integers + {integers.PlaneBytes});");
    }

    private void Block(CodeWriter code, string part, string rest)
    {
        string quads = part == "0" ? "quads" : $"quads + ({part} * {PartBytes})";
        string codes = IsPadded(plan) ? "codes" : !plan.IsFloat ? quads : $"({Buffers.ElementType(_spec)}*)({quads})";
        ShortTail.Read(code, _spec, "row", rest, "block", scalarClass);
        code.Line($"UnpackCodes(block, {codes});");
        if (RowParameters.EntriesPerBlock(_spec) > 0)
        {
            code.Line($"{(target.HasRowVectors ? scalarClass + "." : string.Empty)}UnpackParameters(block, parameters);");
        }

        foreach (PanelField field in _panel.Fields.Where(f => !f.IsInHeader))
        {
            Parameter(code, field, part);
        }

        if (plan.Form.Recode != RecodeRule.None)
        {
            code.Line($"{scalarClass}.RecodeCodes({codes});");
        }

        if (IsPadded(plan))
        {
            MoveSegments(code, codes, quads, spread: true);
        }

        code.Line($"row += {_spec.Block.Bytes};");
    }

    /// <summary>Copies codes between input order and segments of whole quads.</summary>
    private void MoveSegments(CodeWriter code, string codes, string quads, bool spread)
    {
        int segment = _grouping.Segment;
        using (code.Block($"for (int i = 0; i < {_spec.Block.Inputs}; i++)"))
        {
            string quad = $"({quads})[(i / {segment} * {_grouping.PaddedSegment}) + (i % {segment})]";
            code.Line(spread ? $"{quad} = {codes}[i];" : $"{codes}[i] = {quad};");
        }
    }

    private void Parameter(CodeWriter code, PanelField field, string part)
    {
        ParameterSpec parameter = _spec.Parameters[field.Parameter];
        int entries = _spec.Block.Inputs / parameter.Inputs;
        string source = $"parameters[{RowParameters.FirstEntry(_spec, field.Parameter)} + i]";
        using (code.Block($"for (int i = 0; i < {entries}; i++)"))
        {
            string pointer = Pointer(field, part, $"{_panel.Rows}");
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

    /// <summary>Where entry <c>i</c> of a part's parameter stands for row <c>r</c> of a panel of so many rows.</summary>
    private string Pointer(PanelField field, string part, string rows)
    {
        string entry = IndexExpression.Sum(IndexExpression.Times(part, _spec.Block.Inputs / _spec.Parameters[field.Parameter].Inputs), "i");
        string at = rows == $"{_panel.Rows}" ? $"{field.At}" : $"({field.At / _panel.Rows} * {rows})";
        return field.IsPairs
            ? $"packed + {at} + ((({entry}) / 2 * {rows}) * 2) + (r * 2) + (({entry}) % 2)"
            : $"packed + {at} + (((({entry}) * {rows}) + r) * {field.EntryBytes})";
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
                MoveFloats(code, (panel, row) => $"{panel} = {row};");
                return;
            }

            code.Line(_panel.HasTables ? "planes += r;" : "planes += r * 4;");
            using (code.Block($"for (int chunk = 0; chunk < {_grouping.QuadsPerBlock / 8}; chunk++)"))
            {
                for (int i = 0; i < 8; i++)
                {
                    code.Line($"uint q{i} = *(uint*)(quads + {4 * i});");
                }

                foreach ((int at, int[] quads, int bit, int width) in Words())
                {
                    code.Line(plan.Panel.HasTables
                        // The lowest bits of the 4 bytes of each quad, moved to the highest of the product.
                        ? $"planes[{at} * rows] = (byte)(((q{quads[0]} * 0x10204080u) >> 28) | ((q{quads[1]} * 0x10204080u) >> 28 << 4));"
                        : $"*(uint*)(planes + ({4 * at} * rows)) = {string.Join(" | ", quads.Select((quad, j) => Moved($"q{quad}", bit, width * j, width)))};");
                }

                code.Line("quads += 32;");
                code.Line($"planes += {4 * plan.Form.PackedBits} * rows;");
            }
        }
    }

    /// <summary>Plain floats stand in a panel as they are: [input][row].</summary>
    private void MoveFloats(CodeWriter code, System.Func<string, string, string> move)
    {
        string element = Buffers.ElementType(_spec);
        using (code.Block($"for (int e = 0; e < {_grouping.Block}; e++)"))
        {
            code.Line(move($"(({element}*)planes)[(e * rows) + r]", $"(({element}*)quads)[e]"));
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
                MoveFloats(code, (panel, row) => $"{row} = {panel};");
                return;
            }

            code.Line(_panel.HasTables ? "planes += r;" : "planes += r * 4;");
            using (code.Block($"for (int chunk = 0; chunk < {_grouping.QuadsPerBlock / 8}; chunk++)"))
            {
                foreach (int at in Words().Select(w => w.At))
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

                    IEnumerable<string> parts = Words().Where(w => w.Quads.Contains(i))
                        .Select(w => Moved($"w{w.At}", w.Width * System.Array.IndexOf(w.Quads, i), w.Bit, w.Width, always: true));
                    code.Line($"*(uint*)(quads + {4 * i}) = {string.Join(" | ", parts)};");
                }

                code.Line("quads += 32;");
                code.Line($"planes += {4 * plan.Form.PackedBits} * rows;");
            }
        }
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
                    if (BlocksPerPackedBlock == 1)
                    {
                        UnpackPart(code, "0", "rest");
                    }
                    else
                    {
                        using (code.Block($"for (int part = 0; part < {BlocksPerPackedBlock} && rest > part * {_spec.Block.Inputs}; part++)"))
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
        string quads = part == "0" ? "quads" : $"quads + ({part} * {PartBytes})";
        if (IsPadded(plan))
        {
            MoveSegments(code, "codes", quads, spread: false);
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
            string pointer = Pointer(field, part, "panelRows");
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

    /// <summary>The words (bytes, where sums are looked up) of a chunk: its number, the quads in it, the lowest code bit and how many bits of a code.</summary>
    private IEnumerable<(int At, int[] Quads, int Bit, int Width)> Words()
    {
        if (_panel.HasTables)
        {
            // Bytes of 8 codes: two quads each.
            for (int pair = 0; pair < 4; pair++)
            {
                yield return (pair, [2 * pair, (2 * pair) + 1], 0, 1);
            }

            yield break;
        }

        int at = 0;
        int bit = 0;
        foreach (int width in _panel.PlaneBits)
        {
            for (int v = 0; v < width; v++)
            {
                yield return (at++, [.. _panel.QuadsOf(width, v)], bit, width);
            }

            bit += width;
        }
    }

    /// <summary>A field of every byte of a word moved from one bit to another; the mask is left out where nothing else is there.</summary>
    private string Moved(string word, int from, int to, int width, bool always = false)
    {
        string moved = from > to ? $"({word} >> {from - to})" : from < to ? $"({word} << {to - from})" : word;
        int mask = ((1 << width) - 1) << to;
        return width == 8 || (!always && width == plan.Form.PackedBits) ? moved : $"({moved} & 0x{mask:X2}{mask:X2}{mask:X2}{mask:X2}u)";
    }
}

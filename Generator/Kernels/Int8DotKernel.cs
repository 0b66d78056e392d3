using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes the int8 dot product of one row in the interchange layout, for weights nobody packed: the codes of a block are
/// unpacked, then multiplied segment by segment with the packed activations (MR = 1).
/// </summary>
/// <param name="plan">The format's plan.</param>
/// <param name="target">Prints the idioms.</param>
/// <param name="scalarClass">The format's class of plain C#.</param>
/// <param name="included">The project's targets of <see cref="Target.Includes"/>: they serve segments that this target's vectors do not fit.</param>
internal sealed class Int8DotKernel(FormatPlan plan, Target target, string scalarClass, IReadOnlyList<Target> included)
{
    /// <summary>Bytes of the narrowest part of a vector that has a scale of its own.</summary>
    private const int LeastSegment = 8;

    private readonly FormatSpec _spec = plan.Spec;
    private readonly TileShape _shape = TileShape.Of(plan, rebases: false);
    private readonly RowParameters _parameters = new(plan.Spec);

    /// <summary>
    /// Segments must be whole vectors, or, with integer scales, vectors whole segments; a narrower target serves the others, plain C# those that fit none.
    /// </summary>
    private bool Fits(int bytes) => plan.Grouping.Segment % bytes == 0
        || (_shape.Integer && plan.Grouping.Segment >= LeastSegment && bytes % plan.Grouping.Segment == 0 && plan.Grouping.Block % bytes == 0);

    /// <summary>Whether segments' sums stay integers over a block, which is an activation group then.</summary>
    private bool Integer => _shape.Integer && target.HasRowVectors;

    public void Write(CodeWriter code)
    {
        code.Doc("<summary>Dot product of a row with packed int8 activations of one row.</summary>");
        using (code.Method("internal static float DotInt8(byte* row, byte* rowSide, byte* tensorSide, long k, byte* activations)"))
        {
            if (target.HasRowVectors && !Fits(target.RowBytes))
            {
                string other = included.FirstOrDefault(t => Fits(t.RowBytes)) is { } narrower ? EmittedNames.Class(_spec.Type, narrower.Name) : scalarClass;
                code.Line($"return {other}.DotInt8(row, rowSide, tensorSide, k, activations);");
                return;
            }

            EagerOptimization.Write(code, target, "k", "row", "byte");
            DeclareTables(code);
            _parameters.Side(code);
            Buffers.Declare(code, _spec, scalarClass);
            code.Line("float acc = 0;");
            if (_shape.HasMin)
            {
                code.Line("float least = 0;");
            }

            code.Line("byte* a = activations;");
            if (!Integer)
            {
                code.Line("int segment = 0;");
            }

            using (code.Block($"for (; k > 0; k -= {_spec.Block.Inputs})"))
            {
                PanelSource.Prefetch(code, target, "row", _spec.Block.Bytes);
                ShortTail.Read(code, _spec, "row", "k", "block", scalarClass);
                code.Line("UnpackCodes(block, codes);");
                if (RowParameters.EntriesPerBlock(_spec) > 0)
                {
                    code.Line($"{(target.HasRowVectors ? scalarClass + "." : string.Empty)}UnpackParameters(block, parameters);");
                }

                if (Integer)
                {
                    IntegerBlock(code);
                }
                else
                {
                    using (code.Block($"for (int first = 0; first < {_spec.Block.Inputs}; first += {plan.Grouping.Segment})"))
                    {
                        Segment(code);
                    }
                }

                code.Line($"row += {_spec.Block.Bytes};");
            }

            code.Line();
            code.Line($"return acc{(_shape.HasMin ? " + least" : string.Empty)};");
        }
    }

    private void DeclareTables(CodeWriter code)
    {
        if (plan.Form.StoredNumbers > 0)
        {
            LearnedTable.DeclareIntegers(code, plan, target);
            return;
        }

        if (!plan.Form.IsLookup)
        {
            return;
        }

        int entries = plan.Form.TableEntries;
        if (!target.HasRowVectors)
        {
            // The integer itself: no planes are needed in int32 sums.
            int[] values = Enumerable.Range(0, entries)
                .Select(i => plan.Form.Planes == 1 ? plan.Form.Table[i] : (plan.Form.Table[i] << plan.Form.PlaneShift) + plan.Form.Table[entries + i])
                .ToArray();
            code.Line($"short* integers = (short*)Unsafe.AsPointer(ref MemoryMarshal.GetReference<short>([{IntegerList.Of(values)}]));");
            return;
        }

        for (int plane = 0; plane < plan.Form.Planes; plane++)
        {
            code.Line(target.DeclareTable("table" + plane, plan.Form.Table.Skip(plane * entries).Take(entries).ToList()));
        }
    }

    private void Segment(CodeWriter code)
    {
        Grouping grouping = plan.Grouping;
        int quads = _shape.SegmentsPerGroup * _shape.QuadsPerSegment;
        code.Line($"byte* q = a + (segment * {grouping.PaddedSegment});");
        code.Line($"byte* d = a + {4 * quads};");
        if (target.HasRowVectors)
        {
            code.Line($"{target.Int32} sums = {target.ConstantInt32(0)};");
            VectorSum(code, plan.Grouping.Segment, (part, plane) =>
                $"sums += {(plan.Form.Planes == 2 && plane == 0 ? target.WidenTimes(part, 1 << plan.Form.PlaneShift) : target.Widen(part))};");
            code.Line($"int sum = {target.SumLanes("sums")};");
        }
        else
        {
            ScalarSum(code);
        }

        // The correction and an integer zero point enter the integer sum: what cancels, cancels exactly.
        string correction = string.Empty;
        int words = 1;
        if (_shape.HasOffsetSums)
        {
            correction = $"*(int*)(d + {4 * words} + (segment * 4))";
            words += _shape.SegmentsPerGroup;
        }

        if (_shape.HasRebasedSums)
        {
            words += _shape.SegmentsPerGroup;
        }

        if (_shape.Integer && plan.Form.Correction != 0)
        {
            correction = $"{plan.Form.Correction} * {SumOf("segment")}";
        }

        if (RowParameters.EntriesPerBlock(_spec) > 0 && _parameters.Group != _spec.Block.Inputs)
        {
            code.Line($"int group = first / {_parameters.Group};");
        }

        (string scale, string zero, string min) = _parameters.OfGroup(code, _parameters.Group == _spec.Block.Inputs ? "0" : "group");
        if (_shape.HasZero)
        {
            correction = $"{(correction.Length == 0 ? "0" : correction)} - ((int){zero} * *(int*)(d + {4 * words} + (segment * 4)))";
            words += _shape.SegmentsPerGroup;
        }
        else if (zero.Length != 0)
        {
            string product = scale.Length == 0 ? zero : $"({scale} * {zero})";
            min = min.Length == 0 ? $"-{product}" : $"({min} - {product})";
        }

        if (correction.Length != 0)
        {
            code.Line($"sum += {correction};");
        }

        string step = scale.Length == 0 ? "*(float*)d" : $"{scale} * *(float*)d";
        step = plan.Form.IsUnitFactor ? step : $"({step}) * {(plan.Form.StoredNumbers > 0 ? LearnedTable.Factor : FloatLiteral.Of(plan.Form.FactorBits))}";
        code.Line($"acc += sum * ({step});");
        if (_shape.HasMin)
        {
            string activations = _shape.Integer
                ? $"(*(float*)d * {SumOf("segment")})"
                : $"*(float*)(d + {4 * words} + (segment * 4))";
            code.Line($"least += {min} * {activations};");
        }

        using (code.Block($"if (++segment == {_shape.SegmentsPerGroup})"))
        {
            code.Line("segment = 0;");
            code.Line($"a += {4 * _shape.GroupWords};");
        }

        code.Line();
    }

    /// <summary>
    /// A block whose segments have integer scales: their products are scaled and added up as integers, corrections and minima with them through the sums of the activations; one float step follows.
    /// </summary>
    private void IntegerBlock(CodeWriter code)
    {
        int segment = plan.Grouping.Segment;
        int together = System.Math.Max(1, target.RowBytes / segment);
        code.Line($"byte* d = a + {4 * _shape.SegmentsPerGroup * _shape.QuadsPerSegment};");
        code.Line($"{target.Int32} total = {target.ConstantInt32(0)};");
        bool corrected = plan.Form.Correction != 0;
        if (corrected)
        {
            code.Line("int scaled = 0;");
        }

        if (_shape.HasMin)
        {
            code.Line("int lowered = 0;");
        }

        using (code.Block($"for (int first = 0; first < {plan.Grouping.Block}; first += {together * segment})"))
        {
            code.Line("byte* q = a + first;");
            code.Line($"int segment = first / {segment};");
            for (int i = 0; i < together; i++)
            {
                string at = IndexExpression.Sum("segment", $"{i}");
                code.Line($"int scale{i} = {_parameters.Integer(plan.Scaling.InnerScale, at)};");
                if (corrected)
                {
                    code.Line($"scaled += scale{i} * {SumOf(at)};");
                }

                if (_shape.HasMin)
                {
                    code.Line($"lowered += ({_parameters.Integer(plan.Scaling.InnerMin, at)}) * {SumOf(at)};");
                }
            }

            code.Line($"{target.IntegerScale} scales = {target.SplatScales([.. Enumerable.Range(0, together).Select(static i => $"scale{i}")])};");
            VectorSum(code, together * segment, (part, _) => $"total = {target.AddScaled("total", part, "scales")};");
        }

        string sum = corrected ? $"({target.SumLanes("total")} + ({plan.Form.Correction} * scaled))" : target.SumLanes("total");
        string step = $"{_parameters.Outer(ParameterRole.Scale, plan.Scaling.InnerScale)} * *(float*)d";
        step = plan.Form.IsUnitFactor ? step : $"({step}) * {FloatLiteral.Of(plan.Form.FactorBits)}";
        code.Line($"acc += {sum} * ({step});");
        if (_shape.HasMin)
        {
            code.Line($"least += lowered * ({_parameters.Outer(ParameterRole.Min, plan.Scaling.InnerMin)} * *(float*)d);");
        }

        code.Line($"a += {4 * _shape.GroupWords};");
    }

    /// <summary>The sum of the activations of a segment, where scales are integers.</summary>
    private static string SumOf(string segment) => $"*(short*)({IndexExpression.Offset("d", "4", IndexExpression.Times(segment, 2))})";

    private void ScalarSum(CodeWriter code)
    {
        code.Line("int sum = 0;");
        using (code.Block($"for (int e = 0; e < {plan.Grouping.Segment}; e++)"))
        {
            string value = plan.Form.IsLookup ? "integers[codes[first + e]]"
                : plan.Form.StoredNumbers > 0 ? $"((integers[codes[first + e]] << {plan.Form.PlaneShift}) + integers[{PanelIntegers.TableBytes} + codes[first + e]])"
                : RecodeWriter.Scalar(plan.Form, "codes[first + e]");
            code.Line($"sum += {value} * (sbyte)q[e];");
        }
    }

    /// <summary>The products of so many inputs from <c>first</c> on; <paramref name="add"/> writes what becomes of a partial sum of a plane.</summary>
    private void VectorSum(CodeWriter code, int inputs, System.Func<string, int, string> add)
    {
        int steps = inputs / target.RowBytes;
        int depth = System.Math.Max(1, target.PartialDepth(plan.Form.Largest));
        for (int step = 0; step < steps; step++)
        {
            string codes = $"c{step}";
            string at = IndexExpression.Offset("codes + first", $"{step * target.RowBytes}");
            code.Line($"{target.Bytes} {codes} = {target.LoadBytes(at)};");
            code.Line($"{target.Bytes} x{step} = {target.LoadBytes(IndexExpression.Offset("q", $"{step * target.RowBytes}"))};");
            string[] weights = plan.Form.TableEntries > 0
                ? Enumerable.Range(0, plan.Form.Planes).Select(p => target.Lookup("table" + p, codes, plan.Form.TableEntries)).ToArray()
                : [RecodeWriter.Vector(plan.Form, target, codes)];
            for (int p = 0; p < weights.Length; p++)
            {
                string weight = $"w{step}_{p}";
                code.Line($"{target.Bytes} {weight} = {weights[p]};");
                foreach (PreparedOperand operand in plan.Form.Signed ? target.PrepareSigned(weight) : [])
                {
                    code.Line($"{operand.Type} {weight}{operand.Suffix} = {operand.Value};");
                }

                string part = $"part{step / depth}_{p}";
                string? sum = step % depth == 0 ? null : part;
                string dot = plan.Form.Signed
                    ? target.DotSigned(sum, weight, $"x{step}", null)
                    : target.Dot(sum, weight, $"x{step}", null);
                code.Line(sum is null ? $"{target.Partial} {part} = {dot};" : $"{part} = {dot};");
                if (step % depth == depth - 1 || step == steps - 1)
                {
                    code.Line(add(part, p));
                }
            }
        }
    }
}

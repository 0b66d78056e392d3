using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes the int8 dot product of one row in the interchange layout, for weights nobody packed: the codes of a block are
/// unpacked, then multiplied segment by segment with the packed activations (MR = 1): in vectors as <see cref="Int8VectorDot"/> says, here in plain C#.
/// </summary>
/// <param name="plan">The format's plan.</param>
/// <param name="target">Prints the idioms.</param>
/// <param name="scalarClass">The format's class of plain C#.</param>
/// <param name="included">The project's targets of <see cref="Target.Includes"/>: they serve segments that this target's vectors do not fit.</param>
internal sealed class Int8DotKernel(FormatPlan plan, Target target, string scalarClass, IReadOnlyList<Target> included)
{
    private readonly FormatSpec _spec = plan.Spec;
    private readonly TileShape _shape = TileShape.Of(plan, rebases: false);
    private readonly RowParameters _parameters = new(plan.Spec);

    public void Write(CodeWriter code)
    {
        code.Doc("<summary>Dot product of a row with packed int8 activations of one row.</summary>");
        using (code.Method("internal static float DotInt8(byte* row, byte* rowSide, byte* tensorSide, long k, byte* activations)"))
        {
            if (!target.HasRowVectors)
            {
                Scalar(code);
                return;
            }

            if (Fitting(target) is { } fitting)
            {
                new Int8VectorDot(plan, fitting, scalarClass).Write(code);
                return;
            }

            code.Line($"return {OtherClass()}.DotInt8(row, rowSide, tensorSide, k, activations);");
        }
    }

    /// <summary>A target, or its half, whose vectors segments fit, or null.</summary>
    private Target? Fitting(Target of) => new[] { of, of.Half }.FirstOrDefault(t => t is not null && new Int8VectorDot(plan, t, scalarClass).Fits);

    /// <summary>The class of the widest target that segments fit: of those that print the same, the one that has the kernel.</summary>
    private string OtherClass() =>
        included.Select(t => (Target: t, Fitting: Fitting(t))).FirstOrDefault(static t => t.Fitting is not null) is { Fitting: { } fitting } other
            ? EmittedNames.Class(_spec.Type, (included.FirstOrDefault(t => t.Name == fitting.Name) ?? other.Target).Name)
            : scalarClass;

    private void Scalar(CodeWriter code)
    {
        if (plan.Form.StoredNumbers > 0)
        {
            LearnedTable.DeclareIntegers(code, plan, target);
        }
        else if (plan.Form.IsLookup)
        {
            // The integer itself: no planes are needed in int32 sums.
            int entries = plan.Form.TableEntries;
            IEnumerable<int> values = Enumerable.Range(0, entries)
                .Select(i => plan.Form.Planes == 1 ? plan.Form.Table[i] : (plan.Form.Table[i] << plan.Form.PlaneShift) + plan.Form.Table[entries + i]);
            code.Line($"short* integers = (short*)Unsafe.AsPointer(ref MemoryMarshal.GetReference<short>([{IntegerList.Of(values)}]));");
        }

        _parameters.Side(code);
        Buffers.Declare(code, _spec, scalarClass);
        code.Line("float acc = 0;");
        if (_shape.HasMin)
        {
            code.Line("float least = 0;");
        }

        code.Line("byte* a = activations;");
        code.Line("int segment = 0;");
        using (code.Block($"for (; k > 0; k -= {_spec.Block.Inputs})"))
        {
            ShortTail.Read(code, _spec, "row", "k", "block", scalarClass);
            code.Line("UnpackCodes(block, codes);");
            if (RowParameters.EntriesPerBlock(_spec) > 0)
            {
                code.Line("UnpackParameters(block, parameters);");
            }

            using (code.Block($"for (int first = 0; first < {_spec.Block.Inputs}; first += {plan.Grouping.Segment})"))
            {
                Segment(code);
            }

            code.Line($"row += {_spec.Block.Bytes};");
        }

        code.Line();
        code.Line($"return acc{(_shape.HasMin ? " + least" : string.Empty)};");
    }

    private void Segment(CodeWriter code)
    {
        int quads = _shape.SegmentsPerGroup * _shape.QuadsPerSegment;
        code.Line($"byte* q = a + (segment * {plan.Grouping.PaddedSegment});");
        code.Line($"byte* d = a + {4 * quads};");
        code.Line("int sum = 0;");
        using (code.Block($"for (int e = 0; e < {plan.Grouping.Segment}; e++)"))
        {
            string value = plan.Form.StoredNumbers > 0 ? $"((integers[codes[first + e]] << {plan.Form.PlaneShift}) + integers[{PanelIntegers.TableBytes} + codes[first + e]])"
                : plan.Form.IsLookup ? "integers[codes[first + e]]"
                : RecodeWriter.Scalar(plan.Form, "codes[first + e]");
            code.Line($"sum += {value} * (sbyte)q[e];");
        }

        // The correction and an integer zero point enter the integer sum: what cancels, cancels exactly.
        var sums = new ActivationSumsAt(_shape);
        string correction = _shape.HasOffsetSums ? sums.Offset("segment")
            : _shape.Integer && plan.Form.Correction != 0 ? $"{plan.Form.Correction} * {sums.Short("segment")}"
            : string.Empty;
        if (RowParameters.EntriesPerBlock(_spec) > 0 && _parameters.Group != _spec.Block.Inputs)
        {
            code.Line($"int group = first / {_parameters.Group};");
        }

        (string scale, string zero, string min) = _parameters.OfGroup(code, _parameters.Group == _spec.Block.Inputs ? "0" : "group");
        if (_shape.HasZero)
        {
            correction = $"{(correction.Length == 0 ? "0" : correction)} - ((int){zero} * {sums.Integer("segment")})";
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
            code.Line($"least += {min} * {(_shape.Integer ? $"(*(float*)d * {sums.Short("segment")})" : sums.Scaled("segment"))};");
        }

        using (code.Block($"if (++segment == {_shape.SegmentsPerGroup})"))
        {
            code.Line("segment = 0;");
            code.Line($"a += {4 * _shape.GroupWords};");
        }

        code.Line();
    }
}

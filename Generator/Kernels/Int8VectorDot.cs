using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes the int8 dot product of one row of weights nobody packed, in vectors. Products of a segment are added up as integers, four inputs to a lane; what each lane has
/// is scaled and added to sums of floats, which are added up over the lanes at the end of the row. Integer scales are applied before, and a float step taken once a block.
/// For that the weights are multiplied as what they mean, offsets subtracted: a correction by the sum of all activations would cancel what other lanes have rounded. Where bytes do not
/// hold the meanings, and with zero points, lanes are added up before.
/// </summary>
internal sealed class Int8VectorDot(FormatPlan plan, Target target, string scalarClass)
{
    /// <summary>Bytes of the narrowest part of a vector that has a scale of its own.</summary>
    private const int LeastSegment = 8;

    /// <summary>Vectors of a block that are written one after another, their codes in registers; larger blocks go through memory, and those of float steps loop.</summary>
    private const int StraightVectors = 16;

    /// <summary>The same where codes are looked up and steps are floats: more of them have more calls than compilers inline.</summary>
    private const int StraightWords = 8;

    private readonly FormatSpec _spec = plan.Spec;
    private readonly TileShape _shape = TileShape.Of(plan, rebases: false);
    private readonly ActivationSumsAt _sums = new(TileShape.Of(plan, rebases: false));

    private readonly Expansion _expansion = new(plan, target);

    /// <summary>The codes of a block in registers, or null.</summary>
    private IReadOnlyList<CodeExtraction.RowVector>? _codes;

    /// <summary>Whether the codes of a vector are looked up when it is multiplied.</summary>
    private bool _hasWords;

    private bool IsStraight => _codes is not null || (_hasWords && _spec.Block.Inputs <= StraightWords * target.RowBytes);

    /// <summary>
    /// Whether segments are whole vectors, or vectors whole segments of one activation group; a narrower target serves the others, plain C# those that fit none.
    /// </summary>
    public bool Fits
    {
        get
        {
            int bytes = target.RowBytes;
            Grouping grouping = plan.Grouping;
            return grouping.Segment % bytes == 0
                || (grouping.Segment >= LeastSegment && (_shape.Integer || !SumsLanes) && bytes % grouping.Segment == 0 && _spec.Block.Inputs % bytes == 0 && grouping.Activation % bytes == 0);
        }
    }

    /// <summary>What is added to weights, or to those of their high plane, before they are multiplied as signed bytes; 0 where bytes do not hold the sums.</summary>
    private int Added
    {
        get
        {
            DecodedForm form = plan.Form;
            int unit = form.Planes == 1 ? 1 : 1 << form.PlaneShift;
            int added = form.Correction / unit;
            return !form.Signed && added * unit == form.Correction && added >= -FormatPlan.LargestInt8 && form.Largest + added <= FormatPlan.LargestInt8 ? added : 0;
        }
    }

    /// <summary>Whether the lanes of a segment, or of a block with integer scales, are added up before a correction or a zero point is applied.</summary>
    private bool SumsLanes => (plan.Form.Correction != 0 && Added == 0) || _shape.HasZero;

    private bool IsSigned(int plane) => plan.Form.Signed || (Added != 0 && plane == 0);

    public void Write(CodeWriter code)
    {
        EagerOptimization.Write(code, target, "k", "row", "byte");
        DeclareTables(code);
        string? whole = null;
        bool isShort = _spec.Block.Inputs <= StraightVectors * target.RowBytes;
        _codes = isShort ? CodeExtraction.Vectors(_spec, target, out whole) : null;
        _hasWords = isShort && _codes is null && _expansion.HasWords && _expansion.HasIndices;
        if (_hasWords)
        {
            _expansion.DeclareIndices(code, scalarClass, "k < 0 ? null : ");
        }
        else if (_codes is null)
        {
            Buffers.DeclareCodes(code, _spec, scalarClass);
        }

        Action<CodeWriter> block = _shape.Integer ? IntegerBlocks(code) : FloatBlocks(code);
        code.Line($"{target.Single} acc = {target.ZeroSingle};");
        if (_shape.HasMin)
        {
            code.Line($"{target.Single} least = {target.ZeroSingle};");
        }

        code.Line("byte* a = activations;");
        if (Counts)
        {
            code.Line("long segment = 0;");
        }

        using (code.Block($"for (; k > 0; k -= {_spec.Block.Inputs})"))
        {
            PanelSource.Prefetch(code, target, "row", _spec.Block.Bytes);
            ShortTail.Read(code, _spec, "row", "k", "block", scalarClass);
            string? unpacked = _hasWords ? _expansion.UnpackIndices : _codes is null ? "UnpackCodes(block, codes);" : whole;
            if (unpacked is not null)
            {
                code.Line(unpacked);
            }

            block(code);
            code.Line($"row += {_spec.Block.Bytes};");
        }

        code.Line();
        code.Line($"return {target.SumLanes(_shape.HasMin ? "acc + least" : "acc")};");
    }

    private void DeclareTables(CodeWriter code)
    {
        if (plan.Form.StoredNumbers > 0)
        {
            LearnedTable.DeclareIntegers(code, plan, target);
            code.Line($"{target.Single} unit = {target.SplatSingle(LearnedTable.Factor)};");
            if (Added != 0)
            {
                code.Line($"table0 = {RecodeWriter.Plus(target, "table0", Added)};");
            }

            return;
        }

        for (int plane = 0; plane < plan.Form.Planes && plan.Form.IsLookup; plane++)
        {
            int entries = plan.Form.TableEntries;
            code.Line(target.DeclareTable("table" + plane, [.. plan.Form.Table.Skip(plane * entries).Take(entries).Select(entry => plane == 0 ? entry + Added : entry)]));
        }

        if (!plan.Form.IsUnitFactor)
        {
            code.Line($"{target.Single} unit = {target.SplatSingle(FloatLiteral.Of(plan.Form.FactorBits))};");
        }
    }

    /// <summary>Segments in a vector.</summary>
    private int Together => Math.Max(1, target.RowBytes / plan.Grouping.Segment);

    /// <summary>Inputs of a step: a segment, or a vector of several.</summary>
    private int StepInputs => Together * plan.Grouping.Segment;

    /// <summary>Whether a block is whole activation groups, so that it is known where in one every input stands.</summary>
    private bool HasWholeGroups => _spec.Block.Inputs % plan.Grouping.Activation == 0;

    /// <summary>Whether segments are counted through the activation groups.</summary>
    private bool Counts => !_shape.Integer && _shape.SegmentsPerGroup > 1 && !(HasWholeGroups && (IsStraight || plan.Grouping.Activation == _spec.Block.Inputs));

    /// <summary>Declares what blocks with float steps need and returns what writes one.</summary>
    private Action<CodeWriter> FloatBlocks(CodeWriter declarations)
    {
        var parameters = new RowVectorParameters(_spec, target, scalarClass);
        parameters.Declare(declarations);
        return code =>
        {
            parameters.Block(code);
            if (!IsStraight && StepInputs != _spec.Block.Inputs)
            {
                using (code.Block($"for (long first = 0; first < {_spec.Block.Inputs}; first += {StepInputs})"))
                {
                    Step(code, parameters, "first");
                }

                if (!Counts && _shape.SegmentsPerGroup > 1)
                {
                    NextGroup(code);
                }

                return;
            }

            for (int first = 0; first < _spec.Block.Inputs; first += StepInputs)
            {
                using (StepInputs == _spec.Block.Inputs ? default : code.Block(string.Empty))
                {
                    Step(code, parameters, $"{first}");
                }
            }
        };
    }

    private void NextGroup(CodeWriter code) => code.Line($"a += {4 * _shape.GroupWords};");

    /// <summary>A segment or several: the sums of their products, one float step, and what is added besides.</summary>
    private void Step(CodeWriter code, RowVectorParameters parameters, string first)
    {
        Grouping grouping = plan.Grouping;
        bool isConstant = IndexExpression.IsConstant(first, out int input);
        string at = Counts ? "segment" : isConstant ? $"{input % grouping.Activation / grouping.Segment}" : _shape.SegmentsPerGroup == 1 ? "0" : IndexExpression.Over(first, grouping.Segment);
        string q = IndexExpression.Offset("a", Counts ? IndexExpression.Times("segment", grouping.Segment) : isConstant ? $"{input % grouping.Activation}" : _shape.SegmentsPerGroup == 1 ? "0" : first);
        code.Line($"byte* d = a + {4 * _shape.SegmentsPerGroup * _shape.QuadsPerSegment};");
        (string scale, string zero, string min) = Parameters(code, parameters, first);
        string[] segments = [.. Enumerable.Range(0, Together).Select(i => IndexExpression.Sum(at, $"{i}"))];

        code.Line($"{target.Int32} sums = {target.ConstantInt32(0)};");
        if (!_shape.HasZero && zero.Length != 0)
        {
            string product = scale.Length == 0 ? zero : target.Multiply(scale, zero);
            min = min.Length == 0 ? target.Negate(product) : target.Subtract(min, product);
        }

        VectorSum(code, StepInputs, first, q, (part, plane) =>
            $"sums += {(plan.Form.Planes == 2 && plane == 0 ? target.WidenTimes(part, 1 << plan.Form.PlaneShift) : target.Widen(part))};");
        string step = target.BroadcastSingle("d");
        step = scale.Length == 0 ? step : target.Multiply(scale, step);
        string sum = target.ToSingle("sums");
        if (SumsLanes)
        {
            // What cancels, cancels exactly.
            string correction = _shape.HasOffsetSums && Added == 0 ? $" + {_sums.Offset(at)}" : string.Empty;
            string zeros = _shape.HasZero ? $" - ((int){zero}.ToScalar() * {_sums.Integer(at)})" : string.Empty;
            sum = target.FirstLanesSingle([$"(float)({target.SumLanes("sums")}{correction}{zeros})"]);
        }

        code.Line($"acc = {target.MultiplyAdd(sum, plan.Form.IsUnitFactor ? step : target.Multiply(step, "unit"), "acc")};");
        if (_shape.HasMin)
        {
            code.Line($"least = {target.MultiplyAdd(min, target.FirstLanesSingle([.. segments.Select(_sums.Scaled)]), "least")};");
        }

        if (Counts)
        {
            code.Line($"segment += {Together};");
            using (code.Block($"if (segment == {_shape.SegmentsPerGroup})"))
            {
                code.Line("segment = 0;");
                NextGroup(code);
            }

            code.Line();
        }
        else if (_shape.SegmentsPerGroup == 1 || (isConstant && (input + StepInputs) % grouping.Activation == 0))
        {
            NextGroup(code);
        }
    }

    /// <summary>Scale, zero point and minimum of a step, each part of the vectors with those of its segment.</summary>
    private (string Scale, string Zero, string Min) Parameters(CodeWriter code, RowVectorParameters parameters, string first)
    {
        int group = new RowParameters(_spec).Group;
        string Group(int segment) => IndexExpression.Over(IndexExpression.Sum(first, $"{segment * plan.Grouping.Segment}"), group);
        if (Together == 1)
        {
            return parameters.OfGroup(code, Group(0));
        }

        var each = Enumerable.Range(0, Together).Select(i => parameters.OfGroup(code, Group(i), $"{i}")).ToList();
        string Join(IReadOnlyList<string> parts) => parts.Distinct().Count() == 1 ? parts[0] : target.JoinParts(parts);
        return (Join([.. each.Select(static e => e.Scale)]), Join([.. each.Select(static e => e.Zero)]), Join([.. each.Select(static e => e.Min)]));
    }

    /// <summary>
    /// Declares what blocks with integer scales need and returns what writes one: products are scaled and added up as integers, minima with them through
    /// the sums of the activations; one float step follows. The block is an activation group.
    /// </summary>
    private Action<CodeWriter> IntegerBlocks(CodeWriter declarations)
    {
        var parameters = new RowIntegerParameters(plan, target, scalarClass);
        parameters.Declare(declarations);
        return code =>
        {
            parameters.Block(code);
            code.Line($"byte* d = a + {4 * _shape.SegmentsPerGroup * _shape.QuadsPerSegment};");
            code.Line($"{target.Int32} total = {target.ConstantInt32(0)};");
            for (int first = 0; first < plan.Grouping.Block; first += StepInputs)
            {
                using (code.Block(string.Empty))
                {
                    code.Line($"{target.IntegerScale} scale = {parameters.Scales(first / plan.Grouping.Segment, Together)};");
                    VectorSum(code, StepInputs, $"{first}", IndexExpression.Offset("a", $"{first}"), (part, _) => $"total = {target.AddScaled("total", part, "scale")};");
                }
            }

            string step = Worth(parameters, ParameterRole.Scale, plan.Scaling.InnerScale);
            string sum = SumsLanes
                ? target.FirstLanesSingle([$"(float)({target.SumLanes("total")} + ({plan.Form.Correction} * {target.SumLanes(parameters.DotSums(ParameterRole.Scale, _sums.Shorts))}))"])
                : target.ToSingle("total");
            code.Line($"acc = {target.MultiplyAdd(sum, plan.Form.IsUnitFactor ? step : target.Multiply(step, "unit"), "acc")};");
            if (_shape.HasMin)
            {
                code.Line($"least = {target.MultiplyAdd(target.ToSingle(parameters.DotSums(ParameterRole.Min, _sums.Shorts)), Worth(parameters, ParameterRole.Min, plan.Scaling.InnerMin), "least")};");
            }

            code.Line($"a += {4 * _shape.GroupWords};");
        };
    }

    /// <summary>What an integer of a role is worth, times the scale of the activations.</summary>
    private string Worth(RowIntegerParameters parameters, ParameterRole role, int inner)
    {
        float unit = FormatPlanner.IntegerUnit(_spec.Parameters[inner]);
        string step = unit == 1 ? target.BroadcastSingle("d") : target.Multiply(target.BroadcastSingle("d"), target.SplatSingle(FloatLiteral.Of(FloatBits.FromSingle(unit))));
        return parameters.Outer(role, inner) is { Length: > 0 } outer ? target.Multiply(outer, unit == 1 ? step : $"({step})") : step;
    }

    /// <summary>The products of so many inputs from <paramref name="first"/> on; <paramref name="add"/> writes what becomes of a partial sum of a plane.</summary>
    private void VectorSum(CodeWriter code, int inputs, string first, string activations, Func<string, int, string> add)
    {
        int steps = inputs / target.RowBytes;
        int depth = Math.Max(1, target.PartialDepth(Math.Max(plan.Form.Largest, -Added)));
        for (int step = 0; step < steps; step++)
        {
            string c = $"c{step}";
            code.Line($"{target.Bytes} {c} = {Codes(code, IndexExpression.Sum(first, $"{step * target.RowBytes}"))};");
            code.Line($"{target.Activations} x{step} = {target.AsActivations(target.LoadBytes(IndexExpression.Offset(activations, $"{step * target.RowBytes}")))};");
            string[] weights = plan.Form.TableEntries > 0
                ? [.. Enumerable.Range(0, plan.Form.Planes).Select(p => target.Lookup("table" + p, c, plan.Form.TableEntries))]
                : [RecodeWriter.Vector(plan.Form, target, c, Added)];
            for (int p = 0; p < weights.Length; p++)
            {
                string weight = $"w{step}_{p}";
                code.Line($"{target.Bytes} {weight} = {weights[p]};");
                foreach (PreparedOperand operand in IsSigned(p) ? target.PrepareSigned(weight) : [])
                {
                    code.Line($"{operand.Type} {weight}{operand.Suffix} = {operand.Value};");
                }

                string part = $"part{step / depth}_{p}";
                string? sum = step % depth == 0 ? null : part;
                string dot = IsSigned(p)
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

    /// <summary>The codes of a vector of inputs.</summary>
    private string Codes(CodeWriter code, string first)
    {
        if (_hasWords)
        {
            return _expansion.Words(first);
        }

        if (_codes is null || !IndexExpression.IsConstant(first, out int input))
        {
            return target.LoadBytes(IndexExpression.Offset("codes", first));
        }

        CodeExtraction.RowVector vector = _codes[input / target.RowBytes];
        foreach (string local in vector.Locals)
        {
            code.Line(local);
        }

        return vector.Codes;
    }
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>Declares scales, minima and zero points of the rows of a packed panel as locals, outer levels hoisted.</summary>
/// <param name="plan">The plan.</param>
/// <param name="target">Prints the idioms.</param>
/// <param name="prefix">What the locals of whole panels and blocks begin with, before the parameter's index.</param>
internal sealed class PanelParameters(FormatPlan plan, Target target, string prefix = "p")
{
    /// <summary>The pointer to the panel.</summary>
    public string Panel { get; init; } = "panel";

    /// <summary>The pointer to the current block.</summary>
    public string BlockPointer { get; init; } = "block";

    private readonly HashSet<int> _declared = [];
    private int _half;

    /// <summary>Parameters of the panel's header: the prefix and the parameter's index.</summary>
    public void Header(CodeWriter code, string row)
    {
        foreach (PanelField field in plan.Panel.Fields.Where(f => f.Place == PanelPlace.Header))
        {
            bool zero = field.Parameter == plan.Scaling.IntegerZero;
            string pointer = Offset(Panel, field.At.ToString(CultureInfo.InvariantCulture), Times(row, 4));
            code.Line(zero
                ? $"{target.Int32} {prefix}{field.Parameter} = {target.LoadInt32(pointer)};"
                : $"{target.Single} {prefix}{field.Parameter} = {target.LoadSingle(pointer)};");
            _declared.Add(field.Parameter);
        }
    }

    /// <summary>
    /// Parameters with one entry per block, and, for integer scales, the products <c>scale</c> and <c>min</c> of all levels
    /// above the integer one.
    /// </summary>
    public void Block(CodeWriter code, string row, bool integer)
    {
        foreach (PanelField field in plan.Panel.Fields.Where(f => f.Place == PanelPlace.Entries && f.Entries == 1))
        {
            code.Line($"{TypeOf(field)} {prefix}{field.Parameter} = {Entry(field, "0", row)};");
            _declared.Add(field.Parameter);
        }

        if (!integer)
        {
            return;
        }

        code.Line($"{target.Single} scale = {OuterProduct(ParameterRole.Scale, plan.Scaling.InnerScale, withFactor: true)};");
        if (plan.Scaling.InnerMin >= 0)
        {
            code.Line($"{target.Single} min = {OuterProduct(ParameterRole.Min, plan.Scaling.InnerMin, withFactor: false)};");
        }
    }

    /// <summary>
    /// Declares scale, zero point and minimum of a segment as <paramref name="name"/> + "s", "z", "m" and returns what to use.
    /// </summary>
    /// <param name="code">The kernel.</param>
    /// <param name="segment">The segment's index in the block.</param>
    /// <param name="row">The first row.</param>
    /// <param name="integer">
    /// Whether the integer form is scaled: its factor enters the scale, an integer zero point stays apart, and any other zero
    /// point becomes part of the minimum. Otherwise all three are what the decode formula says.
    /// </param>
    /// <param name="name">Prefix of the locals.</param>
    /// <param name="half">Which of a pair the segment is, where integer scales are stored in pairs and read as f32.</param>
    /// <returns>Names or expressions, empty where there is none.</returns>
    public (string Scale, string Zero, string Min) Segment(CodeWriter code, string segment, string row, bool integer, string name, int half = 0)
    {
        _half = half;
        string scale = Product(ParameterRole.Scale, segment, row);
        string min = Product(ParameterRole.Min, segment, row);
        string zero = plan.Scaling.IntegerZero >= 0 ? IntegerZero(segment, row) : Product(ParameterRole.Zero, segment, row);
        if (integer)
        {
            if (!plan.Form.IsUnitFactor)
            {
                scale = scale.Length == 0 ? Factor : target.Multiply(scale, Factor);
            }

            if (scale.Length == 0)
            {
                scale = Constant(0x3F800000);
            }
        }

        if (scale.Length != 0)
        {
            code.Line($"{target.Single} {name}s = {scale};");
            scale = name + "s";
        }

        if (zero.Length != 0)
        {
            code.Line($"{(plan.Scaling.IntegerZero >= 0 ? target.Int32 : target.Single)} {name}z = {zero};");
            zero = name + "z";
        }

        if (integer && plan.Scaling.IntegerZero < 0 && zero.Length != 0)
        {
            // (v - z) * s + m = v * s + (m - z * s); the scale here must not contain the form's factor.
            string plain = plan.Form.IsUnitFactor ? scale : $"({Product(ParameterRole.Scale, segment, row)})";
            string product = plain.Length == 2 ? zero : target.Multiply(plain, zero);
            min = min.Length == 0 ? target.Negate(product) : target.Subtract($"({min})", product);
            zero = string.Empty;
        }

        if (min.Length != 0)
        {
            code.Line($"{target.Single} {name}m = {min};");
            min = name + "m";
        }

        return (scale, zero, min);
    }

    /// <summary>The pairs of bytes of an integer level.</summary>
    public string Pairs(int parameter, string pair, string row)
    {
        PanelField field = plan.Panel.Fields.Single(f => f.Parameter == parameter);
        (long low, _) = FormatPlanner.IntegerRange(plan.Spec.Parameters[parameter]);
        string pointer = Offset(BlockPointer, field.At.ToString(CultureInfo.InvariantCulture), Times(pair, 2 * plan.Panel.Rows), Times(row, 2));
        string pairs = target.LoadPairs(pointer, low < 0);
        return field.Place == PanelPlace.NibblePairs ? target.NibblesOfPairs($"({pairs})", field.FromBit) : pairs;
    }

    /// <summary>What an integer is worth: a constant, or what <see cref="PanelSource"/> reads from the header.</summary>
    private string Factor => plan.Form.StoredNumbers > 0 ? LearnedTable.Factor : Constant(plan.Form.FactorBits);

    private string TypeOf(PanelField field) => field.Parameter == plan.Scaling.IntegerZero ? target.Int32 : target.Single;

    private string OuterProduct(ParameterRole role, int inner, bool withFactor)
    {
        List<string> factors = FormatPlanner.Levels(plan.Spec, role).Where(l => l != inner).Select(l => prefix + l).ToList();
        if (FormatPlanner.IntegerUnit(plan.Spec.Parameters[inner]) is var unit and not 1)
        {
            factors.Add(Constant(FloatBits.FromSingle(unit)));
        }

        if (withFactor && !plan.Form.IsUnitFactor)
        {
            factors.Add(Factor);
        }

        return factors.Count == 0 ? Constant(0x3F800000) : factors.Aggregate((a, b) => target.Multiply(a.Contains(" * ") ? $"({a})" : a, b));
    }

    private string Product(ParameterRole role, string segment, string row)
    {
        IEnumerable<int> levels = plan.Panel.Fields.FirstOrDefault(f => f.IsRole && plan.Spec.Parameters[f.Parameter].Role == role) is { } whole
            ? [whole.Parameter]
            : FormatPlanner.Levels(plan.Spec, role);
        return LevelFormula.Of(plan.Spec, levels, l => Level(l, segment, row), (a, b) => target.Multiply(a.Contains(" * ") ? $"({a})" : a, b), target.Add);
    }

    private string Level(int parameter, string segment, string row)
    {
        if (_declared.Contains(parameter))
        {
            return prefix + parameter;
        }

        PanelField field = plan.Panel.Fields.Single(f => f.Parameter == parameter);
        if (!field.IsPairs)
        {
            return $"({Entry(field, EntryOf(field, segment), row)})";
        }

        float unit = FormatPlanner.IntegerUnit(plan.Spec.Parameters[parameter]);
        string number = target.ToSingle(target.HalfOf($"({Pairs(parameter, Over(segment, 2), row)})", _half));
        return unit == 1 ? number : $"({target.Multiply(number, Constant(FloatBits.FromSingle(unit)))})";
    }

    private string IntegerZero(string segment, string row) => _declared.Contains(plan.Scaling.IntegerZero)
        ? prefix + plan.Scaling.IntegerZero
        : Entry(plan.Panel.Fields.Single(f => f.Parameter == plan.Scaling.IntegerZero), EntryOf(plan.Panel.Fields.Single(f => f.Parameter == plan.Scaling.IntegerZero), segment), row);

    private string EntryOf(PanelField field, string segment) => Over(segment, plan.Grouping.SegmentsPerBlock / field.Entries);

    /// <summary>One entry of the rows, decoded: affine transform and sign applied, which the number of a whole role has already.</summary>
    private string Entry(PanelField field, string entry, string row)
    {
        ParameterSpec parameter = plan.Spec.Parameters[field.Parameter];
        string pointer = Offset(
            BlockPointer,
            field.At.ToString(CultureInfo.InvariantCulture),
            Times(entry, field.EntryBytes * plan.Panel.Rows),
            Times(row, field.EntryBytes));
        if (field.IsRole)
        {
            return target.LoadSingle(pointer);
        }

        if (field.Parameter == plan.Scaling.IntegerZero)
        {
            (int multiply, int add) = FormatPlanner.IntegerTransform(parameter)!.Value;
            string value = target.LoadStoredInt32(parameter.Type, pointer);
            value = multiply == 1 ? value : target.MultiplyInt32($"({value})", target.ConstantInt32(multiply));
            value = add == 0 ? value : target.AddInt32($"({value})", target.ConstantInt32(add));
            return parameter.Negative ? target.SubtractInt32(target.ConstantInt32(0), $"({value})") : value;
        }

        return ParameterDecoding.Load(target, parameter, field.Type, pointer, field.Power);
    }

    private string Constant(int bits) => target.SplatSingle(FloatLiteral.Of(bits));
}

using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning;

/// <summary>Plans the kernels of a format: a pure function of its <see cref="FormatSpec"/>.</summary>
internal static class FormatPlanner
{
    /// <summary>Inputs of the unit in which code planes are laid out: 8 quads of 4.</summary>
    private const int Chunk = 32;

    /// <summary>Longest run of inputs that shares an activation scale; ggml's K types use the same.</summary>
    private const int LongestActivationGroup = 256;

    /// <summary>The plan of a format for targets whose panels interleave <paramref name="panelRows"/> rows.</summary>
    public static FormatPlan Plan(FormatSpec declared, int panelRows)
    {
        FormatSpec spec = JoinedZero.Of(declared);
        ElementCode element = ElementCode.Of(spec);
        Grouping grouping = Group(spec);
        DecodedForm form = DecodedForms.Of(spec, element, grouping);
        ScalePath scaling = Scale(spec, form, grouping);
        return new FormatPlan(declared, spec, element, form, grouping, scaling, PanelPlanner.Plan(spec, form, grouping, scaling, panelRows));
    }

    /// <summary>The affine transform in integers of <see cref="IntegerUnit"/>, or null where there is none.</summary>
    public static (int Multiply, int Add)? IntegerTransform(ParameterSpec parameter)
    {
        float unit = IntegerUnit(parameter);
        return unit == 0 ? null : ((int)(parameter.Multiply / unit), (int)(parameter.Add / unit));
    }

    /// <summary>The largest power of two, at most 1, of which all numbers of a parameter are whole multiples; 0 where it is no multiple of stored integers or that takes over 8 bits more.</summary>
    public static float IntegerUnit(ParameterSpec parameter)
    {
        static bool IsWhole(float number, float unit) => number / unit == (int)(number / unit);
        return parameter.Type.Class is StoredClass.Unsigned or StoredClass.Signed
            ? Enumerable.Range(0, 9).Select(static bits => 1f / (1 << bits)).FirstOrDefault(unit => IsWhole(parameter.Multiply, unit) && IsWhole(parameter.Add, unit))
            : 0;
    }

    /// <summary>Whether a parameter's numbers are integers.</summary>
    public static bool IsInteger(ParameterSpec parameter) => IntegerUnit(parameter) == 1;

    /// <summary>The least and largest number a parameter can mean in units of <see cref="IntegerUnit"/>, its transform and sign applied.</summary>
    public static (long Low, long High) IntegerRange(ParameterSpec parameter)
    {
        (int multiply, int add) = IntegerTransform(parameter) ?? throw new ArgumentException("The parameter is not integral.", nameof(parameter));
        long low = parameter.Type.Class == StoredClass.Signed ? -(1L << (parameter.Type.Bits - 1)) : 0;
        long high = low + (1L << parameter.Type.Bits) - 1;
        long a = (low * multiply) + add;
        long b = (high * multiply) + add;
        return parameter.Negative ? (-Math.Max(a, b), -Math.Min(a, b)) : (Math.Min(a, b), Math.Max(a, b));
    }

    private static Grouping Group(FormatSpec spec)
    {
        int inputs = spec.Block.Inputs;
        int block = inputs % Chunk != 0 && Chunk % inputs == 0 ? Chunk : inputs;
        int group = spec.Parameters.Where(p => p.IsFactor && !p.IsSide).Select(p => p.Inputs).DefaultIfEmpty(inputs).Min();
        int activation = block;

        // Inputs that share an activation scale share one of the declared format of activations, too.
        int scale = spec.Activations?.ScaleInputs ?? 0;
        if (block > LongestActivationGroup || scale % block != 0)
        {
            activation = Enumerable.Range(1, LongestActivationGroup)
                .Last(n => block % n == 0 && scale % n == 0 && (group % n == 0 || n % group == 0));
        }

        return new Grouping(block, activation, Math.Min(group, activation));
    }

    private static ScalePath Scale(FormatSpec spec, DecodedForm form, Grouping grouping)
    {
        List<int> scales = Levels(spec, ParameterRole.Scale);
        List<int> mins = Levels(spec, ParameterRole.Min);
        List<int> zeros = Levels(spec, ParameterRole.Zero);
        int zero = zeros.Count == 1 && IsInteger(spec.Parameters[zeros[0]]) && form.IsUnitFactor ? zeros[0] : -1;
        bool hasMin = mins.Count != 0 || (zeros.Count != 0 && zero < 0);
        if (zeros.Count != 0 || grouping.Block != spec.Block.Inputs || grouping.Activation != grouping.Block || grouping.SegmentsPerBlock < 2 || form.Planes != 1)
        {
            return new ScalePath(false, -1, -1, hasMin, zero);
        }

        int innerScale = Inner(spec, scales, grouping);
        int innerMin = mins.Count == 0 ? -1 : Inner(spec, mins, grouping);
        bool integer = innerScale >= 0 && (mins.Count == 0 || innerMin >= 0) && FitsInt32(spec.Parameters[innerScale], form, grouping);
        return integer ? new ScalePath(true, innerScale, innerMin, hasMin, -1) : new ScalePath(false, -1, -1, hasMin, -1);
    }

    /// <summary>Whether the sum of a block with integer scales stays inside 32 bits for the largest codes, scales and activations.</summary>
    private static bool FitsInt32(ParameterSpec scale, DecodedForm form, Grouping grouping)
    {
        (long low, long high) = IntegerRange(scale);
        long largest = Math.Max(Math.Abs(low), Math.Abs(high));
        return grouping.Block * (long)FormatPlan.LargestInt8 * largest * (form.Largest + Math.Abs(form.Correction)) <= int.MaxValue;
    }

    /// <summary>The innermost level of a role where it has integers of a unit, fits a byte, has one entry a segment, and is the only level below the block.</summary>
    private static int Inner(FormatSpec spec, List<int> levels, Grouping grouping)
    {
        if (levels.Count == 0)
        {
            return -1;
        }

        int inner = levels[levels.Count - 1];
        ParameterSpec parameter = spec.Parameters[inner];
        if (levels.Any(level => spec.Parameters[level].IsAdded)
            || parameter.IsSide || parameter.Inputs != grouping.Segment || parameter.Type.Bits > 8 || IntegerTransform(parameter) is null
            || levels.Count(l => !spec.Parameters[l].IsSide && spec.Parameters[l].Inputs < spec.Block.Inputs) != 1)
        {
            return -1;
        }

        (long low, long high) = IntegerRange(parameter);
        return (low >= 0 && high <= 255) || (low >= -128 && high <= 127) ? inner : -1;
    }

    /// <summary>The levels of a role in the order in which they enter its number: the factors, largest extent first, then what is added, likewise.</summary>
    public static List<int> Levels(FormatSpec spec, ParameterRole role) => Levels(spec.Parameters, role);

    /// <summary>The same of parameters that are no format's yet.</summary>
    public static List<int> Levels(IReadOnlyList<ParameterSpec> parameters, ParameterRole role) =>
        Enumerable.Range(0, parameters.Count)
            .Where(i => parameters[i].Role == role)
            .OrderBy(i => parameters[i].IsAdded ? 1 : 0)
            .ThenBy(i => parameters[i].Extent switch { ParameterExtent.Tensor => 0, ParameterExtent.Row => 1, _ => 2 })
            .ThenByDescending(i => (long)parameters[i].Inputs * parameters[i].Blocks)
            .ToList();
}

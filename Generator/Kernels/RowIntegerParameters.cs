using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes the integer scales and minima of one row's blocks (<see cref="ScalePath.Integer"/>) as int16, eight in a register, and
/// the levels above them as vectors of one number. The block is at <c>block</c>.
/// </summary>
internal sealed class RowIntegerParameters(FormatPlan plan, Target target, string scalarClass)
{
    /// <summary>Integers in a register.</summary>
    private const int Eight = 8;

    private const int ShortBits = 16;

    private readonly FormatSpec _spec = plan.Spec;
    private readonly RowEntries _entries = new(plan.Spec, target, scalarClass);
    private readonly int _count = plan.Grouping.SegmentsPerBlock;

    private int Registers => (_count + Eight - 1) / Eight;

    /// <summary>Declares the buffer of entries and the side parameters, before the blocks.</summary>
    public void Declare(CodeWriter code)
    {
        _entries.Declare(code);
        _entries.DeclareSide(code);
    }

    /// <summary>What a block decodes: the integers, and the numbers above them.</summary>
    public void Block(CodeWriter code)
    {
        _entries.Block(code);
        Integers(code, plan.Scaling.InnerScale, "scales");
        Integers(code, plan.Scaling.InnerMin, "mins");
        for (int i = 0; i < Registers; i++)
        {
            PreparedOperand spread = target.SpreadScales($"scales{i}");
            code.Line($"{spread.Type} spread{i} = {spread.Value};");
        }
    }

    /// <summary>The scales of consecutive segments, each for as many lanes as the others.</summary>
    public string Scales(int first, int count) => target.ScalesOf($"spread{first / Eight}", [.. Enumerable.Range(first % Eight, count)]);

    /// <summary>The number of a role without its integers, in every lane, or nothing where that is 1.</summary>
    public string Outer(ParameterRole role, int inner) => LevelFormula.Of(
        _spec, FormatPlanner.Levels(_spec, role).Where(level => level != inner), static l => "p" + l, target.Multiply, target.Add);

    /// <summary>The sum over the segments of the scales or minima times the sums of activations at <paramref name="sums"/>, spread over the lanes.</summary>
    public string DotSums(ParameterRole role, string sums)
    {
        string name = role == ParameterRole.Scale ? "scales" : "mins";
        string At(int segment) => Offset(sums, $"{segment * sizeof(short)}");

        // The sums of fewer than eight segments are followed by something else, or by nothing.
        IEnumerable<string> terms = _count % Eight == 0
            ? Enumerable.Range(0, Registers).Select(i => target.DotEight($"{name}{i}", $"Vector128.Load((short*)({At(i * Eight)}))"))
            : Enumerable.Range(0, _count).Select(i => $"({name}{i / Eight}.GetElement({i % Eight}) * *(short*)({At(i)}))");
        string sum = string.Join(" + ", terms);
        return _count % Eight == 0 ? target.FromLower(sum) : target.FirstLaneInt32(sum);
    }

    private void Integers(CodeWriter code, int parameter, string name)
    {
        for (int i = 0; i < Registers && parameter >= 0; i++)
        {
            int first = i * Eight;
            string eight = _entries.AreInRow(parameter, Registers * Eight)
                ? Decoded(_spec.Parameters[parameter], _entries.Pointer(parameter, $"{first}"))
                : $"Vector128.Create({string.Join(", ", Enumerable.Range(first, Eight).Select(entry => entry < _count ? Decoded(parameter, entry) : "(short)0"))})";
            code.Line($"Vector128<short> {name}{i} = {eight};");
        }
    }

    private string Decoded(int parameter, int entry) =>
        $"(short)({RowParameters.DecodeInteger(_spec.Parameters[parameter], _entries.Stored(parameter, $"{entry}"))})";

    /// <summary>Eight entries of up to 8 bits as the integers they mean: transform and sign applied.</summary>
    private string Decoded(ParameterSpec parameter, string pointer)
    {
        (int multiply, int add) = FormatPlanner.IntegerTransform(parameter)!.Value;
        bool signed = parameter.Type.Class == StoredClass.Signed;
        string eight = target.LoadEight(pointer, signed && parameter.Type.Bits == ShortBits / 2);
        if (signed && parameter.Type.Bits < ShortBits / 2)
        {
            int above = ShortBits - parameter.Type.Bits;
            eight = $"({eight} << {above} >> {above})";
        }

        eight = multiply == 1 ? eight : $"({eight} * Vector128.Create((short){multiply}))";
        eight = add == 0 ? eight : $"{eight} + Vector128.Create((short){add})";
        return parameter.Negative ? $"-({eight})" : eight;
    }
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>Checks scales, minima and zero points, and fills in their names and extents.</summary>
internal static class ParameterRules
{
    /// <summary>The name by which slices refer to the codes.</summary>
    public const string CodesName = "codes";

    private const int BlockExtent = 0;
    private const int RowExtent = -1;
    private const int TensorExtent = -2;

    /// <summary>Whether an attribute declares a quantity besides the codes.</summary>
    public static bool IsQuantity(DeclaredAttribute attribute) => attribute is DeclaredParameter or DeclaredSigns or DeclaredSum or DeclaredSelector or DeclaredPad or DeclaredLearned;

    /// <summary>The scales, minima, zero points, signs and sums in declared order; incomplete where a diagnostic was added.</summary>
    public static List<ParameterSpec> Read(Declaration declaration, DiagnosticBag diagnostics)
    {
        DeclaredBlock block = declaration.Block;
        List<DeclaredParameter> declared = [.. declaration.Fields.OfType<DeclaredParameter>()];
        List<ParameterSpec> parameters = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (DeclaredAttribute field in declaration.Fields)
        {
            switch (field)
            {
                case DeclaredParameter parameter:
                    Read(parameter, declared, block, parameters, names, diagnostics);
                    break;
                case DeclaredSigns signs when ElementRules.Signs(signs, declaration.Element, block, diagnostics) is { } spec:
                    CheckName(spec.Name, names, signs, diagnostics);
                    parameters.Add(spec);
                    break;
                case DeclaredSum sum when SumRules.Read(sum, declaration, diagnostics) is { } spec:
                    CheckName(spec.Name, names, sum, diagnostics);
                    parameters.Add(spec);
                    break;
                case DeclaredLearned learned when LearnedRules.Read(learned, declaration, diagnostics) is { } spec:
                    CheckName(spec.Name, names, learned, diagnostics);
                    parameters.Add(spec);
                    break;
                case DeclaredSelector selector when SelectorRules.Read(selector, declaration, diagnostics) is { } spec:
                    CheckName(spec.Name, names, selector, diagnostics);
                    parameters.Add(spec);
                    break;
                case DeclaredPad pad when SelectorRules.Read(pad, declaration.Block, diagnostics) is { } spec:
                    CheckName(spec.Name, names, pad, diagnostics);
                    parameters.Add(spec);
                    break;
                default:
                    break;
            }
        }

        return parameters;
    }

    private static void Read(
        DeclaredParameter parameter,
        List<DeclaredParameter> declared,
        DeclaredBlock block,
        List<ParameterSpec> parameters,
        HashSet<string> names,
        DiagnosticBag diagnostics)
    {
        (StoredType? type, EquatableArray<int> table, EquatableArray<ScalarStep> steps) = ReadType(parameter, diagnostics);
        LevelRules.CheckAdded(parameter, declared, diagnostics);
        if (LevelRules.Blocks(parameter, block, diagnostics) is not { } blocks
            || ReadExtent(blocks == 1 ? parameter.Per : BlockExtent, parameter.Location, block, diagnostics) is not { } extent)
        {
            return;
        }

        int inputs = extent != ParameterExtent.Block ? 0 : parameter.Per == BlockExtent || blocks > 1 ? block.Inputs : parameter.Per;
        CheckNesting(inputs, parameters, parameter, diagnostics);
        bool several = declared.Count(other => other.Role == parameter.Role) > 1;
        string name = parameter.Name ?? DefaultName(parameter.Role, extent, inputs * blocks, several);
        CheckName(name, names, parameter, diagnostics);
        if (type is null || !(parameter.IsComputed ? CheckSign(parameter, diagnostics) : CheckTransform(parameter, type, table, diagnostics)))
        {
            return;
        }

        parameters.Add(new ParameterSpec(
            parameter.Role,
            name,
            type,
            extent,
            inputs,
            parameter.IsComputed ? 1 : (float)parameter.Multiply,
            parameter.IsComputed ? 0 : (float)parameter.Add,
            parameter.Sign < 0,
            table,
            steps)
        {
            Outputs = OutputRules.Read(parameter, diagnostics),
            Blocks = blocks,
            IsFlat = parameter.Flat,
            IsAdded = parameter.Added,
        });
    }

    private static (StoredType? Type, EquatableArray<int> Table, EquatableArray<ScalarStep> Steps) ReadType(DeclaredParameter parameter, DiagnosticBag diagnostics)
    {
        if (parameter is { Scalar: not null, IsComputed: true })
        {
            diagnostics.Add(Rules.ParameterComputed, parameter.Location, parameter.Exponential ? "Exponential" : "Wrap", "the table of a scalar type says what it means");
            return (null, default, default);
        }

        if (parameter.Scalar is not { } scalar)
        {
            StoredType? type = EnumTables.Scalar(parameter.Type, parameter.Location, diagnostics);
            return type is null || !parameter.IsComputed ? (type, default, default)
                : ComputedNumbers.Read(parameter, type, diagnostics) is { } numbers ? (new StoredType(StoredClass.Table, type.Bits), numbers, ScalarRules.Steps(numbers).ToEquatableArray())
                : (null, default, default);
        }

        return ScalarRules.Read(scalar, parameter.Location, diagnostics) is var (bits, values, steps)
            ? (new StoredType(StoredClass.Table, bits), values, steps)
            : (null, default, default);
    }

    /// <summary>What one entry covers, or none and a diagnostic.</summary>
    public static ParameterExtent? ReadExtent(int declared, LocationInfo location, DeclaredBlock block, DiagnosticBag diagnostics)
    {
        string? fault;
        switch (declared)
        {
            case RowExtent:
                return ParameterExtent.Row;
            case TensorExtent:
                return ParameterExtent.Tensor;
            case < 0:
                fault = "it is neither a number of inputs nor Extent.Row or Extent.Tensor";
                break;
            case var per when block.Inputs == RowExtent:
                diagnostics.Add(
                    Rules.WholeRowLayout,
                    location,
                    per == BlockExtent ? "a parameter of the block has no place" : "a parameter of a part of the block has no place",
                    "give it Per = Extent.Row or Extent.Tensor");
                return null;
            case BlockExtent:
                return ParameterExtent.Block;
            case var per when per > block.Inputs:
                fault = "the block has " + Text(block.Inputs) + " inputs, and an extent larger than it is Extent.Row or Extent.Tensor";
                break;
            case var per when block.Inputs % per != 0:
                fault = "it does not divide the block's " + Text(block.Inputs) + " inputs";
                break;
            default:
                return ParameterExtent.Block;
        }

        // An impossible block has its own diagnostic.
        if (declared < 0 || block.Inputs is >= 1 and <= LayoutBuilder.MaxBlockInputs)
        {
            diagnostics.Add(Rules.ParameterExtent, location, declared, fault);
        }

        return null;
    }

    private static void CheckNesting(int inputs, List<ParameterSpec> earlier, DeclaredParameter parameter, DiagnosticBag diagnostics)
    {
        if (inputs <= 0)
        {
            return;
        }

        foreach (ParameterSpec other in earlier)
        {
            if (other.IsFactor && other.Inputs > 0 && inputs % other.Inputs != 0 && other.Inputs % inputs != 0)
            {
                diagnostics.Add(Rules.ParameterNesting, parameter.Location, inputs, other.Inputs);
                return;
            }
        }
    }

    private static string DefaultName(ParameterRole role, ParameterExtent extent, int inputs, bool several)
    {
        string name = role switch
        {
            ParameterRole.Scale => "scale",
            ParameterRole.Min => "min",
            _ => "zero",
        };
        return !several ? name : extent switch
        {
            ParameterExtent.Row => name + "Row",
            ParameterExtent.Tensor => name + "Tensor",
            _ => name + Text(inputs),
        };
    }

    private static void CheckName(string name, HashSet<string> names, DeclaredAttribute parameter, DiagnosticBag diagnostics)
    {
        if (name == CodesName)
        {
            diagnostics.Add(Rules.ParameterName, parameter.Location, name, "slices call the element codes so");
        }
        else if (!IsIdentifier(name))
        {
            diagnostics.Add(Rules.ParameterName, parameter.Location, name, "use letters a to z, digits and underscores, beginning with a letter, at most 64");
        }
        else if (!names.Add(name))
        {
            diagnostics.Add(Rules.ParameterNameTwice, parameter.Location, name);
        }
    }

    private static bool IsIdentifier(string name) =>
        name.Length is >= 1 and <= 64
        && name[0] is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z')
        && name.All(static c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_');

    private static bool CheckSign(DeclaredParameter parameter, DiagnosticBag diagnostics)
    {
        if (parameter.Sign is 1 or -1)
        {
            return true;
        }

        diagnostics.Add(Rules.ParameterSign, parameter.Location, parameter.Sign);
        return false;
    }

    /// <summary>Whether a parameter's affine transform is possible for its type.</summary>
    public static bool CheckTransform(DeclaredParameter parameter, StoredType type, EquatableArray<int> table, DiagnosticBag diagnostics)
    {
        int before = diagnostics.Count;
        CheckSign(parameter, diagnostics);

        float multiply = (float)parameter.Multiply;
        float add = (float)parameter.Add;
        if (!CodeRules.IsFinite(multiply) || multiply == 0)
        {
            diagnostics.Add(Rules.ParameterTransform, parameter.Location, "Multiply", parameter.Multiply, "give a finite f32 number other than 0");
        }
        else if (!CodeRules.IsFinite(add))
        {
            diagnostics.Add(Rules.ParameterTransform, parameter.Location, "Add", parameter.Add, "give a finite f32 number");
        }
        else if (type.Class is StoredClass.E8M0 or StoredClass.Exponent8)
        {
            CheckExponent(parameter, multiply, diagnostics);
        }
        else if (LargestStored(type, table) is { } largest && (largest * Math.Abs((double)multiply)) + Math.Abs((double)add) > float.MaxValue)
        {
            diagnostics.Add(Rules.TransformOverflow, parameter.Location, StoredName(type));
        }

        return diagnostics.Count == before;
    }

    private static void CheckExponent(DeclaredParameter parameter, float multiply, DiagnosticBag diagnostics)
    {
        if (parameter.Add != 0)
        {
            diagnostics.Add(Rules.ExponentTransform, parameter.Location, "Add", parameter.Add);
        }

        if (!IsPowerOfTwo(multiply) || (double)multiply != parameter.Multiply)
        {
            diagnostics.Add(Rules.ExponentTransform, parameter.Location, "Multiply", parameter.Multiply);
        }
    }

    /// <summary>The largest stored magnitude, or none for types whose own range is that of f32.</summary>
    private static double? LargestStored(StoredType type, EquatableArray<int> table) => type.Class switch
    {
        StoredClass.Table => table.Max(static bits => Math.Abs((double)FloatBits.ToSingle(bits))),
        StoredClass.Float16 => 65504,
        StoredClass.Unsigned => Math.Pow(2, type.Bits) - 1,
        StoredClass.Signed => Math.Pow(2, type.Bits - 1),
        _ => null,
    };

    private static string StoredName(StoredType type) => type.Class switch
    {
        StoredClass.Unsigned => "UInt" + Text(type.Bits),
        StoredClass.Signed => "Int" + Text(type.Bits),
        _ => type.Class.ToString(),
    };

    private static bool IsPowerOfTwo(double value)
    {
        if (value <= 0)
        {
            return false;
        }

        while (value < 1)
        {
            value *= 2;
        }

        while (value > 1)
        {
            value /= 2;
        }

        return value == 1;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}

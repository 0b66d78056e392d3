using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Kernels;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Emission;

/// <summary>
/// Writes a format's descriptor and, unless the type is more than this cell, the part of the declaring type that makes it a format.
/// </summary>
internal static class FormatFile
{
    public static SourceFile Write(FormatPlan plan, IReadOnlyList<string> targets)
    {
        FormatSpec spec = plan.Declared;
        var code = new CodeWriter();
        FileHeader.Write(code, $"{spec.Type.Name}: {LayoutDrawing.Formula(spec)}");
        if (!spec.IsCore)
        {
            using (PartialType.Open(
                code,
                spec.Type,
                [LayoutDrawing.Formula(spec), .. LayoutDrawing.Lines(spec)],
                $"global::KernelGen.IQuantFormat<{EmittedNames.Reference(spec.Type)}>"))
            {
                code.Doc("<summary>What the format is and the kernels that were generated for it.</summary>");
                code.Line($"public static global::KernelGen.FormatDescriptor Descriptor => global::{EmittedNames.Namespace}.{EmittedNames.Stem(spec.Type)}.Descriptor;");
            }

            code.Line();
        }

        using (code.Block($"namespace {EmittedNames.Namespace}"))
        {
            code.Doc($"<summary>The descriptor of {PartialType.Escape(spec.Type.Name)}.</summary>");
            code.Line("[global::System.CodeDom.Compiler.GeneratedCode(\"KernelGen\", \"" + GeneratorVersion.Text + "\")]");
            using (code.Block($"internal static unsafe class {EmittedNames.Stem(spec.Type)}"))
            {
                Descriptor(code, plan, targets);
            }
        }

        return new SourceFile(HintNames.Of(spec.Type) + ".g.cs", code.ToString());
    }

    private static void Descriptor(CodeWriter code, FormatPlan plan, IReadOnlyList<string> targets)
    {
        FormatSpec spec = plan.Declared;
        TileShape shape = TileShape.Of(plan, rebases: false);
        using (code.Block("internal static readonly global::KernelGen.FormatDescriptor Descriptor = new global::KernelGen.FormatDescriptor", "};"))
        {
            code.Line($"Name = {Literal(spec.Type.Name)},");
            code.Line($"FullName = {Literal(HintNames.Of(spec.Type))},");
            code.Line($"Description = {Literal(string.Join("\n", new[] { LayoutDrawing.Formula(spec) }.Concat(LayoutDrawing.Lines(spec))))},");
            code.Line($"LayoutHash = 0x{FormatHash.Of(spec):X16},");
            code.Line($"BlockInputs = {spec.Block.Inputs},");
            code.Line($"BlockBytes = {spec.Block.Bytes},");
            code.Line($"Ragged = global::KernelGen.RaggedRows.{spec.Block.Ragged},");
            code.Line($"CodeBits = {spec.StoredCodeBits},");
            code.Line($"CodesPerBlock = {spec.StoredCodes},");
            CodeNumbersFile.Write(code, plan);
            code.Line($"ParametersPerBlock = {RowParameters.EntriesPerBlock(spec)},");
            code.Line($"RowSideBytes = {RowParameters.SideBytes(spec, ParameterExtent.Row)},");
            code.Line($"TensorSideBytes = {RowParameters.SideBytes(spec, ParameterExtent.Tensor)},");
            if (RowParameters.SideBytes(spec, ParameterExtent.Column) is > 0 and int perInput)
            {
                code.Line($"InputSideBytes = {perInput},");
            }

            using (code.Block("Parameters = new global::KernelGen.FormatParameter[]", "},"))
            {
                foreach (ParameterSpec p in spec.Parameters)
                {
                    string per = p.Extent switch
                    {
                        ParameterExtent.Row => "global::KernelGen.Extent.Row",
                        ParameterExtent.Tensor => "global::KernelGen.Extent.Tensor",
                        ParameterExtent.Column => "global::KernelGen.Extent.Column",
                        _ => p.Inputs.ToString(CultureInfo.InvariantCulture),
                    };
                    code.Line($"new global::KernelGen.FormatParameter({Literal(p.Name)}, \"{p.Role.ToString().ToLowerInvariant()}\", {ScalarTypeName(p)}, {per}, {(p.IsSide ? 0 : spec.Block.Inputs / p.Inputs)}){CodeNumbersFile.Transform(p)},");
                }
            }

            code.Line($"MaxCodeError = {(CodeError(spec) is { } error ? error.ToString("R", CultureInfo.InvariantCulture) : "null")},");
            if (spec.Encode.WholeRow)
            {
                code.Line("RangeOfWholeRow = true,");
            }

            if (spec.Encode.UnroundedScale)
            {
                code.Line("UnroundedScale = true,");
            }

            code.Line($"Int8TableError = {(plan.HasInt8 ? plan.Form.TableError : 0).ToString("R", CultureInfo.InvariantCulture)},");
            code.Line($"Activations = new global::KernelGen.ActivationLayout({plan.Grouping.Block}, {plan.Grouping.Activation}, {plan.Grouping.Segment}, {plan.Form.Correction}, {Sums(shape)}),");
            (string? fault, double factor) = ActivationCodes.Of(spec);
            code.Line(fault is null
                ? $"ActivationFactor = {CodeNumbersFile.Number(FloatBits.FromSingle((float)factor))},"
                : $"ActivationCodesFault = {Literal(fault)},");
            if (spec.Activations is { } activations)
            {
                code.Line($"ActivationFormatOf = static () => {EmittedNames.Reference(activations.Type)}.Descriptor,");
            }

            using (code.Block("Kernels = new global::KernelGen.KernelSet[]", "},"))
            {
                foreach (string target in targets)
                {
                    code.Line($"{EmittedNames.Class(spec.Type, target)}.Create(),");
                }
            }
        }
    }

    private static string Sums(TileShape shape)
    {
        var flags = new List<string>();
        if (shape.HasOffsetSums)
        {
            flags.Add("Offset");
        }

        if (shape.HasRebasedSums)
        {
            flags.Add("Rebased");
        }

        if (shape.HasZero)
        {
            flags.Add("Integer");
        }

        if (shape.HasMin && !shape.Integer)
        {
            flags.Add("Scaled");
        }

        if (shape.HasPairSums)
        {
            flags.Add("Pairs");
        }

        return flags.Count == 0
            ? "global::KernelGen.ActivationSums.None"
            : string.Join(" | ", flags.Select(f => "global::KernelGen.ActivationSums." + f));
    }

    /// <summary>Half a step of integer codes; half the widest gap of a table.</summary>
    private static double? CodeError(FormatSpec spec)
    {
        if (spec.Codes.Length > 1 || spec.Signs is not null || spec.Selector >= 0 || spec.Codes.Float is not null || spec.Learned >= 0)
        {
            return null;
        }

        if (spec.Codebook is { } codebook)
        {
            if (spec.Encode.Rounding is EncodeRounding.TowardZero or EncodeRounding.WithoutCarry or EncodeRounding.Logarithmic || spec.Encode.ScaleEpsilon != 0)
            {
                return null;
            }

            float[] sorted = codebook.Numbers.OrderBy(v => v).ToArray();
            return sorted.Skip(1).Select((v, i) => ((double)v - sorted[i]) / 2).Max();
        }

        // Signs have no range to round in, and rules that do not reach the largest weight leave no bound.
        bool bounded = spec.Codes.Kind is not (CodeNumber.Sign or CodeNumber.InvertedSign)
            && spec.Encode.Range is EncodeRange.AbsMax or EncodeRange.SignedMax or EncodeRange.MinMax or EncodeRange.MinMaxWithZero
            && spec.Encode is { Rounds: 0, ScaleEpsilon: 0, RowLimit: 0, ProductLimit: 0, Shrinks: 0 };
        return !bounded ? null
            : spec.Encode.Range == EncodeRange.SignedMax || spec.Encode.Rounding == EncodeRounding.TowardZero ? 1 : 0.5;
    }

    /// <summary>The member of <c>KernelGen.ScalarType</c>, or null for what is none.</summary>
    private static string ScalarTypeName(ParameterSpec parameter) => parameter.Role == ParameterRole.Sign || parameter.Type.Class == StoredClass.Table
        ? "null"
        : ScalarTypeName(parameter.Type);

    /// <summary>The member of <c>KernelGen.ScalarType</c>.</summary>
    public static string ScalarTypeName(StoredType type) => type.Class switch
    {
        StoredClass.Unsigned => "global::KernelGen.ScalarType.UInt" + type.Bits,
        StoredClass.Signed => "global::KernelGen.ScalarType.Int" + type.Bits,
        _ => "global::KernelGen.ScalarType." + type.Class,
    };

    private static string Literal(string text) => PartialType.Literal(text);
}

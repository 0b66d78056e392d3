using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Kernels;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Emission;

/// <summary>Writes the files with a format's kernels, one for each target.</summary>
internal static class KernelFile
{
    public static IEnumerable<SourceFile> Write(FormatSpec spec, IReadOnlyList<Target> chosen)
    {
        Dictionary<string, string> bodies = chosen.ToDictionary(target => target.Name, target => Members(FormatPlanner.Plan(spec, target.PanelRows), target, chosen));
        return chosen.Select(target => Extended(target, chosen) is { } extended
            ? Write(spec, target, extended, KernelMembers.Without(bodies[target.Name], bodies[extended.Name]))
            : Write(spec, target, null, bodies[target.Name]));
    }

    /// <summary>The target of the project that a target extends, or null.</summary>
    public static Target? Extended(Target target, IReadOnlyList<Target> chosen) => chosen.FirstOrDefault(other => other.Name == target.Extends);

    private static SourceFile Write(FormatSpec spec, Target target, Target? extended, string body)
    {
        FormatPlan plan = FormatPlanner.Plan(spec, target.PanelRows);
        var code = new CodeWriter();
        FileHeader.Write(code, Summary(plan, target), nullable: false);
        using (code.Block($"namespace {EmittedNames.Namespace}"))
        {
            Usings(code, target, extended is null ? null : EmittedNames.Class(spec.Type, extended.Name));
            code.Doc($"<summary>Kernels of {spec.Type.Name} for {target.Name}{(extended is null ? "." : $", where they are not those for {extended.Name}.")}</summary>");
            code.Line("[global::System.CodeDom.Compiler.GeneratedCode(\"KernelGen\", \"" + GeneratorVersion.Text + "\")]");
            code.Line("[SkipLocalsInit]");
            using (code.Block($"internal static unsafe class {EmittedNames.Class(spec.Type, target.Name)}"))
            {
                code.Line(body);
            }
        }

        return new SourceFile($"{HintNames.Of(spec.Type)}.{target.Name}.g.cs", code.ToString());
    }

    private static string Members(FormatPlan plan, Target target, IReadOnlyList<Target> chosen)
    {
        FormatSpec spec = plan.Spec;
        string scalar = EmittedNames.Class(spec.Type, "Scalar");
        List<Target> included = [.. target.Includes.SelectMany(i => chosen.Where(t => t.Name == i))];
        var code = new CodeWriter();
        var rows = new RowKernels(plan, target, scalar, included);
        var panel = new PanelKernels(plan, target);
        rows.Unpack(code);
        code.Line();
        rows.Pack(code);
        code.Line();
        if (EncoderPlan.Of(spec).Plan is not null)
        {
            new QuantizeKernel(plan, target, scalar, included).Write(code);
            code.Line();
        }

        if (!target.HasRowVectors)
        {
            new ScalarTables(plan).Write(code);
        }

        rows.Dequantize(code);
        code.Line();
        rows.DotFloat32(code);
        code.Line();
        if (plan.HasInt8)
        {
            new Int8DotKernel(plan, target, scalar, included).Write(code);
            code.Line();
        }

        var packing = new PackPanelKernel(plan, target, scalar);
        packing.Write(code);
        code.Line();
        if (!target.HasRowVectors)
        {
            packing.WriteScalar(code);
            code.Line();
        }

        if (plan.HasInt8)
        {
            panel.Gemv(code);
            code.Line();
            panel.DecodeInt8(code);
            code.Line();
        }

        panel.DecodeFloat32(code);
        code.Line();
        Float32GemvKernel? gemv = Float32GemvKernel.Of(plan, target);
        if (gemv is not null)
        {
            gemv.Write(code);
            code.Line();
        }

        Create(code, plan, target, chosen, gemv);
        if (!target.HasRowVectors)
        {
            code.Line();
            Buffers.Types(code, plan);
            Float32GemvKernel.WriteTypes(code, plan);
        }

        return code.ToString().TrimEnd('\n');
    }

    /// <summary>The using directives of a kernel file, inside the namespace; with them the members of <paramref name="extended"/>.</summary>
    public static void Usings(CodeWriter code, Target target, string? extended = null)
    {
        IEnumerable<string> names = new[] { "System", "System.Runtime.CompilerServices", "System.Runtime.InteropServices" }.Concat(target.Usings);
        foreach (string name in names.OrderBy(n => n, System.StringComparer.Ordinal))
        {
            code.Line($"using global::{name};");
        }

        if (extended is not null)
        {
            code.Line($"using static global::{EmittedNames.Namespace}.{extended};");
        }

        code.Line();
    }

    private static void Create(CodeWriter code, FormatPlan plan, Target target, IReadOnlyList<Target> chosen, Float32GemvKernel? gemv)
    {
        string scalar = EmittedNames.Class(plan.Spec.Type, "Scalar");
        TileShape shape = TileShape.Of(plan, target.RebasesSigned);
        EncoderPlan? encoder = EncoderPlan.Of(plan.Spec).Plan;
        bool tensor = encoder?.Extent == ParameterExtent.Tensor;
        code.Doc("<summary>The table of these kernels.</summary>");
        using (code.Block("internal static global::KernelGen.KernelSet Create() => new global::KernelGen.KernelSet", "};"))
        {
            code.Line($"Target = global::KernelGen.KernelTarget.{target.Name},");
            code.Line($"Plan = \"{string.Join(" ", PlanLines(plan, target))}\",");
            code.Line($"Panel = new global::KernelGen.PanelLayout({plan.Panel.Rows}, {plan.Grouping.Block}, {plan.Panel.BlockBytes}, {plan.Panel.HeaderBytes}, {shape.TileBytes}, {shape.ScaleBytes}, 0x{PanelHash.Of(plan):X16}UL),");
            code.Line("UnpackBlock = &UnpackBlock,");
            code.Line("PackBlock = &PackBlock,");
            code.Line($"QuantizeTensor = {(tensor ? "&QuantizeTensor" : "null")},");
            code.Line($"QuantizeRow = {(encoder is null ? "null" : "&QuantizeRow")},");
            code.Line("DequantizeRow = &DequantizeRow,");
            code.Line("DotFloat32 = &DotFloat32,");
            code.Line(plan.HasInt8 ? "DotInt8 = &DotInt8," : "DotInt8 = null,");
            code.Line("PackPanel = &PackPanel,");
            code.Line($"UnpackPanel = {(PackPanelKernel.CanUnpack(plan) ? $"&{scalar}.UnpackPanel" : "null")},");
            code.Line(plan.HasInt8 ? "Int8Gemvs = s_gemvs," : "Int8Gemvs = Array.Empty<global::KernelGen.Int8GemvKernel>(),");
            code.Line($"GemvTakesTables = {(plan.Panel.HasTables ? "true" : "false")},");
            code.Line(plan.HasInt8 ? "DecodeInt8 = &DecodeInt8," : "DecodeInt8 = null,");
            code.Line(plan.HasInt8 ? $"Int8Tiles = {shape.Name}_{Int8TileKernels.Owner(shape, target, chosen).Name}.Kernels," : "Int8Tiles = Array.Empty<global::KernelGen.Int8TileKernel>(),");
            code.Line("DecodeFloat32 = &DecodeFloat32,");
            code.Line($"GemvFloat32 = {(gemv is null ? "null" : "&GemvFloat32")},");
            if (gemv is not null)
            {
                code.Line($"Float32GemvRows = {gemv.MostRows},");
            }

            code.Line($"Float32TileRows = {Float32TileKernels.Rows(target)},");
            code.Line($"Float32Tiles = Tile_F32_{target.Family}.Kernels,");
        }
    }

    private static string Summary(FormatPlan plan, Target target) => string.Join(
        "\n",
        new[] { $"{plan.Spec.Type.Name} for {target.Name}", string.Empty, LayoutDrawing.Formula(plan.Declared) }
            .Concat(LayoutDrawing.Lines(plan.Declared).Select(l => "  " + l))
            .Concat([string.Empty])
            .Concat(PlanLines(plan, target)));

    private static IEnumerable<string> PlanLines(FormatPlan plan, Target target)
    {
        DecodedForm form = plan.Form;
        string w = plan.HasRowIntegers ? "table of the row[q]" : form.IsLookup || form.StoredNumbers > 0 ? "table[q]" : form.Step == 1 ? "q" : $"{form.Step} * q";
        string planes = form.Planes > 1 ? " in two planes" : string.Empty;
        FormatSpec spec = plan.Spec;
        double stored = spec.Block.Bytes * 8 / (double)spec.Block.Inputs;
        double packed = plan.Panel.BlockBytes * 8 / ((double)plan.Grouping.Block * plan.Panel.Rows);
        if (plan.Element.Vectors.Count != 0)
        {
            yield return $"Vectors of the codebook are expanded to codes of {plan.Element.Bits} bits per input{(spec.Signs is null ? string.Empty : ", their signs included")}{(plan.Declared.Selector == spec.Selector ? string.Empty : ", their zero points included")}.";
        }

        if (packed > 1.1 * stored)
        {
            yield return System.FormattableString.Invariant($"Panels are larger than the stored rows: {packed:0.####} bits per weight packed, {stored:0.####} stored.");
        }

        if (!plan.HasInt8)
        {
            string codes = plan.IsFloat ? "floats as stored" : $"code planes of {string.Join(" + ", plan.Panel.PlaneBits)} bits";
            string tables = plan.Spec.HasInputTables ? "; the tables of the inputs are not in it" : plan.Spec.Learned >= 0 ? " with the tables of the rows" : string.Empty;
            yield return $"Packed panel: {plan.Panel.Rows} rows, {plan.Grouping.Block} inputs in {plan.Panel.BlockBytes} bytes, {codes} at {plan.Panel.CodesAt}, header {plan.Panel.HeaderBytes} bytes{tables}.";
            yield return plan.IsFloat ? "Int8: no kernels; floats are multiplied as f32."
                : plan.Spec.Learned >= 0 ? "Int8: no kernels; the numbers of tables of inputs, of more than 16 numbers, or of rows whose segments are no fours of quads are multiplied as f32."
                : $"Int8: no kernels; 11-bit integers do not tell the values of the table apart, which are multiplied as f32{(plan.Minifloat is null || !target.DecodesInRegisters ? string.Empty : ", computed as minifloats")}.";
            yield break;
        }

        yield return $"Packed panel: {plan.Panel.Rows} rows, {plan.Grouping.Block} inputs in {plan.Panel.BlockBytes} bytes, {(plan.Panel.HasTables ? "bytes of 8 codes" : $"code planes of {string.Join(" + ", plan.Panel.PlaneBits)} bits")} at {plan.Panel.CodesAt}, header {plan.Panel.HeaderBytes} bytes{(plan.HasRowIntegers ? " with the tables of the rows" : string.Empty)}.";
        yield return $"Int8: w = {w} {(form.Signed ? target.RebasesSigned ? "signed, multiplied as w + 128" : "signed" : "unsigned")}{planes}, |w| <= {form.Largest}, value = w {(form.Correction < 0 ? "-" : "+")} {System.Math.Abs((long)form.Correction)}; activations share a scale over {plan.Grouping.Activation} inputs, weights over {plan.Grouping.Segment};";
        yield return $"{(plan.Scaling.Integer ? "integer scales, one float step per activation group" : "one float step per segment")}; micro-kernel {TileShape.Of(plan, target.RebasesSigned).Name}{(plan.Panel.HasTables ? "; GEMV looks the sums of 4 activations up" : string.Empty)}.";
    }
}

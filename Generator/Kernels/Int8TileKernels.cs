using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>Writes the int8 micro-kernels of one tile shape for one target.</summary>
internal static class Int8TileKernels
{
    /// <summary>The target whose micro-kernels of a shape a target takes: its own, or those of one that it extends.</summary>
    public static Target Owner(TileShape shape, Target target, IReadOnlyList<Target> chosen) =>
        target.SharesTiles(shape) && KernelFile.Extended(target, chosen) is { } extended ? extended : target;

    public static SourceFile Write(TileShape shape, Target target)
    {
        target = target.For(shape);
        var code = new CodeWriter();
        string name = $"{shape.Name}_{target.Name}";
        FileHeader.Write(
            code,
            $"int8 micro-kernels for {target.Name}: w is {(shape.Rebased ? "signed, multiplied as w + 128" : shape.Signed ? "signed" : "unsigned")}, |w| <= {shape.Largest}{(shape.Planes > 1 ? " in two planes" : string.Empty)};\n"
            + $"{shape.GroupsPerBlock} x {shape.SegmentsPerGroup} segments of {shape.QuadsPerSegment * 4} inputs a block; {(shape.Integer ? "integer scales" : "f32 scales")}{(shape.HasZero ? ", zero points" : string.Empty)}{(shape.HasMin ? ", minima" : string.Empty)}.",
            nullable: false);
        using (code.Block($"namespace {EmittedNames.Namespace}"))
        {
            KernelFile.Usings(code, target);
            code.Doc($"<summary>int8 products of a decoded tile of {shape.Rows} weight rows.</summary>");
            code.Line(SharedTypes.Attribute);
            code.Line("[global::System.CodeDom.Compiler.GeneratedCode(\"KernelGen\", \"" + GeneratorVersion.Text + "\")]");
            code.Line("[SkipLocalsInit]");
            using (code.Block($"internal static unsafe class {name}"))
            {
                string kernels = string.Join(", ", target.TileRows(shape).Select(m => $"new global::KernelGen.Int8TileKernel({m}, &Rows{m})"));
                code.Doc("<summary>The kernels by rows of activations, largest first.</summary>");
                code.Line($"internal static readonly global::KernelGen.Int8TileKernel[] Kernels = [{kernels}];");
                foreach (int m in target.TileRows(shape))
                {
                    code.Line();
                    code.Doc($"<summary>{m} row{(m == 1 ? string.Empty : "s")} of activations: y[m * ldy + r] for the {shape.Rows} rows of the tile.</summary>");
                    using (code.Method($"internal static void Rows{m}(byte* panel, byte* tile, byte* scales, long blocks, byte* activations, float* y, long ldy)"))
                    {
                        EagerOptimization.Write(code, target, "blocks", "activations", "byte");
                        new ProductWriter(shape, target, new TileSource(shape, target), m).Write(code);
                    }
                }
            }
        }

        return new SourceFile($"KernelGen.{name}.g.cs", code.ToString());
    }
}

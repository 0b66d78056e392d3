using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Kernels;
using KernelGen.Generator.Model;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Emission;

/// <summary>Writes what an assembly with formats needs once: idiom classes, the encoder's helpers, the f32 micro-kernels.</summary>
internal static class SupportFiles
{
    public static IEnumerable<SourceFile> Write(IReadOnlyList<Target> targets)
    {
        yield return SharedTypes.Definition();
        foreach (Target target in targets.GroupBy(target => target.Family).Select(family => family.First()))
        {
            var code = new CodeWriter();
            FileHeader.Write(code, $"Idioms of {target.Family}.");
            using (code.Block($"namespace {EmittedNames.Namespace}"))
            {
                KernelFile.Usings(code, target);
                code.Line(SharedTypes.In(UncheckedBodies.In(target.SupportClass)));
                if (target.RowSupportClass.Length > 0)
                {
                    code.Line();
                    code.Line(SharedTypes.In(UncheckedBodies.In(target.RowSupportClass)));
                }
            }

            yield return new SourceFile($"KernelGen.{target.Support}.g.cs", code.ToString());
            yield return Float32TileKernels.Write(target);
        }

        foreach (Target target in targets.Where(target => target.OwnSupportClass.Length > 0))
        {
            var code = new CodeWriter();
            FileHeader.Write(code, $"Idioms of {target.Name} that {target.Family} lacks.");
            using (code.Block($"namespace {EmittedNames.Namespace}"))
            {
                KernelFile.Usings(code, target);
                code.Line(SharedTypes.In(UncheckedBodies.In(target.OwnSupportClass)));
            }

            yield return new SourceFile($"KernelGen.{target.OwnSupport}.g.cs", code.ToString());
        }

        var encoder = new CodeWriter();
        FileHeader.Write(encoder, "Idioms of the encoders.");
        using (encoder.Block($"namespace {EmittedNames.Namespace}"))
        {
            KernelFile.Usings(encoder, targets.First());
            encoder.Line(SharedTypes.In(UncheckedBodies.In(EncoderIdioms.Text)));
        }

        yield return new SourceFile("KernelGen.EncoderIdioms.g.cs", encoder.ToString());
    }
}

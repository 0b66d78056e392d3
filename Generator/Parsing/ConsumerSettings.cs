using System.Globalization;
using System.Linq;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Generator.Parsing;

/// <summary>What generated code needs to know of the consuming project's compilation, by value.</summary>
/// <param name="AllowsUnsafe">Whether unsafe code compiles.</param>
/// <param name="LanguageVersion">The C# version times 100: 1200 for C# 12.</param>
/// <param name="MissingType">The first type generated code needs and the project does not see, or none.</param>
internal sealed record ConsumerCompilation(bool AllowsUnsafe, int LanguageVersion, string? MissingType)
{
    private static readonly string[] NeededTypes = ["System.Runtime.Intrinsics.Vector512", "KernelGen.IQuantFormat`1"];

    public static ConsumerCompilation Read(Compilation compilation) => new(
        compilation.Options is CSharpCompilationOptions { AllowUnsafe: true },
        compilation is CSharpCompilation { LanguageVersion: var version } ? (int)version : 0,
        NeededTypes.FirstOrDefault(name => compilation.GetTypesByMetadataName(name).IsEmpty));
}

/// <summary>What is generated for the consuming project, or why nothing is.</summary>
/// <param name="CanEmit">Whether generated code would compile.</param>
/// <param name="CanDeclare">Whether the formats' members would compile, their kernels apart.</param>
/// <param name="Targets">The targets to generate for.</param>
/// <param name="Diagnostics">What is wrong with the project's settings.</param>
internal sealed record ConsumerSettings(bool CanEmit, bool CanDeclare, EquatableArray<string> Targets, EquatableArray<DiagnosticInfo> Diagnostics)
{
    private const int LeastLanguageVersion = 1200;

    /// <summary>The C# of static abstract members.</summary>
    private const int LeastDeclaringVersion = 1100;

    public static ConsumerSettings From(ConsumerCompilation compilation, string? targets)
    {
        DiagnosticBag diagnostics = new();
        if (!compilation.AllowsUnsafe)
        {
            diagnostics.Add(Rules.UnsafeBlocks, null);
        }

        if (compilation.LanguageVersion < LeastLanguageVersion)
        {
            diagnostics.Add(Rules.LanguageVersion, null, VersionText(compilation.LanguageVersion));
        }

        if (compilation.MissingType is { } missing)
        {
            diagnostics.Add(Rules.RuntimeMissing, null, missing);
        }

        bool canEmit = diagnostics.Count == 0;
        bool canDeclare = compilation.MissingType is null && compilation.LanguageVersion >= LeastDeclaringVersion;
        return new ConsumerSettings(canEmit, canDeclare, TargetNames.Parse(targets, diagnostics), diagnostics.ToEquatableArray());
    }

    private static string VersionText(int version) => version switch
    {
        < 100 => version.ToString(CultureInfo.InvariantCulture),
        _ => (version / 100).ToString(CultureInfo.InvariantCulture) + "." + (version % 100).ToString(CultureInfo.InvariantCulture),
    };
}

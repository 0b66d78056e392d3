using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using KernelGen.Generator.Emission;
using Xunit;
using Xunit.Abstractions;

namespace KernelGen.Tests.Generation;

/// <summary>What the builds of Formats and of the probes make of emitted code: both compile as the strictest consumer does, so that a warning, or C# newer than promised, ends the build.</summary>
public sealed class EmittedCodeTests(ITestOutputHelper output)
{
    /// <summary>The JIT stops tracking locals of a method at 1024, its own temporaries included.</summary>
    private const int LocalsBudget = 900;

    private static readonly Lazy<CompiledMethod[]> Catalogue = new(static () => MethodsOf(typeof(Formats.Q4_0).Assembly));

    private static readonly Lazy<CompiledMethod[]> Probed = new(static () => MethodsOf(typeof(Probes.ProbeCatalogue).Assembly));

    [Theory]
    [InlineData("Formats/KernelGen.Formats.csproj")]
    [InlineData("Tests/Probes/KernelGen.Probes.csproj")]
    public void Builds_are_those_of_the_strictest_consumer(string project)
    {
        XElement[] properties = [.. XDocument.Load(Path.Combine(GeneratorHarness.Root, "Directory.Build.props")).Descendants("PropertyGroup").Elements(),
            .. XDocument.Load(Path.Combine(GeneratorHarness.Root, project)).Descendants("PropertyGroup").Elements()];
        foreach ((string name, string value) in new[] { ("LangVersion", "12.0"), ("WarningLevel", "9999"), ("CheckForOverflowUnderflow", "true"), ("TreatWarningsAsErrors", "true"), ("Nullable", "enable") })
        {
            Assert.Equal((name, value), (name, properties.Last(property => property.Name == name).Value));
        }
    }

    [Fact]
    public void Never_throws_on_overflow() => Assert.Empty(
        Catalogue.Value.Concat(Probed.Value).Where(static method => method.Checked.Count != 0)
            .Select(static method => $"{method.Type}.{method.Name}: {string.Join(" ", method.Checked)}"));

    /// <summary>Of the catalogue: one probe's block of 60 segments, of three quads each, is written out whole.</summary>
    [Fact]
    public void Locals_are_within_the_budget()
    {
        CompiledMethod[] methods = [.. Catalogue.Value.OrderByDescending(static method => method.Locals)];
        output.WriteLine($"{methods.Length} methods, {methods.Sum(static method => (long)method.Bytes)} bytes of IL");
        foreach (CompiledMethod method in methods.Take(10).Concat(methods.OrderByDescending(static m => m.Bytes).Take(5)))
        {
            output.WriteLine($"{method.Locals} locals, {method.Bytes} bytes of IL: {method.Type}.{method.Name}");
        }

        Assert.All(methods, static method => Assert.True(method.Locals < LocalsBudget, $"{method.Type}.{method.Name} has {method.Locals} locals"));
    }

    /// <summary>Fails where a target with vectors leaves whole rows, or the codes of whole blocks that are not plain floats, to scalar or portable kernels.</summary>
    [Theory]
    [InlineData("_Scalar.QuantizeRow(x, k,")]
    [InlineData("_Scalar.DequantizeRow(row, rowSide, tensorSide, k,")]
    [InlineData("_Scalar.UnpackCodes(block, codes);", "BF16", "F16", "F32")]
    [InlineData("_Scalar.DotFloat32(row, rowSide, tensorSide, k,")]
    [InlineData("_Scalar.DotInt8(row, rowSide, tensorSide, k,")]
    [InlineData("_Vector128.DotInt8(row, rowSide, tensorSide, k,")]
    public void Row_kernels_of_the_catalogue_are_vectors(string call, params string[] others)
    {
        const string Suffix = ".Avx2.g.cs";
        IEnumerable<string> formats = FormatsProject.Files
            .Where(file => file.Key.EndsWith(Suffix, StringComparison.Ordinal) && file.Value.Contains(call, StringComparison.Ordinal))
            .Select(static file => file.Key[..^Suffix.Length].Split('.')[^1]);
        Assert.Equal(others, formats.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Says_how_long_the_generator_takes()
    {
        int files = FormatsProject.Files.Count;
        output.WriteLine($"first run: {FormatsProject.Elapsed.TotalMilliseconds:F0} ms for {files} files of {FormatsProject.Files.Values.Sum(static text => (long)text.Length)} characters");
        FormatsProject.Generate();
        output.WriteLine($"again: {FormatsProject.Elapsed.TotalMilliseconds:F0} ms");
    }

    /// <summary>Methods of emitted classes.</summary>
    private static CompiledMethod[] MethodsOf(Assembly assembly)
    {
        using PEReader file = new(File.OpenRead(assembly.Location));
        CompiledMethod[] methods = [.. IlReader.Methods(file).Where(static method => method.Type.StartsWith(EmittedNames.Namespace + ".", StringComparison.Ordinal))];
        Assert.NotEmpty(methods);
        return methods;
    }
}

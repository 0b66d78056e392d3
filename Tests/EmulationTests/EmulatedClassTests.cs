using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using KernelGen.Emulation;
using Xunit;
using Xunit.Abstractions;

namespace KernelGen.Tests.Emulation;

/// <summary>The emulated intrinsics themselves: that nothing else is called, and that they do what the processor does.</summary>
public sealed class EmulatedClassTests(ITestOutputHelper output)
{
    private const int Rounds = 400;

    private static readonly string[] s_processors = ["System.Runtime.Intrinsics.X86", "System.Runtime.Intrinsics.Arm", "System.Runtime.Intrinsics.Wasm"];

    /// <summary>The emulated methods whose class this machine's processor has.</summary>
    public static TheoryData<string> Checkable => new(EmulatedMethod.All.Where(m => m.IsSupportedHere).Select(m => m.Name));

    [Fact]
    public void EveryMethodHasTheSignatureOfTheFrameworksOwn() =>
        Assert.All(EmulatedMethod.All, method => Assert.True(method.Original is not null, $"{method} emulates nothing"));

    /// <summary>The kernels are bound to the emulation: they call no method of the framework's classes.</summary>
    [Theory]
    [InlineData(typeof(KernelGen.Formats.FormatCatalogue))]
    [InlineData(typeof(Probes.ProbeCatalogue))]
    public void NoKernelCallsAnIntrinsicThatIsNotEmulated(Type catalogue)
    {
        using PEReader file = new(new MemoryStream(Rebinding.Image(catalogue.Assembly)));
        MetadataReader metadata = file.GetMetadataReader();
        IEnumerable<TypeReferenceHandle> called = metadata.MemberReferences.Select(metadata.GetMemberReference)
            .Where(member => member.Parent.Kind == HandleKind.TypeReference)
            .Select(member => (TypeReferenceHandle)member.Parent);
        Assert.DoesNotContain(called.Select(type => NamespaceOf(metadata, type)), name => s_processors.Contains(name));
    }

    [Theory]
    [MemberData(nameof(Checkable))]
    public void GivesWhatTheProcessorGives(string method)
    {
        EmulatedMethod test = EmulatedMethod.All.Single(m => m.Name == method);
        Random random = new(17);
        foreach (byte[] immediates in test.Immediates())
        {
            for (int round = 0; round < (immediates.Length == 0 ? Rounds : 20); round++)
            {
                byte[][] arguments = test.Arguments(immediates, random);
                byte[] expected = test.Call(test.Original!, arguments);
                byte[] actual = test.Call(test.Emulation, arguments);
                Assert.True(
                    test.AreSame(expected, actual),
                    $"{method} of {string.Join(", ", arguments.Select(a => Convert.ToHexString(a.AsSpan(0, Math.Min(64, a.Length)))))}:\n{Convert.ToHexString(expected)} on the processor,\n{Convert.ToHexString(actual)} emulated");
            }
        }
    }

    /// <summary>The classes this machine cannot check are said; those of Arm are checked by Tests/Neon.</summary>
    [Fact]
    public void SaysWhatThisProcessorCannotCheck()
    {
        foreach (IGrouping<Type, EmulatedMethod> methods in EmulatedMethod.All.GroupBy(m => m.Class))
        {
            output.WriteLine($"{methods.Key}: {methods.Count()} methods, {(methods.First().IsSupportedHere ? "checked here" : "not on this processor")}");
        }

        Assert.True(RuntimeInformation.ProcessArchitecture != Architecture.X64 || TargetSelection.IsSupported(KernelTarget.Avx2) == EmulatedMethod.All.Any(m => m.IsSupportedHere && m.Name.StartsWith("Avx2.", StringComparison.Ordinal)));
    }

    /// <summary>The namespace of a type, of the outermost one where it is nested.</summary>
    private static string NamespaceOf(MetadataReader metadata, TypeReferenceHandle type)
    {
        TypeReference reference = metadata.GetTypeReference(type);
        return reference.ResolutionScope.Kind == HandleKind.TypeReference
            ? NamespaceOf(metadata, (TypeReferenceHandle)reference.ResolutionScope)
            : metadata.GetString(reference.Namespace);
    }
}

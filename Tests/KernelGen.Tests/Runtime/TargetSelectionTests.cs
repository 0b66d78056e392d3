using System;
using System.Linq;
using Xunit;

namespace KernelGen.Tests.Runtime;

public sealed class TargetSelectionTests
{
    [Fact]
    public void ScalarIsAlwaysSupported()
    {
        Assert.Contains(KernelTarget.Scalar, TargetSelection.Supported);
        Assert.False(TargetSelection.IsSupported((KernelTarget)99));
    }

    [Theory]
    [InlineData("scalar")]
    [InlineData("SCALAR")]
    [InlineData(" Scalar ")]
    public void NamesAreReadInAnyCase(string value)
    {
        Assert.Null(TargetSelection.Read(value, out KernelTarget? target));
        Assert.Equal(KernelTarget.Scalar, target);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void UnsetForcesNothing(string? value)
    {
        Assert.Null(TargetSelection.Read(value, out KernelTarget? target));
        Assert.Null(target);
    }

    [Theory]
    [InlineData("avx3")]
    [InlineData("0")]
    [InlineData("Scalar,Avx2")]
    public void MisspelledNamesAreNamedWithTheVariableAndTheChoice(string value)
    {
        string? error = TargetSelection.Read(value, out _);
        Assert.NotNull(error);
        Assert.Contains($"KERNELGEN_TARGET={value}", error, StringComparison.Ordinal);
        Assert.Contains("Scalar", error, StringComparison.Ordinal);
    }

    [Fact]
    public void ATargetWithoutKernelsIsRefused()
    {
        FormatDescriptor format = FakeFormat.Make(RaggedRows.Pad, KernelTarget.Vector128);
        KernelTargetException thrown = Assert.Throws<KernelTargetException>(() => TargetSelection.Select(format, KernelTarget.Scalar));
        Assert.Contains("Fake", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("Vector128", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnsupportedTargetIsRefused()
    {
        KernelTargetException thrown = Assert.Throws<KernelTargetException>(() => TargetSelection.Select(FakeFormat.Descriptor, (KernelTarget)99));
        Assert.Contains("99", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACallsChoiceIsTaken()
    {
        foreach (KernelTarget target in FakeFormat.Descriptor.Kernels.Select(k => k.Target).Where(TargetSelection.IsSupported))
        {
            Assert.Equal(target, TargetSelection.Select(FakeFormat.Descriptor, target).Target);
        }
    }

    [Fact]
    public void TheExplanationNamesEveryTarget()
    {
        string text = TargetSelection.Explain(FakeFormat.Descriptor);
        foreach (KernelTarget target in Enum.GetValues<KernelTarget>())
        {
            Assert.Contains($"{target}: ", text, StringComparison.Ordinal);
        }

        Assert.Contains($"used: {TargetSelection.Select(FakeFormat.Descriptor).Target}", text, StringComparison.Ordinal);
    }
}

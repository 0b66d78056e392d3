using System;
using System.Linq;
using KernelGen.Formats;
using KernelGen.Tests.Kernels;
using Xunit;
using Xunit.Abstractions;

namespace KernelGen.Tests.Rungs;

/// <summary>
/// The kernels this process selects by itself. Tests/Rungs/run.sh runs them in one process per instruction set the processor and
/// the runtime's switches allow, and says in <see cref="Variable"/> which target each is for.
/// </summary>
public sealed class RungTests(ITestOutputHelper output)
{
    /// <summary>The environment variable with the target that has to be selected; unset in an ordinary run.</summary>
    private const string Variable = "KERNELGEN_EXPECTED_TARGET";

    /// <summary>The catalogue, without the probes: what matters is that the target's kernels are those that run.</summary>
    public static TheoryData<string> Formats => new(FormatCatalogue.All.Select(f => f.FullName));

    [Fact]
    public void TheTargetIsTheOneThisRungIsFor()
    {
        output.WriteLine(TargetSelection.Explain());
        KernelTarget[] selected = [.. FormatCatalogue.All.Select(format => TargetSelection.Select(format).Target).Distinct()];
        KernelTarget only = Assert.Single(selected);
        Assert.Contains(only, TargetSelection.Supported);
        Assert.Equal(Environment.GetEnvironmentVariable(Variable) ?? only.ToString(), only.ToString());
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void ItsKernelsEqualTheOracle(string format)
    {
        KernelCase test = KernelCase.Of(format, TargetSelection.Select(FormatCatalogue.All.Single(f => f.FullName == format)).Target);
        PackingTests.VerifyBlocks(test);
        DequantizeTests.VerifyRows(test);
        DotTests.VerifyInt8(test);
        PanelTests.VerifyDecoding(test);
        PanelTests.VerifyProducts(test);
        ExactnessTests.VerifyExtremes(test);
    }
}

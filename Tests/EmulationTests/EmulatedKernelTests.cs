using KernelGen.Tests.Kernels;
using Xunit;

namespace KernelGen.Tests.Emulation;

/// <summary>
/// The kernels of every target, this machine's or not, against the oracle: the text the generator emits, with each intrinsic
/// emulated (Tests/Emulation). The checks are those of the kernels that run natively, on fewer shapes.
/// </summary>
public sealed class EmulatedKernelTests
{
    [Theory]
    [MemberData(nameof(EmulatedCase.All), MemberType = typeof(EmulatedCase))]
    public void BlocksAreUnpackedAndPacked(string format, KernelTarget target)
    {
        KernelCase test = EmulatedCase.Of(format, target);
        PackingTests.VerifyCodes(test);
        PackingTests.VerifyBlocks(test);
    }

    [Theory]
    [MemberData(nameof(EmulatedCase.All), MemberType = typeof(EmulatedCase))]
    public void RowsDecodeBitForBit(string format, KernelTarget target)
    {
        KernelCase test = EmulatedCase.Of(format, target);
        DequantizeTests.VerifyRows(test);
        DequantizeTests.VerifySpecialParameters(test);
    }

    [Theory]
    [MemberData(nameof(EmulatedCase.All), MemberType = typeof(EmulatedCase))]
    public void EncodedRowsEqualTheScalarOnes(string format, KernelTarget target)
    {
        KernelCase test = EmulatedCase.Of(format, target);
        QuantizeTests.Verify(test);
        QuantizeTests.VerifySpecialWeights(test);
    }

    [Theory]
    [MemberData(nameof(EmulatedCase.All), MemberType = typeof(EmulatedCase))]
    public void DotsAreWithinTheBound(string format, KernelTarget target)
    {
        KernelCase test = EmulatedCase.Of(format, target);
        DotTests.VerifyFloat32(test);
        DotTests.VerifyInt8(test);
    }

    [Theory]
    [MemberData(nameof(EmulatedCase.All), MemberType = typeof(EmulatedCase))]
    public void PanelsDecodeBitForBit(string format, KernelTarget target) => PanelTests.VerifyDecoding(EmulatedCase.Of(format, target));

    [Theory]
    [MemberData(nameof(EmulatedCase.All), MemberType = typeof(EmulatedCase))]
    public void PanelProductsAreWithinTheBound(string format, KernelTarget target)
    {
        KernelCase test = EmulatedCase.Of(format, target);
        PanelTests.VerifyProducts(test);
        PanelTests.VerifyFloat32Tiles(test);
        PanelTests.VerifyFloat32Gemv(test);
    }

    [Theory]
    [MemberData(nameof(EmulatedCase.All), MemberType = typeof(EmulatedCase))]
    public void IntegerSumsAreExact(string format, KernelTarget target)
    {
        KernelCase test = EmulatedCase.Of(format, target);
        ExactnessTests.VerifyExtremes(test);
        ExactnessTests.VerifyWholeProducts(test);
    }

    [Theory]
    [MemberData(nameof(EmulatedCase.WithActivations), MemberType = typeof(EmulatedCase))]
    public void DeclaredActivationsAreWithinTheBound(string format, KernelTarget target) => ActivationFormatTests.VerifyProducts(EmulatedCase.Of(format, target));

    [Theory]
    [MemberData(nameof(EmulatedCase.All), MemberType = typeof(EmulatedCase))]
    public void WholeProductsAreWithinTheBound(string format, KernelTarget target) => MultiplyTests.VerifyShapes(EmulatedCase.Of(format, target));
}

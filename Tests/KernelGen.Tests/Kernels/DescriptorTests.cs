using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;
using KernelGen.Tests.Oracle;
using Xunit;

namespace KernelGen.Tests.Kernels;

/// <summary>What generated descriptors say of a format, against its declaration.</summary>
public class DescriptorTests
{
    [Fact]
    public void TheCatalogueListsEveryDeclarationOnce() => Assert.Equal(
        DeclaredFormats.All.Keys.Order(StringComparer.Ordinal),
        KernelCase.Declared.Select(f => f.FullName).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(KernelCase.Formats), MemberType = typeof(KernelCase))]
    public void SizesAreThoseOfTheDeclaration(string format)
    {
        KernelCase test = KernelCase.Of(format, KernelTarget.Scalar);
        FormatDescriptor descriptor = test.Descriptor;
        FormatSpec spec = test.Oracle.Spec;
        Assert.Equal(spec.Type.Name, descriptor.Name);
        Assert.Equal(spec.Block.Inputs, descriptor.BlockInputs);
        Assert.Equal(spec.Block.Bytes, descriptor.BlockBytes);
        Assert.Equal(test.Oracle.StoredBits, descriptor.CodeBits);
        Assert.Equal(test.Oracle.StoredCodes, descriptor.CodesPerBlock);
        Assert.Equal(spec.Block.Ragged.ToString(), descriptor.Ragged.ToString());
        Assert.Equal(test.Oracle.ParametersPerBlock, descriptor.ParametersPerBlock);
        Assert.Equal(test.Oracle.RowSideBytes, descriptor.RowSideBytes);
        Assert.Equal(test.Oracle.TensorSideBytes, descriptor.TensorSideBytes);
        Assert.Equal(spec.Parameters.Select(p => p.Name), descriptor.Parameters.Select(p => p.Name));
        Assert.Equal(spec.Parameters.Select(p => p.Role.ToString().ToLowerInvariant()), descriptor.Parameters.Select(p => p.Role));
        Assert.Equal(Enumerable.Range(0, spec.Parameters.Count).Select(test.Oracle.Entries), descriptor.Parameters.Select(p => p.EntriesPerBlock));
        foreach (int inputs in test.Lengths())
        {
            Assert.Equal(test.Oracle.RowBytes(inputs), descriptor.RowBytes(inputs));
            Assert.Equal(test.Oracle.MatrixSideBytes(inputs), descriptor.MatrixSideBytes(inputs));
        }

        Assert.Equal(descriptor.Kernels.Select(k => k.Target).Order(), descriptor.Kernels.Select(k => k.Target));
        Assert.Contains(KernelTarget.Scalar, descriptor.Kernels.Select(k => k.Target));
    }

    /// <summary>
    /// Half the widest gap between neighbouring code values, or a whole one where the encoder's rule leaves the largest weight one
    /// step outside the range (SignedMax) or cuts, or nothing.
    /// </summary>
    [Theory]
    [MemberData(nameof(KernelCase.Formats), MemberType = typeof(KernelCase))]
    public void TheErrorBoundIsHalfTheWidestGap(string format)
    {
        KernelCase test = KernelCase.Of(format, KernelTarget.Scalar);
        if (test.Descriptor.MaxCodeError is not double bound)
        {
            return;
        }

        double[] values = [.. Enumerable.Range(0, test.Oracle.ElementCount).Select(q => (double)CodeDecoder.Value(test.Oracle.Spec, (uint)q)).Where(double.IsFinite).Distinct().Order()];
        double widest = values.Zip(values.Skip(1), (low, high) => high - low).Max();
        bool whole = (test.Oracle.Spec.Encode.Range == EncodeRange.SignedMax || test.Oracle.Spec.Encode.Rounding == EncodeRounding.TowardZero) && test.Oracle.Spec.Codebook is null;
        Assert.Equal(whole ? widest : widest / 2, bound, 1e-6);
    }

    [Fact]
    public void LayoutHashesTellLayoutsApart()
    {
        foreach (IGrouping<ulong, FormatDescriptor> same in KernelCase.Declared.GroupBy(f => f.LayoutHash))
        {
            FormatSpec[] specs = [.. same.Select(f => DeclaredFormats.All[f.FullName])];
            Assert.All(specs, spec => Assert.True(
                spec.Codes == specs[0].Codes && spec.Block == specs[0].Block && Equals(spec.Codebook?.ValueBits, specs[0].Codebook?.ValueBits) && spec.Slices.Equals(specs[0].Slices),
                $"{spec.Type.Name} and {specs[0].Type.Name} have one hash and two layouts"));
        }
    }
}

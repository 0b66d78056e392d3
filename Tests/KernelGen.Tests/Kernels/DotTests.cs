using System;
using System.Linq;
using KernelGen.Tests.Memory;
using KernelGen.Tests.Oracle;
using Xunit;

namespace KernelGen.Tests.Kernels;

/// <summary>Dot products of stored rows against the oracle's, within the derived bounds.</summary>
public unsafe class DotTests
{
    [Theory]
    [MemberData(nameof(KernelCase.All), MemberType = typeof(KernelCase))]
    public void Float32DotsAreWithinTheBound(string format, KernelTarget target) =>
        VerifyFloat32(KernelCase.Of(format, target));

    /// <summary>Fails where an f32 dot product is outside the bound.</summary>
    internal static void VerifyFloat32(KernelCase test)
    {
        Random random = new(7);
        foreach (int inputs in test.Lengths())
        {
            StoredRows stored = StoredRows.OfModerateScales(test.Oracle, 1, inputs, random);
            float[] x = TestInputs.Normal(inputs, random);
            OracleProduct expected = OracleProduct.Float32(stored.Decode(0), x);
            float actual = DotFloat32(test, stored, x);
            if (!expected.Admits(actual))
            {
                Assert.Fail($"K = {inputs}: {actual:R}, expected {expected}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelCase.All), MemberType = typeof(KernelCase))]
    public void Int8DotsAreWithinTheBound(string format, KernelTarget target) =>
        VerifyInt8(KernelCase.Of(format, target));

    /// <summary>Fails where an int8 dot product is outside the bound.</summary>
    internal static void VerifyInt8(KernelCase test)
    {
        if (!test.Descriptor.HasInt8Kernels)
        {
            return;
        }

        Random random = new(8);
        foreach (int inputs in test.Lengths())
        {
            StoredRows stored = StoredRows.OfModerateScales(test.Oracle, 1, inputs, random);
            float[] x = TestInputs.Normal(inputs, random);
            OracleActivations quantized = OracleActivations.Quantize(test.Descriptor.Activations, x);
            OracleProduct expected = OracleProduct.Int8(stored.Decode(0), test.Descriptor.Activations, quantized, test.Levels, test.Descriptor.Int8TableError);
            float actual = DotInt8(test, stored, quantized);
            if (!expected.Admits(actual))
            {
                Assert.Fail($"K = {inputs}: {actual:R}, expected {expected}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelCase.Formats), MemberType = typeof(KernelCase))]
    public void ActivationsArePackedAsTheLayoutSays(string format)
    {
        KernelCase test = KernelCase.Of(format, KernelTarget.Scalar);
        ActivationLayout layout = test.Descriptor.Activations;
        Random random = new(9);
        foreach (int inputs in test.Lengths().Where((_, i) => i % 5 == 0).Append(test.Longest))
        {
            for (int mr = 1; mr <= 6; mr++)
            {
                float[][] rows = [.. Enumerable.Range(0, mr).Select(m => TestInputs.Normal(inputs, random, m == 1 ? 1e-3f : 1))];
                rows[^1].AsSpan(0, inputs / 2).Clear();
                byte[] expected = OracleActivations.Pack(layout, [.. rows.Select(x => OracleActivations.Quantize(layout, x))], inputs);
                using GuardedMemory source = GuardedMemory.Of<float>(rows.SelectMany(x => x).ToArray());
                using GuardedMemory packed = GuardedMemory.BeforeGuard(expected.Length);
                ActivationPacker.PackInt8(layout, source.Floats, inputs, mr, mr, inputs, packed.Pointer);
                if (!packed.Bytes.SequenceEqual(expected))
                {
                    Assert.Fail($"K = {inputs}, {mr} rows");
                }
            }
        }
    }

    internal static float DotFloat32(KernelCase test, StoredRows stored, float[] x)
    {
        using GuardedMemory blocks = GuardedMemory.Of(stored.Row(0));
        using GuardedMemory rowSide = GuardedMemory.Of(stored.RowSide(0));
        using GuardedMemory tensorSide = GuardedMemory.Of<byte>(stored.TensorSide);
        using GuardedMemory activations = GuardedMemory.Of<float>(x);
        return test.Kernels.DotFloat32(blocks.Pointer, rowSide.Pointer, tensorSide.Pointer, stored.Inputs, activations.Floats);
    }

    internal static float DotInt8(KernelCase test, StoredRows stored, OracleActivations x)
    {
        using GuardedMemory blocks = GuardedMemory.Of(stored.Row(0));
        using GuardedMemory rowSide = GuardedMemory.Of(stored.RowSide(0));
        using GuardedMemory tensorSide = GuardedMemory.Of<byte>(stored.TensorSide);
        using GuardedMemory activations = GuardedMemory.Of<byte>(OracleActivations.Pack(test.Descriptor.Activations, [x], stored.Inputs));
        return test.Kernels.DotInt8(blocks.Pointer, rowSide.Pointer, tensorSide.Pointer, stored.Inputs, activations.Pointer);
    }
}

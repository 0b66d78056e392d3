using System;
using System.Linq;
using KernelGen.Generator.Model;
using KernelGen.Tests.Memory;
using KernelGen.Tests.Oracle;
using Xunit;

namespace KernelGen.Tests.Kernels;

/// <summary>The encoders: what they write, how far what they wrote is from the weights, and that all targets write the same.</summary>
public unsafe class QuantizeTests
{
    [Theory]
    [MemberData(nameof(KernelCase.All), MemberType = typeof(KernelCase))]
    public void EncodedRowsDecodeWithinTheDeclaredError(string format, KernelTarget target) =>
        Verify(KernelCase.Of(format, target));

    /// <summary>Fails where encoded rows decode to something far from the weights, or differ from the scalar kernels' bytes.</summary>
    internal static void Verify(KernelCase test)
    {
        if (!test.Descriptor.HasEncoder)
        {
            return;
        }

        Random random = new(6);
        foreach (int inputs in test.Lengths().Where((_, i) => i % 12 == 0).Append(test.Longest))
        {
            foreach ((string kind, float[] weights) in TestInputs.Weights(inputs, random))
            {
                (byte[] blocks, byte[] rowSide, byte[] tensorSide) = Quantize(test, test.Kernels, weights);
                (byte[] same, byte[] sameRow, byte[] sameTensor) = Quantize(test, test.Scalar, weights);
                if (!blocks.SequenceEqual(same) || !rowSide.SequenceEqual(sameRow) || !tensorSide.SequenceEqual(sameTensor))
                {
                    Assert.Fail($"{kind}, K = {inputs}: the bytes differ from those of the scalar kernels");
                }
                OracleRow decoded = test.Oracle.DecodeRow(blocks, rowSide, tensorSide, inputs);
                Assert.Equal(inputs, decoded.Inputs);
                if (kind.EndsWith("zero", StringComparison.Ordinal) && kind != "half zero" && CanBeZero(test))
                {
                    Assert.All(decoded.Weights, w => Assert.Equal(0, w));
                }

                Check(test, decoded, weights, $"{kind}, K = {inputs}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelCase.All), MemberType = typeof(KernelCase))]
    public void SpecialWeightsGiveTheScalarBytes(string format, KernelTarget target) =>
        VerifySpecialWeights(KernelCase.Of(format, target));

    /// <summary>Fails where weights that try the encoder's corners give other bytes than the scalar kernels'.</summary>
    internal static void VerifySpecialWeights(KernelCase test)
    {
        if (!test.Descriptor.HasEncoder)
        {
            return;
        }

        Random random = new(8);
        foreach (int inputs in test.Lengths().Where((_, i) => i % 20 == 3).Append(test.Longest))
        {
            foreach ((string kind, float[] weights) in TestInputs.SpecialWeights(inputs, random))
            {
                (byte[] blocks, byte[] rowSide, byte[] tensorSide) = Quantize(test, test.Kernels, weights);
                (byte[] same, byte[] sameRow, byte[] sameTensor) = Quantize(test, test.Scalar, weights);
                if (!blocks.SequenceEqual(same) || !rowSide.SequenceEqual(sameRow) || !tensorSide.SequenceEqual(sameTensor))
                {
                    Assert.Fail($"{kind}, K = {inputs}: the bytes differ from those of the scalar kernels");
                }
            }
        }
    }

    /// <summary>
    /// The declared bound: for a weight between the lowest and the highest value of its group, |decoded - weight| &lt;= c·|S| plus
    /// roundings. These are: of w / S and of the parameters' products, at most 8 of f32 relative to the terms; and, where codes are
    /// chosen against an unrounded scale or minimum, the rounding of the stored types: relative to the same terms, absolute where
    /// the parameters are denormal.
    /// </summary>
    private static void Check(KernelCase test, OracleRow decoded, float[] weights, string what)
    {
        if (test.Descriptor.MaxCodeError is not double bound)
        {
            return;
        }

        float[] values = [.. Enumerable.Range(0, test.Oracle.ElementCount).Select(q => CodeDecoder.Value(test.Oracle.Spec, (uint)q)).Where(float.IsFinite)];
        double low = values.Min();
        double high = values.Max();
        double stored = test.Oracle.Spec.Encode.UnroundedScale
            ? test.Oracle.Spec.Parameters.Select(p => Roundoff(p.Type)).DefaultIfEmpty(0).Max()
            : 0;
        double denormal = test.Oracle.Spec.Encode.UnroundedScale
            ? test.Oracle.Spec.Parameters.Select(p => HalfDenormal(p.Type)).DefaultIfEmpty(0).Max()
            : 0;
        for (int k = 0; k < weights.Length; k++)
        {
            double scale = decoded.Scales[k];
            double first = (scale * (low - decoded.Zeros[k])) + decoded.Mins[k];
            double last = (scale * (high - decoded.Zeros[k])) + decoded.Mins[k];
            if (weights[k] < Math.Min(first, last) || weights[k] > Math.Max(first, last))
            {
                continue;
            }

            double terms = (Math.Abs(scale) * (Math.Max(Math.Abs(low), Math.Abs(high)) + Math.Abs(decoded.Zeros[k]))) + Math.Abs(decoded.Mins[k]);
            double factors = Math.Max(Math.Abs(low), Math.Abs(high)) + Math.Abs(decoded.Zeros[k]) + 1;
            double allowed = (bound * Math.Abs(scale)) + (terms * ((8 * OracleProduct.Roundoff) + stored)) + (denormal * factors) + float.Epsilon;
            if (Math.Abs((double)decoded.Weights[k] - weights[k]) > allowed)
            {
                Assert.Fail($"{what}, input {k}: {weights[k]:R} became {decoded.Weights[k]:R}, off by more than {allowed:R} (scale {scale:R}, zero {decoded.Zeros[k]:R}, min {decoded.Mins[k]:R}).");
            }
        }
    }

    /// <summary>Whether the format can represent zero: by a code, by a scale of 0, or by a zero point or minimum that cancels.</summary>
    private static bool CanBeZero(KernelCase test) =>
        test.Oracle.Spec.Codes.Float is not null
        || Enumerable.Range(0, test.Oracle.ElementCount).Any(q => CodeDecoder.Value(test.Oracle.Spec, (uint)q) == 0)
        || test.Oracle.Spec.Parameters.Any(p => p.Role != ParameterRole.Scale
            || (test.Oracle.Spec.Encode.MinScale == 0
                && test.Oracle.Spec.Encode.Range is not (EncodeRange.ExponentCeiling or EncodeRange.ExponentFloor or EncodeRange.ExponentReciprocal)
                && Enumerable.Range(0, 1 << Math.Min(p.Type.Bits, 8)).Any(bits => CodeDecoder.Number(p, (uint)bits) == 0)));

    private static double Roundoff(StoredType type) => type.Class switch
    {
        StoredClass.Float32 => OracleProduct.Roundoff,
        StoredClass.Float16 => 1.0 / 2048,
        StoredClass.BFloat16 => 1.0 / 256,
        _ => 0,
    };

    /// <summary>Half the distance of the smallest numbers of a type, where rounding is absolute.</summary>
    private static double HalfDenormal(StoredType type) => type.Class == StoredClass.Float16 ? Math.ScaleB(1, -25) : 0;

    private static (byte[] Blocks, byte[] RowSide, byte[] TensorSide) Quantize(KernelCase test, KernelSet kernels, float[] weights)
    {
        using GuardedMemory x = GuardedMemory.Of<float>(weights);
        using GuardedMemory blocks = GuardedMemory.BeforeGuard(test.Descriptor.RowBytes(weights.Length));
        using GuardedMemory rowSide = GuardedMemory.BeforeGuard(test.Descriptor.RowSideBytes);
        using GuardedMemory tensorSide = GuardedMemory.BeforeGuard(test.Descriptor.TensorSideBytes);
        blocks.Bytes.Fill(0xAA);
        rowSide.Bytes.Fill(0xAA);
        if (kernels.QuantizeTensor != null)
        {
            kernels.QuantizeTensor(x.Floats, weights.Length, 1, weights.Length, tensorSide.Pointer);
        }

        kernels.QuantizeRow(x.Floats, weights.Length, blocks.Pointer, rowSide.Pointer, tensorSide.Pointer);
        return (blocks.Bytes.ToArray(), rowSide.Bytes.ToArray(), tensorSide.Bytes.ToArray());
    }
}

using System;
using System.Linq;
using KernelGen.Tests.Memory;
using KernelGen.Tests.Oracle;
using Xunit;

namespace KernelGen.Tests.Kernels;

/// <summary>DequantizeRow bit for bit against the oracle, hence equal on all targets.</summary>
public unsafe class DequantizeTests
{
    [Theory]
    [MemberData(nameof(KernelCase.All), MemberType = typeof(KernelCase))]
    public void AnyBytesDecodeBitForBitAtEveryLength(string format, KernelTarget target) =>
        VerifyRows(KernelCase.Of(format, target));

    /// <summary>Fails where a row decodes otherwise than by the oracle.</summary>
    internal static void VerifyRows(KernelCase test)
    {
        StoredRows stored = StoredRows.OfRandomBits(test.Oracle, 1, test.Longest, new Random(4));
        OracleRow expected = stored.Decode(0);
        foreach (int inputs in test.Lengths())
        {
            int bytes = (int)test.Oracle.RowBytes(inputs);
            Compare(test, stored.Blocks.AsSpan(0, bytes), stored, expected, inputs);
        }
    }

    [Theory]
    [MemberData(nameof(KernelCase.All), MemberType = typeof(KernelCase))]
    public void SpecialParametersDecodeBitForBit(string format, KernelTarget target) =>
        VerifySpecialParameters(KernelCase.Of(format, target));

    /// <summary>Fails where special values of parameters decode otherwise than by the oracle.</summary>
    internal static void VerifySpecialParameters(KernelCase test)
    {
        Random random = new(5);
        int inputs = 2 * test.Oracle.BlockInputs;
        int rounds = test.Oracle.Spec.Parameters.Select(p => ParameterBits.Special(p.Type).Count).DefaultIfEmpty(1).Max();
        for (int round = 0; round < 4 * rounds; round++)
        {
            // The first rounds give every level its special values in turn, the later ones mix them.
            StoredRows stored = StoredRows.Fill(
                test.Oracle,
                1,
                inputs,
                () => (uint)random.NextInt64(test.Oracle.CodeCount),
                p => ParameterBits.Special(p.Type) is var special && round < rounds
                    ? special[round % special.Count]
                    : special[random.Next(special.Count)]);
            Compare(test, stored.Blocks, stored, stored.Decode(0), inputs);
        }
    }

    private static void Compare(KernelCase test, ReadOnlySpan<byte> row, StoredRows stored, OracleRow expected, int inputs)
    {
        using GuardedMemory blocks = GuardedMemory.Of(row);
        using GuardedMemory rowSide = GuardedMemory.Of<byte>(stored.RowSides);
        using GuardedMemory tensorSide = GuardedMemory.Of<byte>(stored.TensorSide);
        using GuardedMemory y = GuardedMemory.BeforeGuard(4L * inputs);
        using GuardedMemory shifted = GuardedMemory.AfterGuard((4L * inputs) + 4);
        test.Kernels.DequantizeRow(blocks.Pointer, rowSide.Pointer, tensorSide.Pointer, inputs, y.Floats);
        test.Kernels.DequantizeRow(blocks.Pointer, rowSide.Pointer, tensorSide.Pointer, inputs, shifted.Floats + 1);
        for (int k = 0; k < inputs; k++)
        {
            if (!SameBits(expected.Weights[k], y.Floats[k]) || !SameBits(y.Floats[k], shifted.Floats[k + 1]))
            {
                Assert.Fail($"K = {inputs}, input {k}: {expected.Weights[k]:R} expected, {y.Floats[k]:R} and {shifted.Floats[k + 1]:R} decoded "
                    + $"(value {expected.Values[k]:R}, zero {expected.Zeros[k]:R}, scale {expected.Scales[k]:R}, min {expected.Mins[k]:R}).");
            }
        }
    }

    private static bool SameBits(float expected, float actual) =>
        BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(actual) || (float.IsNaN(expected) && float.IsNaN(actual));
}

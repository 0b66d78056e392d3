using System;
using System.Linq;
using KernelGen.Tests.Memory;
using Xunit;

namespace KernelGen.Tests.Kernels;

/// <summary>UnpackBlock and PackBlock against the oracle.</summary>
public unsafe class PackingTests
{
    [Theory]
    [MemberData(nameof(KernelCase.All), MemberType = typeof(KernelCase))]
    public void EveryCodeIsPackedWhereTheDeclarationSays(string format, KernelTarget target) =>
        VerifyCodes(KernelCase.Of(format, target));

    /// <summary>Fails where a code is packed elsewhere than by the oracle.</summary>
    internal static void VerifyCodes(KernelCase test)
    {
        Random random = new(2);
        int count = test.Oracle.StoredCodes;
        for (int shift = 0; shift < Math.Clamp(test.Oracle.CodeCount / count, Math.Max(2, 256 / count), 512); shift++)
        {
            uint[] codes = [.. Enumerable.Range(0, count).Select(i => (uint)((i + (shift * count)) % test.Oracle.CodeCount))];
            uint[] parameters = RandomParameters(test, random);
            byte[] expected = test.Oracle.PackBlock(codes, parameters);

            Assert.Equal(expected, Pack(test, test.CodeArray(codes), parameters));
            (byte[] backCodes, uint[] backParameters) = Unpack(test, expected);
            Assert.Equal(test.CodeArray(codes), backCodes);
            Assert.Equal(parameters, backParameters);
        }
    }

    [Theory]
    [MemberData(nameof(KernelCase.All), MemberType = typeof(KernelCase))]
    public void AnyBytesUnpackAsTheDeclarationSaysAndPackBack(string format, KernelTarget target) =>
        VerifyBlocks(KernelCase.Of(format, target));

    /// <summary>Fails where a block is unpacked or packed otherwise than by the oracle.</summary>
    internal static void VerifyBlocks(KernelCase test)
    {
        Random random = new(3);
        byte[] block = new byte[test.Oracle.BlockBytes];
        int[] use = test.Oracle.BitUse();
        for (int round = 0; round < 16; round++)
        {
            random.NextBytes(block);

            // Bits that only round a field up to a byte are written as 0.
            for (int bit = 0; bit < use.Length; bit++)
            {
                block[bit / 8] = use[bit] == 0 ? (byte)(block[bit / 8] & ~(1 << (bit % 8))) : block[bit / 8];
            }

            (byte[] codes, uint[] parameters) = Unpack(test, block);
            (uint[] expectedCodes, uint[] expectedParameters) = test.Oracle.UnpackBlock(block);
            Assert.Equal(test.CodeArray(expectedCodes), codes);
            Assert.Equal(expectedParameters, parameters);
            Assert.Equal(block, Pack(test, codes, parameters));
        }
    }

    private static uint[] RandomParameters(KernelCase test, Random random)
    {
        uint[] parameters = new uint[test.Oracle.ParametersPerBlock];
        for (int p = 0, at = 0; p < test.Oracle.Spec.Parameters.Count; p++)
        {
            for (int count = test.Oracle.Entries(p); count > 0; count--)
            {
                parameters[at++] = ParameterBits.Any(test.Oracle.Spec.Parameters[p], random);
            }
        }

        return parameters;
    }

    private static byte[] Pack(KernelCase test, byte[] codes, uint[] parameters)
    {
        using GuardedMemory source = GuardedMemory.Of<byte>(codes);
        using GuardedMemory numbers = GuardedMemory.Of<uint>(parameters);
        using GuardedMemory before = GuardedMemory.BeforeGuard(test.Oracle.BlockBytes);
        using GuardedMemory after = GuardedMemory.AfterGuard(test.Oracle.BlockBytes);
        before.Bytes.Fill(0xAA);
        after.Bytes.Fill(0x55);
        test.Kernels.PackBlock(source.Pointer, (uint*)numbers.Pointer, before.Pointer);
        test.Kernels.PackBlock(source.Pointer, (uint*)numbers.Pointer, after.Pointer);
        Assert.True(before.Bytes.SequenceEqual(after.Bytes), "what is packed depends on what was there");
        return before.Bytes.ToArray();
    }

    private static (byte[] Codes, uint[] Parameters) Unpack(KernelCase test, byte[] block)
    {
        using GuardedMemory source = GuardedMemory.Of<byte>(block);
        using GuardedMemory codes = GuardedMemory.BeforeGuard((long)test.Oracle.StoredCodes * test.Descriptor.CodeBytes);
        using GuardedMemory parameters = GuardedMemory.BeforeGuard(4L * test.Oracle.ParametersPerBlock);
        test.Kernels.UnpackBlock(source.Pointer, codes.Pointer, (uint*)parameters.Pointer);
        return (codes.Bytes.ToArray(), System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(parameters.Bytes).ToArray());
    }
}

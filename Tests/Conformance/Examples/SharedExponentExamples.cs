using System.Collections.Generic;
using System.Linq;
using KernelGen.Conformance.Twins;

namespace KernelGen.Conformance.Examples;

/// <summary>Codes under a shared power of two.</summary>
internal static class SharedExponentExamples
{
    private const int Bias = 127;

    public static void Bfp4(Example example, Comparison comparison) => Bfp<Bfp4Block16>(example, comparison, 3);

    public static void Bfp6(Example example, Comparison comparison) => Bfp<Bfp6Block16>(example, comparison, 5);

    public static void MxInt8(Example example, Comparison comparison) =>
        Mx<MxInt8>(example, comparison, Code.Signed(example.Integers("codes"), 8));

    public static void MxFp4(Example example, Comparison comparison) =>
        Mx<MxFp4>(example, comparison, example.Integers("codes"));

    public static void MxFp6E2M3(Example example, Comparison comparison) =>
        Mx<MxFp6E2M3>(example, comparison, example.Integers("codes"));

    public static void MxFp6E3M2(Example example, Comparison comparison) =>
        Mx<MxFp6E3M2>(example, comparison, example.Integers("codes"));

    public static void MxFp8E4M3(Example example, Comparison comparison) =>
        Mx<MxFp8E4M3>(example, comparison, example.Integers("codes"));

    public static void MxFp8E5M2(Example example, Comparison comparison) =>
        Mx<MxFp8E5M2>(example, comparison, example.Integers("codes"));

    public static void Anda4(Example example, Comparison comparison) => Bfp<Anda4>(example, comparison, 4);

    public static void Anda6(Example example, Comparison comparison) => Bfp<Anda6>(example, comparison, 6);

    public static void BlockLog(Example example, Comparison comparison) => SharedBias<BlockLog4>(
        example, comparison, Code.WithSign(example.Integers("codes", "sign"), example.Integers("codes", "exp_field"), 3));

    public static void BlockMiniFloatAligned(Example example, Comparison comparison) =>
        SharedBias<BlockMiniFloatAligned>(example, comparison, example.Integers("codes"));

    public static void BlockMiniFloatReference(Example example, Comparison comparison) =>
        SharedBias<BlockMiniFloatReference>(example, comparison, example.Integers("codes"));

    private static void Bfp<TFormat>(Example example, Comparison comparison, int magnitudeBits)
        where TFormat : struct, IQuantFormat<TFormat>
    {
        Twin twin = Twin.Encode<TFormat>(example.Numbers("input"), 1);
        comparison.Codes(
            Code.WithSign(example.Integers("codes", "sign"), example.Integers("codes", "mantissa"), magnitudeBits), twin.Codes);
        comparison.Codes(example.Integers("params", "shared_exponent").Select(e => e + Bias), twin.Bits("scale"));
        Decoded(example, comparison, twin);
    }

    private static void Mx<TFormat>(Example example, Comparison comparison, IEnumerable<long> codes)
        where TFormat : struct, IQuantFormat<TFormat>
    {
        Twin twin = Twin.Encode<TFormat>(example.Numbers("input"), 1);
        comparison.Codes(codes, twin.Codes);
        comparison.Codes(example.Integers("params", "e8m0"), twin.Bits("scale"));
        Decoded(example, comparison, twin);
    }

    private static void SharedBias<TFormat>(Example example, Comparison comparison, IEnumerable<long> codes)
        where TFormat : struct, IQuantFormat<TFormat>
    {
        Twin twin = Twin.Encode<TFormat>(example.Numbers("input"), 1);
        comparison.Codes(codes, twin.Codes);
        comparison.Codes(example.Integers("params", "shared_bias"), twin.Bits("scale"));
        Decoded(example, comparison, twin);
    }

    private static void Decoded(Example example, Comparison comparison, Twin twin)
    {
        comparison.Values(example.Numbers("decoded"), twin.Decoded);
        comparison.Add(twin.Disagreements);
    }
}

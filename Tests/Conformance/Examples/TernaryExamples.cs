using System;
using System.Linq;
using KernelGen.Conformance.Twins;

namespace KernelGen.Conformance.Examples;

/// <summary>Trits and signs.</summary>
internal static class TernaryExamples
{
    private static readonly byte[] s_one = BitConverter.GetBytes(1f);

    public static void BitNet(Example example, Comparison comparison)
    {
        Twin twin = Twin.Encode<BitNet>(example.Numbers("input"), example.Shape("input").Rows);
        comparison.Codes(Code.Trits(example.Integers("codes")), twin.Codes);
        comparison.Values(example.Numbers("params", "scale"), twin.Floats("scale"));
        Decoded(example, comparison, twin);
    }

    public static void BitNetDecode(Example example, Comparison comparison)
    {
        long[] codes = [.. Code.Trits(example.Integers("codes"))];
        Twin twin = Twin.Pack<BitNet>(
            codes, example.Shape("codes").Rows, tensorSide: Code.SideSingles([example.Number("params", "scale")]));
        comparison.Codes(codes, twin.Codes);
        Decoded(example, comparison, twin);
    }

    /// <summary>The example's input are the stored codes, its codes the bytes.</summary>
    public static void I2S(Example example, Comparison comparison)
    {
        long[] codes = example.Integers("input");
        Twin twin = Twin.Pack<I2S>(codes, 1, tensorSide: s_one);
        comparison.Codes(example.Integers("codes"), twin.Bytes);
        comparison.Codes(codes, twin.Codes);
        Decoded(example, comparison, twin);
    }

    /// <summary>The indices of T-MAC's tables are the nibbles of the bit planes; the product is that of the codes.</summary>
    public static void TMac(Example example, Comparison comparison)
    {
        long[] codes = example.Integers("input", "q");
        Twin twin = Twin.Pack<TMac>(codes, 1, tensorSide: s_one);
        comparison.Codes(example.Integers("codes"), twin.Bytes.SelectMany(b => new[] { b & 15, b >> 4 }));
        comparison.Codes(codes, twin.Codes);
        comparison.Values(example.Numbers("decoded"), twin.Multiply(example.Floats("input", "x")));
        comparison.Add(twin.Disagreements);
    }

    public static void SignsWithMean(Example example, Comparison comparison)
    {
        long[] codes = [.. Code.Signs(example.Integers("codes"))];
        byte[] sides = Code.SideSingles(example.Numbers("params", "scale"), example.Numbers("params", "mean"));
        Twin twin = Twin.Pack<SignsWithMean>(codes, example.Shape("codes").Rows, rowSides: sides);
        comparison.Codes(codes, twin.Codes);
        Decoded(example, comparison, twin);
    }

    private static void Decoded(Example example, Comparison comparison, Twin twin)
    {
        comparison.Values(example.Numbers("decoded"), twin.Decoded);
        comparison.Add(twin.Disagreements);
    }
}

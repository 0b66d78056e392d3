using System;
using System.Linq;
using KernelGen.Conformance.Twins;

namespace KernelGen.Conformance.Examples;

/// <summary>Trits and signs.</summary>
internal static class TernaryExamples
{
    private static readonly byte[] s_one = BitConverter.GetBytes(1f);

    public static void BitNet(Example example, Comparison comparison) => Trits<BitNet>(example, comparison);

    public static void BitNetMedian(Example example, Comparison comparison) => Trits<BitNetMedian>(example, comparison);

    private static void Trits<TFormat>(Example example, Comparison comparison)
        where TFormat : struct, IQuantFormat<TFormat>
    {
        Twin twin = Twin.Encode<TFormat>(example.Numbers("input"), example.Shape("input").Rows);
        comparison.Codes(Code.Trits(example.Integers("codes")), twin.Codes);
        comparison.Values(example.Numbers("params", "scale"), twin.Floats("scale"));
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

    public static void SignsWithMean(Example example, Comparison comparison) => Signs<SignsWithMean>(example, comparison);

    public static void SignsFitted(Example example, Comparison comparison) => Signs<SignsFitted>(example, comparison);

    /// <summary>Three packings of the same trits; the blocks are completed with zeros.</summary>
    public static void Packings(Example example, Comparison comparison)
    {
        long[] trits = [.. Code.Trits(example.Integers("input"))];
        Packed<TwoBitTrits>(comparison, example, trits, example.Integers("codes", "two_bit"));
        Packed<TrinaryPairs>(comparison, example, trits, example.Integers("codes", "tl1"));
        Packed<TrinaryBytes>(comparison, example, trits, example.Integers("codes", "base3"));
        (long[] indexes, long[] signs) = example.Pairs("index", "sign", "codes", "tl2");
        Packed<TrinaryTriples>(comparison, example, trits, [.. Code.WithSign(signs, indexes, 4)]);
    }

    private static void Packed<TFormat>(Comparison comparison, Example example, long[] trits, long[] words)
        where TFormat : struct, IQuantFormat<TFormat>
    {
        Twin twin = Twin.Encode<TFormat>(example.Numbers("input"), 1);
        comparison.Codes(words, twin.Words.Take(words.Length));
        comparison.Codes(trits, twin.Decoded.Select(value => (long)value + 1));
        Decoded(example, comparison, twin);
    }

    private static void Signs<TFormat>(Example example, Comparison comparison)
        where TFormat : struct, IQuantFormat<TFormat>
    {
        double[] input = example.Numbers("input");
        Twin twin = Twin.Encode<TFormat>(input, example.Shape("input").Rows);
        comparison.Codes(Code.Signs(example.Integers("codes")), twin.Codes);
        comparison.Values(example.Numbers("params", "mean"), twin.Floats("min"), input.Max(Math.Abs));
        comparison.Values(example.Numbers("params", "scale"), twin.Floats("scale"));

        // A decoded value is a scale and a mean, which may cancel.
        comparison.Values(example.Numbers("decoded"), twin.Decoded, input.Max(Math.Abs));
        comparison.Add(twin.Disagreements);
    }

    private static void Decoded(Example example, Comparison comparison, Twin twin)
    {
        comparison.Values(example.Numbers("decoded"), twin.Decoded);
        comparison.Add(twin.Disagreements);
    }
}

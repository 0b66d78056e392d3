using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Conformance.Twins;

namespace KernelGen.Conformance.Examples;

/// <summary>Orders in which codes are packed; the example's input are the codes.</summary>
internal static class PackingExamples
{
    public static void FourBit(Example example, Comparison comparison)
    {
        Packed<NibblesLowFirst>(example, comparison, Words(example.Integers("codes", "gptq_word")));
        Packed<NibblesAwq>(example, comparison, Words(example.Integers("codes", "awq_word")));
        Packed<NibblesHighFirst>(example, comparison, example.Integers("codes", "bnb_bytes"));
        Packed<NibblesLowFirst>(example, comparison, example.Integers("codes", "low_first_bytes"));
    }

    /// <summary>The stream fills its words; the other two orders leave two bits of each, and complete the last block.</summary>
    public static void ThreeBit(Example example, Comparison comparison)
    {
        Packed<ThreeBitStream>(example, comparison, Words(example.Integers("codes", "a_words")));
        Packed<ThreeBitWords>(example, comparison, Words(example.Integers("codes", "b_words")));
        Packed<ThreeBitStrided>(example, comparison, Words(example.Integers("codes", "c_words")));
    }

    /// <summary>Blocks of two zero points; a code 0 under a scale of 1 decodes to the zero point's negative.</summary>
    public static void GptqZeros(Example example, Comparison comparison)
    {
        Zeros<GptqZeroV1>(example, comparison, example.Integers("codes", "v1"));
        Zeros<GptqZeroV2>(example, comparison, example.Integers("codes", "v2"));
    }

    private static void Zeros<TFormat>(Example example, Comparison comparison, long[] stored)
        where TFormat : struct, IQuantFormat<TFormat>
    {
        uint one = BitConverter.SingleToUInt32Bits(1f);
        Twin twin = Twin.Pack<TFormat>(new long[4 * stored.Length], 1, [.. stored.Chunk(2).SelectMany(pair => (uint[])[one, .. pair.Select(zero => (uint)zero)])]);
        comparison.Codes(stored, twin.Bits("zero"));
        comparison.Values(example.Numbers("decoded"), [.. twin.Decoded.Where((_, k) => k % 4 == 0).Select(value => -value)]);
        comparison.Add(twin.Disagreements);
    }

    private static void Packed<TFormat>(Example example, Comparison comparison, IEnumerable<long> bytes)
        where TFormat : struct, IQuantFormat<TFormat>
    {
        long[] codes = example.Integers("input");
        Twin twin = Twin.Pack<TFormat>(codes, 1, tensorSide: BitConverter.GetBytes(1f));
        comparison.Codes(bytes, twin.Bytes);
        comparison.Codes(example.Integers("decoded"), twin.Codes);
        comparison.Values(example.Numbers("decoded"), twin.Decoded);
        comparison.Add(twin.Disagreements);
    }

    /// <summary>The bytes of 32-bit words, least significant first.</summary>
    private static IEnumerable<long> Words(long[] words) =>
        words.SelectMany(w => Enumerable.Range(0, 4).Select(i => (w >> (8 * i)) & 255));
}

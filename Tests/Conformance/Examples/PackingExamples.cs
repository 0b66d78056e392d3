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

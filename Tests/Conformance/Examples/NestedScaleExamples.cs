using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Conformance.Twins;
using KernelGen.Encoders;

namespace KernelGen.Conformance.Examples;

/// <summary>Scales that are quantized themselves.</summary>
internal static class NestedScaleExamples
{
    private const int Inputs = 16;

    public static void DoubleQuant(Example example, Comparison comparison) =>
        Check<DoubleQuant4>(example, comparison, "absmax_codes", "absmax_decoded", bits: 4, isHighFirst: true);

    public static void LqLora(Example example, Comparison comparison) =>
        Check<LqLora3>(example, comparison, "scale_codes", "scale_decoded", bits: 3, isHighFirst: false);

    private static void Check<TFormat>(Example example, Comparison comparison, string scaleCodes, string scales, int bits, bool isHighFirst)
        where TFormat : struct, IStructuredFormat<TFormat>
    {
        using StructureTwin twin = StructureTwin.Encode<TFormat>(new NestedScaleEncoder(), example);
        comparison.Values(example.Numbers("params", "offset"), twin.Numbers("offset"));
        comparison.Values(example.Numbers("params", "second_absmax"), twin.Numbers("nested"), 1);

        // A block is the code of its scale, then those of its weights.
        long[][] blocks = [.. twin.Bits("blocks").Chunk(1 + (Inputs * bits / 8))];
        comparison.Codes(example.Integers("params", scaleCodes), blocks.Select(static block => block[0]));
        comparison.Codes(example.Integers("codes"), blocks.SelectMany(block => Codes(block[1..], bits, isHighFirst)));

        // Every block has a weight of the largest magnitude, whose entry is 1 or -1: there the decoded scale shows.
        float[] decoded = twin.Decoded;
        comparison.Values(example.Numbers("params", scales), decoded.Chunk(Inputs).Select(static block => block.Max(MathF.Abs)));
        comparison.Values(example.Numbers("decoded"), decoded);
        comparison.Values(example.Numbers("decoded"), StructureExamples.Columns(twin, Inputs));
        comparison.Add(twin.Disagreements);
    }

    private static IEnumerable<long> Codes(long[] bytes, int bits, bool isHighFirst) => Enumerable.Range(0, bytes.Length * 8 / bits).Select(i =>
    {
        int at = isHighFirst ? (i / 2 * 8) + (4 - (i % 2 * 4)) : i * bits;
        long both = bytes[at / 8] | ((at / 8) + 1 < bytes.Length ? bytes[(at / 8) + 1] << 8 : 0);
        return (both >> (at % 8)) & ((1 << bits) - 1);
    });
}

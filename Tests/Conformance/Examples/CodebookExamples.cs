using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Conformance.Twins;

namespace KernelGen.Conformance.Examples;

/// <summary>Codes that index a table.</summary>
internal static class CodebookExamples
{
    public static void NF4(Example example, Comparison comparison)
    {
        Twin twin = Encoded<NF4Block16>(example, comparison, example.Integers("codes", "index"), "absmax");
        // A block is its f32 scale, then its codes.
        comparison.Codes(example.Integers("codes", "bytes_hi_first"), twin.Bytes.Chunk(4 + 8).SelectMany(static block => block[4..]));
    }

    public static void NF3(Example example, Comparison comparison) =>
        Encoded<NF3Block16>(example, comparison, example.Integers("codes"), "absmax");

    public static void NF2(Example example, Comparison comparison) =>
        Encoded<NF2Block16>(example, comparison, example.Integers("codes"), "absmax");

    /// <summary>Channels are columns there and rows here.</summary>
    public static void KvQuant(Example example, Comparison comparison)
    {
        Twin twin = Twin.Encode<KvQuantKey>(example.Transposed("input"), example.Shape("input").Columns);
        comparison.Codes(example.Transposed("codes").Select(c => (long)c), twin.Codes);
        comparison.Values(example.Numbers("params", "range"), twin.Floats("scale"));
        // An offset is the middle of two weights, a decoded value a product plus an offset: both may cancel.
        double largest = example.Transposed("input").Max(Math.Abs);
        comparison.Values(example.Numbers("params", "offset"), twin.Floats("min"), largest);
        comparison.Values(example.Transposed("decoded"), twin.Decoded, largest);
        comparison.Add(twin.Disagreements);
    }

    public static void BnbFp4(Example example, Comparison comparison) =>
        Encoded<BnbFp4>(example, comparison, example.Integers("codes"), "absmax");

    public static void FpqE2M1(Example example, Comparison comparison) => Fpq<FpqE2M1>(example, comparison);

    public static void FpqE1M2(Example example, Comparison comparison) => Fpq<FpqE1M2>(example, comparison);

    public static void FpqE3M0(Example example, Comparison comparison) => Fpq<FpqE3M0>(example, comparison);

    public static void Dynamic8(Example example, Comparison comparison) =>
        Encoded<Dynamic8>(example, comparison, example.Integers("codes"), "absmax");

    public static void Dynamic8Unsigned(Example example, Comparison comparison) =>
        Encoded<Dynamic8Unsigned>(example, comparison, example.Integers("codes"), "absmax");

    public static void Dynamic8Maps(Example example, Comparison comparison)
    {
        Stored<Dynamic8>(comparison, example.Integers("codes"), example.Numbers("decoded", "signed"), Code.Singles(1));
        Stored<Dynamic8Unsigned>(comparison, example.Integers("codes"), example.Numbers("decoded", "unsigned"), Code.Singles(1));
    }

    public static void DenseShift(Example example, Comparison comparison) => Encoded<DenseShift3>(
        example,
        comparison,
        Code.WithSign(example.Integers("codes", "sign"), example.Integers("codes", "p"), 2),
        "scale");

    /// <summary>The example's codes are the levels themselves.</summary>
    public static void Apot(Example example, Comparison comparison)
    {
        byte[] one = BitConverter.GetBytes(1f);
        Stored<Apot4>(comparison, Ascending(8), example.Numbers("codes", "apot4"), tensorSide: one);
        Stored<Apot5>(comparison, Ascending(16), example.Numbers("codes", "apot5"), tensorSide: one);
    }

    public static void Bebr(Example example, Comparison comparison)
    {
        Twin twin = Twin.Encode<Bebr>(example.Numbers("input"), 1);
        comparison.Codes(
            Code.WithSign([.. Code.Signs(example.Integers("codes", "r1"))], [.. Code.Signs(example.Integers("codes", "b0"))], 1),
            twin.Codes);
        comparison.Values(example.Numbers("decoded"), twin.Decoded);
        comparison.Add(twin.Disagreements);
    }

    public static void BitModFp3(Example example, Comparison comparison) => BitMod<BitModFp3>(example, comparison);

    public static void BitModFp4(Example example, Comparison comparison) => BitMod<BitModFp4>(example, comparison);

    public static void Adapter1(Example example, Comparison comparison) => Adapter<Adapter1>(example, comparison);

    public static void Adapter2(Example example, Comparison comparison) => Adapter<Adapter2>(example, comparison);

    public static void Dmf(Example example, Comparison comparison) => Fpq<Dmf8E4>(example, comparison);

    public static void MiniFloatE2M1(Example example, Comparison comparison) => Fpq<MiniFloatE2M1>(example, comparison);

    public static void MiniFloatE4M3(Example example, Comparison comparison) => Fpq<MiniFloatE4M3>(example, comparison);

    public static void Log4(Example example, Comparison comparison) => Unscaled<Log4>(
        example, comparison, Code.WithSign(example.Integers("codes", "sign"), example.Integers("codes", "exp_field"), 3));

    /// <summary>The stored scale is that of the levels: the mapped scale, squared, times 49.</summary>
    public static void PowerQuant(Example example, Comparison comparison)
    {
        double scale = 7 * example.Number("params", "scale");
        Stored<PowerQuant4>(
            comparison,
            Code.Signed(example.Integers("codes"), 4),
            example.Numbers("decoded"),
            Code.Singles(scale * scale));
    }

    private static void BitMod<TFormat>(Example example, Comparison comparison)
        where TFormat : struct, IQuantFormat<TFormat>
    {
        Twin twin = Encoded<TFormat>(example, comparison, example.Integers("codes", "index_in_sorted_table"), "scale");
        string[] tables = ["er_pos", "er_neg", "ea_pos", "ea_neg"];
        comparison.Codes(example.Texts("codes", "selector").Select(table => (long)Array.IndexOf(tables, table)), twin.Bits("selector"));
    }

    private static void Fpq<TFormat>(Example example, Comparison comparison)
        where TFormat : struct, IQuantFormat<TFormat> => Unscaled<TFormat>(example, comparison, example.Integers("codes"));

    private static void Unscaled<TFormat>(Example example, Comparison comparison, IEnumerable<long> codes)
        where TFormat : struct, IQuantFormat<TFormat>
    {
        Twin twin = Twin.Encode<TFormat>(example.Numbers("input"), 1);
        comparison.Codes(codes, twin.Codes);
        comparison.Values(example.Numbers("decoded"), twin.Decoded);
        comparison.Add(twin.Disagreements);
    }

    private static void Adapter<TFormat>(Example example, Comparison comparison)
        where TFormat : struct, IQuantFormat<TFormat>
    {
        double[] input = example.Numbers("input");
        Twin twin = Twin.Encode<TFormat>(input, 1);
        comparison.Codes(example.Integers("codes"), twin.Codes);
        // Rows are stored in whole blocks.
        long[] bytes = example.Integers("params", "byte_lsb_first");
        comparison.Codes(bytes, twin.Bytes.Take(bytes.Length));
        comparison.Values(example.Numbers("params", "mean"), twin.Floats("min"), input.Max(Math.Abs));
        comparison.Values(example.Numbers("params", "std"), twin.Floats("scale"));

        // A decoded value is a product and the mean, which may cancel.
        comparison.Values(example.Numbers("decoded"), twin.Decoded, input.Max(Math.Abs));
        comparison.Add(twin.Disagreements);
    }

    private static Twin Encoded<TFormat>(Example example, Comparison comparison, IEnumerable<long> codes, string scale)
        where TFormat : struct, IQuantFormat<TFormat>
    {
        Twin twin = Twin.Encode<TFormat>(example.Numbers("input"), 1);
        comparison.Codes(codes, twin.Codes);
        comparison.Values(example.Numbers("params", scale), twin.Floats("scale"));
        comparison.Values(example.Numbers("decoded"), twin.Decoded);
        comparison.Add(twin.Disagreements);
        return twin;
    }

    private static void Stored<TFormat>(
        Comparison comparison,
        IEnumerable<long> codes,
        double[] decoded,
        uint[]? parameters = null,
        byte[]? tensorSide = null)
        where TFormat : struct, IQuantFormat<TFormat>
    {
        long[] stored = [.. codes];
        Twin twin = Twin.Pack<TFormat>(stored, 1, parameters, tensorSide: tensorSide);
        comparison.Codes(stored, twin.Codes);
        comparison.Values(decoded, twin.Decoded);
        comparison.Add(twin.Disagreements);
    }

    private static IEnumerable<long> Ascending(int count) => Enumerable.Range(0, count).Select(i => (long)i);
}

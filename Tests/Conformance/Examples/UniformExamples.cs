using System;
using System.Linq;
using KernelGen.Conformance.Twins;

namespace KernelGen.Conformance.Examples;

/// <summary>Integer codes with scales, zero points and minima.</summary>
internal static class UniformExamples
{
    public static void Int4Asym(Example example, Comparison comparison) => Asymmetric<Int4AsymG16>(example, comparison);

    public static void Int2Asym(Example example, Comparison comparison) => Asymmetric<Int2AsymG16>(example, comparison);

    public static void Int4AllPositiveGptq(Example example, Comparison comparison) =>
        Asymmetric<Int4AsymWithZero>(example, comparison);

    public static void Int4AllPositive(Example example, Comparison comparison)
    {
        Asymmetric<Int4AsymG16>(example, comparison, "clamped");
        Asymmetric<Int4AsymFreeZero>(example, comparison, "unclamped");
    }

    public static void Int4Sym(Example example, Comparison comparison) =>
        Symmetric<Int4SymG16>(example, comparison, 4, "scale");

    public static void Int4SymHalf(Example example, Comparison comparison)
    {
        Twin twin = Symmetric<Int4SymG16Half>(example, comparison, 4, "scale_fp16");
        comparison.Codes(example.Integers("params", "scale_bits"), twin.Bits("scale"));
    }

    public static void Int8Token(Example example, Comparison comparison) =>
        Symmetric<Int8Token>(example, comparison, 8, "scale");

    public static void Mesa(Example example, Comparison comparison)
    {
        Twin twin = Twin.Encode<MesaHead>(example.Numbers("input"), 1);
        comparison.Codes(example.Integers("codes"), twin.Codes);
        comparison.Values(example.Numbers("params", "clip"), twin.Floats("scale"));
        comparison.Values(example.Numbers("params", "shift"), twin.Floats("min"));
        comparison.Values(example.Numbers("decoded"), twin.Decoded, example.Numbers("decoded").Max(Math.Abs));
        comparison.Add(twin.Disagreements);
    }

    public static void Fixed7(Example example, Comparison comparison) => Fixed<Fixed8Frac7>(example, comparison);

    public static void Fixed5(Example example, Comparison comparison) => Fixed<Fixed8Frac5>(example, comparison);

    public static void QServe(Example example, Comparison comparison) => Progressive<QServe>(example, comparison, "s1", "s2", "z2");

    public static void Dgq(Example example, Comparison comparison) => Progressive<Dgq>(example, comparison, "s8", "int_multiplier", "zero");

    private static void Progressive<TFormat>(Example example, Comparison comparison, string row, string group, string zero)
        where TFormat : struct, IQuantFormat<TFormat>
    {
        Twin twin = Twin.Encode<TFormat>(example.Numbers("input"), 1);
        comparison.Codes(example.Integers("codes"), twin.Codes);
        comparison.Values(example.Numbers("params", row), twin.Floats("scaleRow"));
        comparison.Codes(example.Integers("params", group), twin.Bits("scale16"));
        comparison.Codes(example.Integers("params", zero), twin.Bits("zero").Select(z => (long)(sbyte)z));
        comparison.Values(example.Numbers("decoded"), twin.Decoded);
        comparison.Add(twin.Disagreements);
    }

    private static void Asymmetric<TFormat>(Example example, Comparison comparison, params string[] part)
        where TFormat : struct, IQuantFormat<TFormat>
    {
        Twin twin = Twin.Encode<TFormat>(example.Numbers("input"), 1);
        comparison.Codes(example.Integers(["codes", .. part]), twin.Codes);
        comparison.Values(example.Numbers(["params", .. part, "scale"]), twin.Floats("scale"));
        comparison.Codes(example.Integers(["params", .. part, "zero"]), twin.Bits("zero").Select(z => (long)(short)z));
        Decoded(example, comparison, twin, part);
    }

    private static Twin Symmetric<TFormat>(Example example, Comparison comparison, int bits, string scale)
        where TFormat : struct, IQuantFormat<TFormat>
    {
        Twin twin = Twin.Encode<TFormat>(example.Numbers("input"), 1);
        comparison.Codes(Code.Signed(example.Integers("codes"), bits), twin.Codes);
        comparison.Values(example.Numbers("params", scale), twin.Floats("scale"));
        Decoded(example, comparison, twin);
        return twin;
    }

    private static void Fixed<TFormat>(Example example, Comparison comparison)
        where TFormat : struct, IQuantFormat<TFormat>
    {
        Twin twin = Twin.Encode<TFormat>(example.Numbers("input"), 1);
        comparison.Codes(Code.Signed(example.Integers("codes"), 8), twin.Codes);
        Decoded(example, comparison, twin);
    }

    private static void Decoded(Example example, Comparison comparison, Twin twin, params string[] part)
    {
        comparison.Values(example.Numbers(["decoded", .. part]), twin.Decoded);
        comparison.Add(twin.Disagreements);
    }
}

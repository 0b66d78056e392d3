using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning;

/// <summary>
/// The code of a single input, of at most 8 bits, that all kernels work with. Where a block stores codes of single inputs it is
/// theirs; vectors, signs stored apart, digits and choices of a table are expanded to it first. Vectors expand to ranks: the distinct magnitudes of
/// the table are numbered upward, and where there are signs the rank has a bit above for plus, and minus is its complement. Ranks are
/// as narrow as the table allows, whatever the width of the index. Of vectors of several tables, the number of the chosen one stands above the rank.
/// </summary>
/// <param name="Bits">Bits of the code.</param>
/// <param name="Codebook">The table it indexes, or none where it is an integer.</param>
/// <param name="Vectors">The code of every value of every entry, one entry after another, plus signs assumed; empty where none is expanded so.</param>
internal sealed record ElementCode(int Bits, CodebookSpec? Codebook, EquatableArray<byte> Vectors)
{
    /// <summary>Most distinct magnitudes with signs, values without.</summary>
    private const int MostValues = 256;

    /// <summary>What a minus sign flips.</summary>
    public int SignMask => (1 << Bits) - 1;

    /// <summary>Why a format's table cannot be expanded, or null.</summary>
    public static string? Fault(FormatSpec spec)
    {
        if (spec.Codes.Length == 1 && spec.Signs is null)
        {
            return null;
        }

        int distinct = Ranked(spec).Count;
        int most = spec.Signs is null ? MostValues : MostValues / 2;
        return distinct <= most ? null : $"The codebook has {distinct} distinct {(spec.Signs is null ? "values" : "magnitudes")}, beyond the limit of {most}";
    }

    /// <summary>The code of a valid format.</summary>
    public static ElementCode Of(FormatSpec spec)
    {
        if (spec.Codes.Length == 1 && spec.Signs is null)
        {
            return new ElementCode(spec.Codes.Bits + spec.SelectorBits, spec.Codebook, default);
        }

        List<int> ranked = Ranked(spec);
        int bits = 0;
        while (1 << bits < ranked.Count)
        {
            bits++;
        }

        // Ranks that no entry has repeat the last value, or continue the steps of the others.
        List<int> values = [.. ranked];
        while (values.Count < 1 << bits)
        {
            values.Add(values.Count >= 2 && spec.Signs is null && spec.Selector < 0 && IsEven(values) ? Next(values) : values[values.Count - 1]);
        }

        int[] codes = [.. Stored(spec).Select(value => ranked.IndexOf(spec.Signs is null ? value : value & int.MaxValue))];
        if (spec.Selector >= 0)
        {
            // The tables have the same ranks, and their number stands above them.
            List<int> all = [.. spec.Codebook!.ValueBits];
            IEnumerable<int> tables = Enumerable.Range(0, 1 << spec.SelectorBits)
                .SelectMany(table => values.Select(value => all[(table * codes.Length) + System.Array.IndexOf(codes, ranked.IndexOf(value))]));
            return new ElementCode(bits + spec.SelectorBits, new CodebookSpec(tables.ToEquatableArray()), codes.Select(code => (byte)code).ToEquatableArray());
        }

        if (spec.Signs is null)
        {
            return new ElementCode(Math.Max(bits, 1), Table(values, Math.Max(bits, 1)), codes.Select(code => (byte)code).ToEquatableArray());
        }

        int mask = (2 << bits) - 1;
        List<int> both = [.. values.AsEnumerable().Reverse().Select(value => value | int.MinValue), .. values];
        IEnumerable<byte> signed = codes.Zip(Stored(spec), (code, value) => (byte)(((1 << bits) + code) ^ (value < 0 ? mask : 0)));
        return new ElementCode(bits + 1, Table(both, bits + 1), signed.ToEquatableArray());
    }

    private static CodebookSpec Table(List<int> values, int bits) =>
        new(Enumerable.Range(0, 1 << bits).Select(i => values[Math.Min(i, values.Count - 1)]).ToEquatableArray());

    /// <summary>The distinct values, or magnitudes where there are signs, upward; -0 before +0.</summary>
    private static List<int> Ranked(FormatSpec spec) =>
        [.. Stored(spec)
            .Select(value => spec.Signs is null ? value : value & int.MaxValue)
            .Distinct()
            .OrderBy(FloatBits.ToSingle)
            .ThenBy(value => value)];

    /// <summary>The f32 bits of all values, those of one entry after another; of several tables those of the first.</summary>
    private static IEnumerable<int> Stored(FormatSpec spec) => spec.Codebook is { } codebook
        ? codebook.ValueBits.Take(codebook.ValueBits.Count >> spec.SelectorBits)
        : Enumerable.Range(0, 1 << spec.Codes.Bits).Select(code => FloatBits.FromSingle(DecodedForms.IntegerOf(spec.Codes, code)));

    private static bool IsEven(List<int> values)
    {
        float step = FloatBits.ToSingle(values[1]) - FloatBits.ToSingle(values[0]);
        return Enumerable.Range(1, values.Count - 1).All(i => FloatBits.ToSingle(values[i]) - FloatBits.ToSingle(values[i - 1]) == step)
            && step + FloatBits.ToSingle(values[values.Count - 1]) is var next && !float.IsInfinity(next);
    }

    private static int Next(List<int> values) => FloatBits.FromSingle(
        FloatBits.ToSingle(values[values.Count - 1]) + FloatBits.ToSingle(values[1]) - FloatBits.ToSingle(values[0]));
}

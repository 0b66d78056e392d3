using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Conformance.Twins;
using KernelGen.Encoders;

namespace KernelGen.Conformance.Examples;

/// <summary>Formats of more than one cell.</summary>
internal static class StructureExamples
{
    private const string Rest = "parts.0.";
    private const string Salient = "parts.1.";

    public static void OneBit(Example example, Comparison comparison)
    {
        using StructureTwin twin = StructureTwin.Encode<OneBitSingle>(new SignValueEncoder(), example);
        comparison.Codes(example.Integers("params", "packed_bytes"), twin.Bits("blocks"));
        comparison.Codes(example.Integers("codes").Select(sign => sign > 0 ? 0L : 1), twin.Codes(""));
        comparison.Values(example.Numbers("params", "h_out"), twin.Numbers("row"));
        comparison.Values(example.Numbers("params", "g_in"), twin.Numbers("column"));
        Decoded(example, comparison, twin);

        // The product before the norm is that of the decoded weights; with it, the layer's. Sums of eight terms cancel.
        double[] x = example.Numbers("forward", "x");
        double[] weights = example.Numbers("decoded");
        double terms = Enumerable.Range(0, weights.Length).Max(i => Math.Abs(weights[i] * x[i % x.Length])) * x.Length;
        comparison.Values(example.Numbers("forward", "z"), Products(twin.Decoded, example.Floats("forward", "x")), terms);
        comparison.Values(example.Numbers("forward", "y_layernorm"), twin.Multiply(example.Floats("forward", "x")), terms);
        comparison.Add(twin.Disagreements);
    }

    public static void Ptq161Init(Example example, Comparison comparison)
    {
        StructureEncoder encoder = new SalientBinaryEncoder(example.Floats("params", "act_absmax"));
        using StructureTwin twin = StructureTwin.Encode<SalientColumnsSingle>(encoder, example);
        Parts(example, comparison, twin);
        Decoded(example, comparison, twin);
        comparison.Values(example.Numbers("decoded"), Columns(twin, example.Shape("decoded").Columns), 4);
        comparison.Add(twin.Disagreements);
    }

    public static void Ptq161Trained(Example example, Comparison comparison)
    {
        // Codes, mask and zero points are the encoder's; what training changes replaces its numbers.
        float[] mask = example.Floats("params", "mask");
        using StructureTwin twin = StructureTwin.Encode<SalientColumnsSingle>(new SalientBinaryEncoder(mask, (mask.Sum() - 1) / mask.Length), example, tensors =>
        {
            Set(tensors[Rest + "scale"], example.Floats("params", "alpha"));
            Set(tensors[Rest + "row"], example.Floats("params", "r1"));
            Set(tensors[Rest + "column"], example.Floats("params", "r2"));
        });
        Parts(example, comparison, twin);
        Decoded(example, comparison, twin);
        comparison.Values(example.Numbers("decoded"), Columns(twin, example.Shape("decoded").Columns), 4);
        comparison.Add(twin.Disagreements);
    }

    public static void FbiColumn(Example example, Comparison comparison)
    {
        using StructureTwin twin = StructureTwin.Encode<ColumnSigns>(new ColumnBinaryEncoder(), example);
        comparison.Codes(example.Integers("codes").Select(sign => sign > 0 ? 1L : 0), twin.Codes(""));
        comparison.Values(example.Numbers("params", "alpha"), twin.Numbers("scale"));
        comparison.Values(example.Numbers("params", "beta"), twin.Numbers("min"), Largest(example));
        Decoded(example, comparison, twin);
        comparison.Values(example.Numbers("decoded"), Columns(twin, example.Shape("decoded").Columns), 4);
        comparison.Add(twin.Disagreements);
    }

    public static void Fdb(Example example, Comparison comparison)
    {
        (float, float)[] scales = [.. example.Floats("params", "alpha1").Zip(example.Floats("params", "alpha2"))];
        int groups = (example.Numbers("input").Length + 15) / 16;
        using StructureTwin twin = StructureTwin.Encode<FdbSingle>(
            new DualBinaryEncoder([.. Enumerable.Range(0, groups).Select(g => scales[scales.Length == 1 ? 0 : g])]), example);
        for (int t = 0; t < 2; t++)
        {
            // A block is its f32 scale, then a bit for each of 16 weights.
            IEnumerable<long> bits = twin.Bits($"terms.{t}.blocks").Chunk(4 + 2).SelectMany(static block => Enumerable.Range(0, 16).Select(i => (block[4 + (i / 8)] >> (i % 8)) & 1));
            comparison.Codes(example.Integers("codes", $"b{t + 1}"), bits);
        }

        comparison.Values(example.Numbers("decoded"), twin.Decoded);
        comparison.Values(example.Numbers("decoded"), Columns(twin, example.Shape("decoded").Columns));
        comparison.Add(twin.Disagreements);
    }

    public static void Lmb(Example example, Comparison comparison)
    {
        using StructureTwin twin = StructureTwin.Encode<LmbSingle>(new ResidualEncoder(), example);
        for (int t = 0; t < 2; t++)
        {
            comparison.Codes(example.Integers("codes", $"b{t + 1}").Select(sign => sign > 0 ? 1L : 0), twin.Codes($"terms.{t}."));
            comparison.Values(example.Numbers("params", $"sigma{t + 1}"), twin.Numbers($"terms.{t}.scale"), 1);
        }

        Decoded(example, comparison, twin);
        comparison.Values(example.Numbers("decoded"), Columns(twin, example.Shape("decoded").Columns), 1);
        comparison.Add(twin.Disagreements);
    }

    public static void BitStack(Example example, Comparison comparison)
    {
        using StructureTwin twin = StructureTwin.Encode<BitStackSingle>(new ResidualEncoder(new SignValueEncoder()), example);
        IReadOnlyList<Example> levels = example.Items("codes");
        int inputs = example.Shape("decoded").Columns;
        for (int t = 0; t < levels.Count; t++)
        {
            // Packed there from the flattened matrix, here row by row.
            IEnumerable<long> signs = twin.Bits($"terms.{t}.blocks").Chunk((inputs + 7) / 8)
                .SelectMany(row => Enumerable.Range(0, inputs).Select(k => (row[k / 8] >> (7 - (k % 8))) & 1));
            comparison.Codes(levels[t].Integers("packed_msb_first"), signs.Chunk(8).Select(static eight => eight.Select(static (bit, i) => bit << (7 - i)).Sum()));

            // The signs of a pair of singular vectors are both free.
            comparison.Values(levels[t].Numbers("u").Select(Math.Abs), twin.Numbers($"terms.{t}.row"), 1);
            comparison.Values(levels[t].Numbers("vt").Select(Math.Abs), twin.Numbers($"terms.{t}.column"), 1);
        }

        Decoded(example, comparison, twin);
        comparison.Values(example.Numbers("decoded"), Columns(twin, example.Shape("decoded").Columns), 4);
        comparison.Add(twin.Disagreements);
    }

    public static void PerInput(Example example, Comparison comparison)
    {
        using StructureTwin twin = StructureTwin.Encode<PerInput3>(new OutputGroupEncoder(), example);
        comparison.Codes(example.Integers("codes"), twin.Codes(""));
        int inputs = example.Shape("decoded").Columns;
        comparison.Values(ByGroup(example.Numbers("params", "scale"), inputs), twin.Numbers("scale"));
        comparison.Codes(ByGroup(example.Integers("params", "zero"), inputs), twin.Bits("zero"));
        Decoded(example, comparison, twin);
        comparison.Values(example.Numbers("decoded"), Columns(twin, inputs), 4);
        comparison.Add(twin.Disagreements);
    }

    public static void TriLm(Example example, Comparison comparison)
    {
        using StructureTwin twin = StructureTwin.Encode<TriLmSingle>(new SlabTernaryEncoder(example.Numbers("params", "scales").Length), example);
        comparison.Codes(example.Integers("codes").Select(trit => trit + 1), twin.Codes(""));
        comparison.Values(example.Numbers("params", "scales"), twin.Numbers("scale"));
        Decoded(example, comparison, twin);
        comparison.Values(example.Numbers("decoded"), Columns(twin, example.Shape("decoded").Columns));
        comparison.Add(twin.Disagreements);
    }

    /// <summary>
    /// The example's tables are where its iteration stopped. The encoder's are the best there are: no worse for the input, and those of the example for
    /// weights that have no others.
    /// </summary>
    public static void ColumnTables(Example example, Comparison comparison)
    {
        using StructureTwin own = StructureTwin.Encode<ColumnTablesSingle>(new LearnedCodebookEncoder(), example);
        NoWorse(example, comparison, own);
        using StructureTwin twin = StructureTwin.Encode<ColumnTablesSingle>(new LearnedCodebookEncoder(), example, weightsAt: "decoded");
        comparison.Values(example.Numbers("params", "lut"), twin.Numbers("codebook"));
        comparison.Codes(example.Integers("codes"), twin.Codes(""));
        Decoded(example, comparison, twin);
        comparison.Values(example.Numbers("decoded"), Columns(twin, example.Shape("decoded").Columns));
        comparison.Add(own.Disagreements + twin.Disagreements);
    }

    /// <summary>As <see cref="ColumnTables"/>, for the table; how rows are grouped is given, and the scales follow from it.</summary>
    public static void RowGroups(Example example, Comparison comparison)
    {
        int[] order = [.. example.Integers("params", "row_perm").Select(row => (int)row)];
        int[] lengths = [.. example.Integers("params", "group_sizes").Select(length => (int)length)];
        using StructureTwin own = StructureTwin.Encode<RowGroupsSingle>(new RowGroupEncoder(order, lengths), example);
        comparison.Values(example.Numbers("params", "group_scale"), own.Numbers("scale"));
        NoWorse(example, comparison, own);
        using StructureTwin twin = StructureTwin.Encode<RowGroupsSingle>(new RowGroupEncoder(order, lengths), example, weightsAt: "decoded");
        int inputs = example.Shape("decoded").Columns;
        long[] codes = example.Integers("codes");
        comparison.Codes(example.Integers("params", "row_perm"), twin.Bits("order"));
        comparison.Codes(example.Integers("params", "group_sizes"), twin.Bits("runs"));
        comparison.Values(example.Numbers("params", "group_scale"), twin.Numbers("scale"));
        comparison.Values(example.Numbers("params", "codebook"), twin.Numbers("codebook"));
        comparison.Codes(order.SelectMany(output => codes.Skip(output * inputs).Take(inputs)), twin.Codes(""));
        Decoded(example, comparison, twin);
        comparison.Values(example.Numbers("decoded"), Columns(twin, inputs), 2);
        comparison.Add(own.Disagreements + twin.Disagreements);
    }

    /// <summary>Counts a squared error that is larger than the example's.</summary>
    private static void NoWorse(Example example, Comparison comparison, StructureTwin twin)
    {
        double[] input = example.Numbers("input");
        double published = input.Zip(example.Numbers("decoded"), (x, w) => (x - w) * (x - w)).Sum();
        double own = input.Zip(twin.Decoded, (x, w) => (x - w) * (x - w)).Sum();
        comparison.Add(own <= published * (1 + 1e-6) ? 0 : 1);
    }

    /// <summary>Numbers [inputs, groups] as the tensors have them, [groups, inputs].</summary>
    private static IEnumerable<T> ByGroup<T>(T[] numbers, int inputs) => Enumerable.Range(0, numbers.Length).Select(i => numbers[(i % inputs * (numbers.Length / inputs)) + (i / inputs)]);

    private static void Parts(Example example, Comparison comparison, StructureTwin twin)
    {
        comparison.Codes(example.Integers("params", "mask"), twin.Bits("mask"));
        comparison.Codes(example.Integers("codes", "int4"), twin.Codes(Salient));
        comparison.Codes(example.Integers("codes", "sign").Select(sign => sign > 0 ? 1L : 0), twin.Codes(Rest));
        comparison.Values(example.Numbers("params", "int4_scale"), twin.Numbers(Salient + "scale"));
        comparison.Codes(example.Integers("params", "int4_zero"), twin.Bits(Salient + "zero"));
        comparison.Values(example.Numbers("params", "alpha"), twin.Numbers(Rest + "scale"));
        comparison.Values(example.Numbers("params", "mu"), twin.Numbers(Rest + "min"), Largest(example));
    }

    private static void Decoded(Example example, Comparison comparison, StructureTwin twin) =>
        comparison.Values(example.Numbers("decoded"), twin.Decoded, Largest(example));

    /// <summary>The largest term of sums of weights, which may cancel.</summary>
    private static double Largest(Example example) => example.Numbers("decoded").Max(Math.Abs);

    /// <summary>The weights as products with the unit vectors.</summary>
    public static IEnumerable<float> Columns(StructureTwin twin, int inputs)
    {
        float[][] columns = [.. Enumerable.Range(0, inputs).Select(i => twin.Multiply([.. Enumerable.Range(0, inputs).Select(k => k == i ? 1f : 0f)]))];
        return Enumerable.Range(0, columns[0].Length * inputs).Select(i => columns[i % inputs][i / inputs]);
    }

    private static IEnumerable<float> Products(float[] weights, float[] x) => Enumerable.Range(0, weights.Length / x.Length)
        .Select(row => (float)x.Select((value, i) => (double)value * weights[(row * x.Length) + i]).Sum());

    private static void Set(StoredTensor tensor, float[] numbers)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            tensor.SetNumber(i, numbers[i]);
        }
    }
}

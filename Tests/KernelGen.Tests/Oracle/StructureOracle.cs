using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Tests.Oracle;

/// <summary>
/// A slow interpreter of a <see cref="StructureSpec"/> over named tensors as bytes: reads single bits, decodes with one f32 rounding per step.
/// It shares no code with the runtime's nodes and stages.
/// </summary>
internal sealed class StructureOracle(StructureSpec spec, int inputs, IReadOnlyDictionary<string, byte[]> tensors)
{
    /// <summary>A cell with what stands around it, and the columns it holds.</summary>
    private sealed record Leaf(string Prefix, FormatSpec Cell, StructureSpec? Around, int[] Columns);

    /// <summary>Columns of each part; empty where there are no parts.</summary>
    public int[] PartInputs => spec.Cell is not null ? [] : [.. Enumerable.Range(0, spec.Parts.Count).Select(part => Mask.Count(entry => entry == part))];

    private uint[] Mask => [.. Enumerable.Range(0, inputs).Select(i => Bits("mask", i, MaskBits(spec.Parts.Count)))];

    /// <summary>The tensors of a matrix of some shape: name, stored type (blocks are bytes) and number of elements.</summary>
    public static IEnumerable<(string Name, StoredType Type, long Count)> Tensors(StructureSpec spec, int outputs, int inputs, int[] partInputs)
    {
        foreach ((string, StoredType, long) tensor in AroundTensors(spec, outputs, inputs))
        {
            yield return tensor;
        }

        if (spec.Cell is { } cell)
        {
            foreach ((string, StoredType, long) tensor in CellTensors(cell, outputs, inputs))
            {
                yield return tensor;
            }

            yield break;
        }

        yield return ("mask", new StoredType(StoredClass.Unsigned, MaskBits(spec.Parts.Count)), inputs);
        for (int part = 0; part < spec.Parts.Count; part++)
        {
            foreach ((string name, StoredType type, long count) in partInputs[part] == 0 ? [] : PartTensors(spec.Parts[part], outputs, inputs, partInputs[part]))
            {
                yield return ($"parts.{part}.{name}", type, count);
            }
        }
    }

    /// <summary>The format of the cell a part stands for or is made of.</summary>
    public static FormatSpec CellOf(PartSpec part) => DeclaredFormats.All[DeclaredFormats.FullName(part.Type)];

    /// <summary>Bits of a mask entry.</summary>
    public static int MaskBits(int parts) => (int)Math.Ceiling(Math.Log2(parts));

    /// <summary>Decodes a row.</summary>
    public float[] DecodeRow(int row)
    {
        float[] weights = new float[inputs];
        foreach (Leaf leaf in Leaves())
        {
            float[] cell = DecodeCell(leaf, row).Weights;
            for (int j = 0; j < leaf.Columns.Length; j++)
            {
                int i = leaf.Columns[j];
                float weight = leaf.Around is null ? cell[j] : Around(leaf.Around, leaf.Prefix, row, i, cell[j]);
                weights[i] = spec.Cell is null ? Around(spec, string.Empty, row, i, weight) : weight;
            }
        }

        return weights;
    }

    /// <summary>
    /// Output <paramref name="row"/> for one row of activations, before a norm, and how far an f32 implementation may be from it: what the kernels
    /// of each cell may be off (<see cref="OracleProduct"/>, for the activations as they reach it, which are exact), and one rounding for each
    /// step after them.
    /// </summary>
    public OracleProduct Product(int row, float[] x, ComputeMode mode, Func<FormatSpec, FormatDescriptor> descriptors)
    {
        OracleProduct? sum = null;
        float[] scaled = spec.Cell is null ? Scaled(spec, string.Empty, x, [.. Enumerable.Range(0, inputs)]) : x;
        foreach (Leaf leaf in Leaves())
        {
            float[] own = [.. leaf.Columns.Select(i => scaled[i])];
            OracleProduct product = LeafProduct(leaf, row, own, mode, descriptors(leaf.Cell));
            sum = sum is { } before ? Rounded(before.Value + product.Value, before.Bound + product.Bound) : product;
        }

        return spec.Cell is null && spec.Outer?.Row is { } type ? Times(sum!.Value, Number("row", type, row)) : sum!.Value;
    }

    /// <summary>A row of results after the norm.</summary>
    /// <remarks>
    /// Bound: where every result is off by at most b, the mean is off by b, each difference from it by 2b and the root of the variance by 2b too
    /// (it is a norm of the differences), so a quotient q by (1 + |q|) * 2b / (deviation - 2b); computing in f64 adds nothing that counts and
    /// one rounding to f32.
    /// </remarks>
    public static OracleProduct[] Normalize(OracleProduct[] row, double epsilon)
    {
        double mean = row.Average(y => y.Value);
        double deviation = Math.Sqrt(row.Average(y => (y.Value - mean) * (y.Value - mean)) + epsilon);
        double off = 2 * row.Max(y => y.Bound);
        return
        [
            .. row.Select(y => (y.Value - mean) / deviation)
                .Select(q => Rounded(q, off < deviation ? ((1 + Math.Abs(q)) * off / (deviation - off)) + 1e-12 : double.PositiveInfinity)),
        ];
    }

    private static IEnumerable<(string Name, StoredType Type, long Count)> PartTensors(PartSpec part, int outputs, int inputs, int own)
    {
        if (part.IsStructure)
        {
            // Vectors over the inputs count those of the matrix, the cell's rows those of the part.
            foreach ((string, StoredType, long) tensor in AroundTensors(DeclaredFormats.Structures[DeclaredFormats.FullName(part.Type)], outputs, inputs))
            {
                yield return tensor;
            }
        }

        foreach ((string, StoredType, long) tensor in CellTensors(CellOf(part), outputs, own))
        {
            yield return tensor;
        }
    }

    private static IEnumerable<(string Name, StoredType Type, long Count)> AroundTensors(StructureSpec spec, int outputs, int inputs)
    {
        if (spec.Outer?.Row is { } row)
        {
            yield return ("row", row, outputs);
        }

        if (spec.Outer?.Column is { } column)
        {
            yield return ("column", column, inputs);
        }

        foreach (ParameterSpec parameter in spec.Columns)
        {
            yield return (parameter.Name, parameter.Type, inputs);
        }
    }

    private static IEnumerable<(string Name, StoredType Type, long Count)> CellTensors(FormatSpec cell, int outputs, int inputs) => cell.Parameters
        .Where(parameter => parameter.IsSide)
        .Select(parameter => (parameter.Name, parameter.Type, parameter.Extent == ParameterExtent.Row ? outputs : 1L))
        .Prepend(("blocks", new StoredType(StoredClass.Unsigned, 8), outputs * new FormatOracle(cell).RowBytes(inputs)));

    private static OracleProduct Rounded(double value, double bound) => new(value, bound + ((Math.Abs(value) + bound) * OracleProduct.Roundoff) + float.Epsilon);

    private static OracleProduct Times(OracleProduct product, double factor) => Rounded(product.Value * factor, product.Bound * Math.Abs(factor));

    private IEnumerable<Leaf> Leaves()
    {
        if (spec.Cell is { } cell)
        {
            return [new Leaf(string.Empty, cell, spec, [.. Enumerable.Range(0, inputs)])];
        }

        uint[] mask = Mask;
        return Enumerable.Range(0, spec.Parts.Count)
            .Select(part => new Leaf(
                $"parts.{part}.",
                CellOf(spec.Parts[part]),
                spec.Parts[part].IsStructure ? DeclaredFormats.Structures[DeclaredFormats.FullName(spec.Parts[part].Type)] : null,
                [.. Enumerable.Range(0, inputs).Where(i => mask[i] == part)]))
            .Where(leaf => leaf.Columns.Length > 0);
    }

    private OracleRow DecodeCell(Leaf leaf, int row)
    {
        FormatOracle oracle = new(leaf.Cell);
        byte[] rowSide = new byte[oracle.RowSideBytes];
        byte[] tensorSide = new byte[oracle.TensorSideBytes];
        for (int p = 0; p < leaf.Cell.Parameters.Count; p++)
        {
            ParameterSpec parameter = leaf.Cell.Parameters[p];
            if (parameter.IsSide)
            {
                bool perRow = parameter.Extent == ParameterExtent.Row;
                oracle.WriteSide(p, Bits(leaf.Prefix + parameter.Name, perRow ? row : 0, parameter.Type.Bits), perRow ? rowSide : tensorSide);
            }
        }

        int bytes = (int)oracle.RowBytes(leaf.Columns.Length);
        return oracle.DecodeRow(tensors[leaf.Prefix + "blocks"].AsSpan(row * bytes, bytes), rowSide, tensorSide, leaf.Columns.Length);
    }

    private float Around(StructureSpec around, string prefix, int row, int i, float weight)
    {
        foreach (ParameterSpec column in around.Columns.OrderBy(column => column.Role == ParameterRole.Min))
        {
            float number = CodeDecoder.Number(column, Bits(prefix + column.Name, i, column.Type.Bits));
            weight = column.Role == ParameterRole.Min ? (float)(weight + number) : (float)(weight * number);
        }

        float? factor = around.Outer?.Row is { } rowType ? Number(prefix + "row", rowType, row) : null;
        if (around.Outer?.Column is { } columnType)
        {
            float g = Number(prefix + "column", columnType, i);
            factor = factor is { } r ? (float)(r * g) : g;
        }

        return factor is { } f ? (float)(f * weight) : weight;
    }

    private float[] Scaled(StructureSpec around, string prefix, float[] x, int[] columns) => around.Outer?.Column is { } type
        ? [.. x.Select((value, j) => (float)(value * Number(prefix + "column", type, columns[j])))]
        : x;

    private OracleProduct LeafProduct(Leaf leaf, int row, float[] x, ComputeMode mode, FormatDescriptor descriptor)
    {
        double shift = 0;
        double magnitude = 0;
        bool isShifted = false;
        if (leaf.Around is { } around)
        {
            x = Scaled(around, leaf.Prefix, x, leaf.Columns);
            float[] before = x;
            foreach (ParameterSpec column in around.Columns)
            {
                float[] numbers = [.. leaf.Columns.Select(i => CodeDecoder.Number(column, Bits(leaf.Prefix + column.Name, i, column.Type.Bits)))];
                if (column.Role == ParameterRole.Scale)
                {
                    x = [.. before.Zip(numbers, (a, c) => (float)(a * c))];
                    continue;
                }

                isShifted = true;
                shift = before.Zip(numbers, (a, b) => (double)a * b).Sum();
                magnitude = before.Zip(numbers, (a, b) => Math.Abs((double)a * b)).Sum();
            }
        }

        OracleRow cell = DecodeCell(leaf, row);
        OracleProduct product = mode == ComputeMode.Float32
            ? OracleProduct.Float32(cell, x)
            : OracleProduct.Int8(
                cell, descriptor.Activations, OracleActivations.Quantize(descriptor.Activations, x), leaf.Cell.Parameters.Count, TableError(leaf.Cell, descriptor));
        if (isShifted)
        {
            // The sum is in f64: its own error is far below its rounding to f32.
            OracleProduct term = Rounded(shift, magnitude * 1e-12);
            product = Rounded(product.Value + term.Value, product.Bound + term.Bound);
        }

        return leaf.Around?.Outer?.Row is { } type ? Times(product, Number(leaf.Prefix + "row", type, row)) : product;
    }

    private static double TableError(FormatSpec cell, FormatDescriptor descriptor) => descriptor.Int8TableError == 0
        ? 0
        : descriptor.Int8TableError * cell.Codebook!.Numbers.Max(Math.Abs);

    private float Number(string tensor, StoredType type, int index) => CodeDecoder.Number(
        new ParameterSpec(ParameterRole.Scale, tensor, type, ParameterExtent.Column, 0, 1, 0, false), Bits(tensor, index, type.Bits));

    private uint Bits(string tensor, int index, int bits)
    {
        byte[] bytes = tensors[tensor];
        uint value = 0;
        for (int bit = 0; bit < bits; bit++)
        {
            long at = ((long)index * bits) + bit;
            value |= ((uint)(bytes[at / 8] >> (int)(at % 8)) & 1) << bit;
        }

        return value;
    }
}

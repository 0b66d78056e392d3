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
    /// <summary>A cell or a structure, under a prefix, and the columns it covers.</summary>
    private sealed record Node(string Prefix, FormatSpec? Plain, StructureSpec? Structure, int[] Columns)
    {
        public FormatSpec? Cell => Plain ?? Structure!.Cell;
    }

    private Node Root => new(string.Empty, null, spec, [.. Enumerable.Range(0, inputs)]);

    /// <summary>Columns of each part; empty where there are no parts.</summary>
    public int[] PartInputs => HasMask(spec) ? [.. Enumerable.Range(0, spec.Parts.Count).Select(part => Mask.Count(entry => entry == part))] : [];

    private uint[] Mask => [.. Enumerable.Range(0, inputs).Select(i => Bits("mask", i, MaskBits(spec.Parts.Count)))];

    /// <summary>Whether a structure divides its columns among parts.</summary>
    public static bool HasMask(StructureSpec spec) => spec.Cell is null && !spec.IsSum;

    /// <summary>The tensors of a matrix of some shape.</summary>
    public static IEnumerable<OracleTensor> Tensors(StructureSpec spec, int outputs, int inputs, int[] partInputs) =>
        Tensors(string.Empty, spec, outputs, inputs, inputs, partInputs);

    /// <summary>Bits of a mask entry.</summary>
    public static int MaskBits(int parts) => (int)Math.Ceiling(Math.Log2(parts));

    /// <summary>Decodes a row.</summary>
    public float[] DecodeRow(int row) => Decode(Root, row);

    /// <summary>
    /// Output <paramref name="row"/> for one row of activations, before a norm, and how far an f32 implementation may be from it: what the kernels
    /// of each cell may be off (<see cref="OracleProduct"/>, for the activations as they reach it, which are exact), and one rounding for each
    /// step after them.
    /// </summary>
    public OracleProduct Product(int row, float[] x, ComputeMode mode, Func<FormatSpec, FormatDescriptor> descriptors) =>
        NodeProduct(Root, row, x, mode, descriptors);

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

    // Vectors over the inputs count those of the matrix, a cell's rows its own.
    private static IEnumerable<OracleTensor> Tensors(string prefix, StructureSpec spec, int outputs, int inputs, int own, int[] partInputs)
    {
        if (spec.Outer?.Row is { } row)
        {
            yield return new(prefix + "row", row, outputs);
        }

        if (spec.Outer?.Column is { } column)
        {
            yield return new(prefix + "column", column, inputs);
        }

        foreach (ParameterSpec parameter in spec.Columns)
        {
            yield return new(prefix + parameter.Name, parameter.Type, inputs) { Parameter = parameter };
        }

        if (HasMask(spec))
        {
            yield return new(prefix + "mask", new StoredType(StoredClass.Unsigned, MaskBits(spec.Parts.Count)), inputs);
        }

        foreach (OracleTensor tensor in spec.Cell is { } cell ? CellTensors(prefix, cell, outputs, own) : [])
        {
            yield return tensor;
        }

        for (int i = 0; i < spec.Parts.Count; i++)
        {
            string inner = prefix + PartName(spec, i);
            int columns = spec.IsSum ? own : partInputs[i];
            foreach (OracleTensor tensor in columns == 0 ? []
                : spec.Parts[i].IsStructure ? Tensors(inner, StructureOf(spec.Parts[i]), outputs, inputs, columns, [])
                : CellTensors(inner, CellOf(spec.Parts[i]), outputs, columns))
            {
                yield return tensor;
            }
        }
    }

    private static IEnumerable<OracleTensor> CellTensors(string prefix, FormatSpec cell, int outputs, int inputs) => cell.Parameters
        .Where(parameter => parameter.IsSide)
        .Select(parameter => new OracleTensor(prefix + parameter.Name, parameter.Type, parameter.Extent == ParameterExtent.Row ? outputs : 1L) { Parameter = parameter })
        .Prepend(new(prefix + "blocks", new StoredType(StoredClass.Unsigned, 8), outputs * new FormatOracle(cell).RowBytes(inputs)) { Cell = cell, Inputs = inputs });

    private static string PartName(StructureSpec spec, int part) => $"{(spec.IsSum ? "terms" : "parts")}.{part}.";

    private static FormatSpec CellOf(PartSpec part) => DeclaredFormats.All[DeclaredFormats.FullName(part.Type)];

    private static StructureSpec StructureOf(PartSpec part) => DeclaredFormats.Structures[DeclaredFormats.FullName(part.Type)];

    private static OracleProduct Rounded(double value, double bound) => new(value, bound + ((Math.Abs(value) + bound) * OracleProduct.Roundoff) + float.Epsilon);

    private static OracleProduct Times(OracleProduct product, double factor) => Rounded(product.Value * factor, product.Bound * Math.Abs(factor));

    private IEnumerable<Node> Children(Node node)
    {
        StructureSpec around = node.Structure!;
        uint[] mask = HasMask(around) ? Mask : [];
        for (int i = 0; i < around.Parts.Count; i++)
        {
            PartSpec part = around.Parts[i];
            int[] columns = around.IsSum ? node.Columns : [.. node.Columns.Where(column => mask[column] == i)];
            string prefix = node.Prefix + PartName(around, i);
            if (columns.Length > 0)
            {
                yield return part.IsStructure ? new Node(prefix, null, StructureOf(part), columns) : new Node(prefix, CellOf(part), null, columns);
            }
        }
    }

    private float[] Decode(Node node, int row)
    {
        float[] weights = new float[node.Columns.Length];
        if (node.Cell is not null)
        {
            weights = DecodeCell(node, row).Weights[..weights.Length];
        }
        else
        {
            bool isFirst = true;
            foreach (Node child in Children(node))
            {
                float[] own = Decode(child, row);
                for (int j = 0; j < own.Length; j++)
                {
                    int at = Array.IndexOf(node.Columns, child.Columns[j]);
                    weights[at] = node.Structure!.IsSum && !isFirst ? (float)(weights[at] + own[j]) : own[j];
                }

                isFirst = false;
            }
        }

        return node.Structure is { } around ? [.. weights.Select((weight, j) => Around(around, node.Prefix, row, node.Columns[j], weight))] : weights;
    }

    private OracleRow DecodeCell(Node leaf, int row)
    {
        FormatSpec cell = leaf.Cell!;
        FormatOracle oracle = new(cell);
        byte[] rowSide = new byte[oracle.RowSideBytes];
        byte[] tensorSide = new byte[oracle.TensorSideBytes];
        for (int p = 0; p < cell.Parameters.Count; p++)
        {
            ParameterSpec parameter = cell.Parameters[p];
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

    private OracleProduct NodeProduct(Node node, int row, float[] x, ComputeMode mode, Func<FormatSpec, FormatDescriptor> descriptors)
    {
        double shift = 0;
        double magnitude = 0;
        bool isShifted = false;
        if (node.Structure is { } around)
        {
            x = Scaled(around, node.Prefix, x, node.Columns);
            float[] before = x;
            foreach (ParameterSpec column in around.Columns)
            {
                float[] numbers = [.. node.Columns.Select(i => CodeDecoder.Number(column, Bits(node.Prefix + column.Name, i, column.Type.Bits)))];
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

        OracleProduct product = node.Cell is { } cell ? CellProduct(node, cell, row, x, mode, descriptors(cell)) : Sum(node, row, x, mode, descriptors);
        if (isShifted)
        {
            // The sum is in f64: its own error is far below its rounding to f32.
            OracleProduct term = Rounded(shift, magnitude * 1e-12);
            product = Rounded(product.Value + term.Value, product.Bound + term.Bound);
        }

        return node.Structure?.Outer?.Row is { } type ? Times(product, Number(node.Prefix + "row", type, row)) : product;
    }

    private OracleProduct Sum(Node node, int row, float[] x, ComputeMode mode, Func<FormatSpec, FormatDescriptor> descriptors)
    {
        OracleProduct? sum = null;
        foreach (Node child in Children(node))
        {
            float[] own = [.. child.Columns.Select(i => x[Array.IndexOf(node.Columns, i)])];
            OracleProduct product = NodeProduct(child, row, own, mode, descriptors);
            sum = sum is { } before ? Rounded(before.Value + product.Value, before.Bound + product.Bound) : product;
        }

        return sum!.Value;
    }

    private OracleProduct CellProduct(Node node, FormatSpec cell, int row, float[] x, ComputeMode mode, FormatDescriptor descriptor)
    {
        OracleRow decoded = DecodeCell(node, row);
        return mode == ComputeMode.Float32 || !descriptor.HasInt8Kernels
            ? OracleProduct.Float32(decoded, x)
            : OracleProduct.Int8(
                decoded, descriptor.Activations, OracleActivations.Quantize(descriptor.Activations, x), cell.Parameters.Count, TableError(cell, descriptor));
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

/// <summary>A tensor of a stored matrix.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its stored type; blocks are bytes.</param>
/// <param name="Count">Its elements.</param>
internal sealed record OracleTensor(string Name, StoredType Type, long Count)
{
    /// <summary>The cell whose blocks it holds, or none.</summary>
    public FormatSpec? Cell { get; init; }

    /// <summary>Columns of that cell.</summary>
    public int Inputs { get; init; }

    /// <summary>The parameter it holds, or none.</summary>
    public ParameterSpec? Parameter { get; init; }
}

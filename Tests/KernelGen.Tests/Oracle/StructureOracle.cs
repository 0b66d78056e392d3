using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Tests.Oracle;

/// <summary>
/// A slow interpreter of a <see cref="StructureSpec"/> over named tensors as bytes: reads single bits, decodes with one f32 rounding per step.
/// It shares no code with the runtime's nodes and stages.
/// </summary>
internal sealed class StructureOracle(StructureSpec spec, int outputs, int inputs, IReadOnlyDictionary<string, byte[]> tensors)
{
    /// <summary>A cell or a structure, under a prefix, and the columns it covers.</summary>
    private sealed class Node(string prefix, FormatSpec? plain, StructureSpec? structure, int[] columns)
    {
        public string Prefix => prefix;

        public StructureSpec? Structure => structure;

        public int[] Columns => columns;

        /// <summary>Which columns of the node around it these are.</summary>
        public int[] Within { get; init; } = [];

        public FormatSpec? Cell => plain ?? structure!.Cell;
    }

    /// <summary>Cells' rows that were decoded: products read each again and again.</summary>
    private readonly Dictionary<(string Prefix, int Row), OracleRow> _decoded = [];

    /// <summary>Vectors' numbers.</summary>
    private readonly Dictionary<string, float[]> _numbers = [];

    private readonly Node _root = new(string.Empty, null, spec, [.. Enumerable.Range(0, inputs)]);

    private readonly Dictionary<Node, Node[]> _children = [];

    private uint[]? _mask;

    /// <summary>Columns of each part; empty where there are no parts.</summary>
    public int[] PartInputs => HasMask(spec) ? [.. Enumerable.Range(0, spec.Parts.Count).Select(part => Mask.Count(entry => entry == part))] : [];

    private uint[] Mask => _mask ??= [.. Enumerable.Range(0, inputs).Select(i => Bits("mask", i, MaskBits(spec.Parts.Count)))];

    /// <summary>The slabs of outputs, or runs of rows, that tests make: the least divisor above 1, where a parameter is per slab or run; else 0.</summary>
    public static int Slabs(StructureSpec spec, int outputs)
    {
        bool has = spec.Cell is { } cell
            ? cell.Parameters.Any(parameter => parameter.Outputs <= 0)
            : spec.Parts.Any(part => part.IsStructure && Slabs(StructureOf(part), outputs) != 0);
        return !has ? 0 : Enumerable.Range(2, Math.Max(0, outputs - 1)).FirstOrDefault(count => outputs % count == 0, 1);
    }

    /// <summary>Whether a cell has parameters per run of rows.</summary>
    private static bool HasRuns(FormatSpec cell) => cell.Parameters.Any(parameter => parameter.Outputs == -1);

    /// <summary>The bytes of a cell's blocks that parameters stored apart fill.</summary>
    public static HashSet<int> BytesApart(FormatSpec cell) => [.. Enumerable.Range(0, cell.Parameters.Count)
        .Where(p => IsApart(cell.Parameters[p]))
        .SelectMany(p => cell.Slices.Where(slice => slice.Quantity == p))
        .SelectMany(slice => Enumerable.Range(slice.First, slice.Count).SelectMany(entry => Enumerable.Range(slice.BitOf(entry), slice.Bits)))
        .Select(bit => bit / 8)];

    private static bool IsApart(ParameterSpec parameter) => !parameter.IsSide && (parameter.Outputs != 1 || parameter.Blocks != 1);

    private static int Groups(ParameterSpec parameter, StructureSpec spec, int outputs) =>
        parameter.Outputs <= 0 ? Slabs(spec, outputs) : (outputs + parameter.Outputs - 1) / parameter.Outputs;

    private int GroupOf(string prefix, ParameterSpec parameter, int row)
    {
        if (parameter.Outputs != -1)
        {
            return row / (parameter.Outputs == 0 ? outputs / Slabs(spec, outputs) : parameter.Outputs);
        }

        int run = 0;
        for (long end = Bits(prefix + "runs", 0, 32); end <= row; end += Bits(prefix + "runs", run, 32))
        {
            run++;
        }

        return run;
    }

    /// <summary>The stored row of an output of a node.</summary>
    private int StoredRow(Node node, int output) => node.Structure?.Gather is { } type
        ? Enumerable.Range(0, outputs).Single(row => Bits(node.Prefix + "order", row, type.Bits) == output)
        : output;

    /// <summary>Whether a structure divides its columns among parts.</summary>
    public static bool HasMask(StructureSpec spec) => spec.Cell is null && !spec.IsSum;

    /// <summary>The tensors of a matrix of some shape.</summary>
    public static IEnumerable<OracleTensor> Tensors(StructureSpec spec, int outputs, int inputs, int[] partInputs) =>
        Tensors(string.Empty, spec, outputs, inputs, inputs, partInputs);

    /// <summary>Bits of a mask entry.</summary>
    public static int MaskBits(int parts) => (int)Math.Ceiling(Math.Log2(parts));

    /// <summary>Decodes a row.</summary>
    public float[] DecodeRow(int row) => Decode(_root, row);

    /// <summary>
    /// Output <paramref name="row"/> for one row of activations, before a norm, and how far an f32 implementation may be from it: what the kernels
    /// of each cell may be off (<see cref="OracleProduct"/>, for the activations as they reach it, which are exact), and one rounding for each
    /// step after them.
    /// </summary>
    public OracleProduct Product(int row, float[] x, ComputeMode mode, Func<FormatSpec, FormatDescriptor> descriptors) =>
        NodeProduct(_root, row, x, mode, descriptors);

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
        if (spec.Gather is { } order)
        {
            yield return new(prefix + "order", order, outputs);
        }

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
            yield return new(prefix + parameter.Name, parameter.Type, (parameter.Outputs == 1 ? 1 : Groups(parameter, spec, outputs)) * (long)inputs) { Parameter = parameter };
        }

        if (HasMask(spec))
        {
            yield return new(prefix + "mask", new StoredType(StoredClass.Unsigned, MaskBits(spec.Parts.Count)), inputs);
        }

        foreach (OracleTensor tensor in spec.Cell is { } cell ? CellTensors(prefix, cell, spec, outputs, own) : [])
        {
            yield return tensor;
        }

        for (int i = 0; i < spec.Parts.Count; i++)
        {
            string inner = prefix + PartName(spec, i);
            int columns = spec.IsSum ? own : partInputs[i];
            foreach (OracleTensor tensor in columns == 0 ? []
                : spec.Parts[i].IsStructure ? Tensors(inner, StructureOf(spec.Parts[i]), outputs, inputs, columns, [])
                : CellTensors(inner, CellOf(spec.Parts[i]), spec, outputs, columns))
            {
                yield return tensor;
            }
        }
    }

    private static IEnumerable<OracleTensor> CellTensors(string prefix, FormatSpec cell, StructureSpec spec, int outputs, int inputs)
    {
        FormatOracle oracle = DeclaredFormats.OracleOf(cell);
        int rowBytes = (int)oracle.RowBytes(inputs);
        int apart = BytesApart(cell).Count;
        int blocks = rowBytes / oracle.BlockBytes;
        if (HasRuns(cell))
        {
            yield return new(prefix + "runs", new StoredType(StoredClass.Unsigned, 32), Slabs(spec, outputs));
        }

        yield return new(prefix + "blocks", new StoredType(StoredClass.Unsigned, 8), outputs * ((long)rowBytes - (apart == 0 ? 0 : blocks * apart))) { Cell = cell, Inputs = inputs };
        for (int p = 0; p < cell.Parameters.Count; p++)
        {
            ParameterSpec parameter = cell.Parameters[p];
            if (parameter.IsSide)
            {
                yield return new(prefix + parameter.Name, parameter.Type, (parameter.Extent switch { ParameterExtent.Row => Groups(parameter, spec, outputs), ParameterExtent.Column => inputs, _ => 1 }) * parameter.Count) { Parameter = parameter };
            }
            else if (IsApart(parameter))
            {
                long count = parameter.IsFlat
                    ? ((outputs * (long)blocks) + parameter.Blocks - 1) / parameter.Blocks
                    : Groups(parameter, spec, outputs) * (long)((blocks + parameter.Blocks - 1) / parameter.Blocks) * oracle.Entries(p);
                yield return new(prefix + parameter.Name, parameter.Type, count) { Parameter = parameter };
            }
        }
    }

    private static string PartName(StructureSpec spec, int part) => $"{(spec.IsSum ? "terms" : "parts")}.{part}.";

    private static FormatSpec CellOf(PartSpec part) => DeclaredFormats.All[DeclaredFormats.FullName(part.Type)];

    private static StructureSpec StructureOf(PartSpec part) => DeclaredFormats.Structures[DeclaredFormats.FullName(part.Type)];

    private static OracleProduct Rounded(double value, double bound) => new(value, bound + ((Math.Abs(value) + bound) * OracleProduct.Roundoff) + float.Epsilon);

    private static OracleProduct Times(OracleProduct product, double factor) => Rounded(product.Value * factor, product.Bound * Math.Abs(factor));

    private Node[] Children(Node node)
    {
        if (!_children.TryGetValue(node, out Node[]? children))
        {
            children = [.. ChildrenAnew(node)];
            _children.Add(node, children);
        }

        return children;
    }

    private IEnumerable<Node> ChildrenAnew(Node node)
    {
        StructureSpec around = node.Structure!;
        uint[] mask = HasMask(around) ? Mask : [];
        for (int i = 0; i < around.Parts.Count; i++)
        {
            PartSpec part = around.Parts[i];
            int[] within = [.. Enumerable.Range(0, node.Columns.Length).Where(j => around.IsSum || mask[node.Columns[j]] == i)];
            int[] columns = [.. within.Select(j => node.Columns[j])];
            string prefix = node.Prefix + PartName(around, i);
            if (columns.Length > 0)
            {
                yield return part.IsStructure
                    ? new Node(prefix, null, StructureOf(part), columns) { Within = within }
                    : new Node(prefix, CellOf(part), null, columns) { Within = within };
            }
        }
    }

    private float[] Decode(Node node, int output)
    {
        int row = StoredRow(node, output);
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
                    int at = child.Within[j];
                    weights[at] = node.Structure!.IsSum && !isFirst ? (float)(weights[at] + own[j]) : own[j];
                }

                isFirst = false;
            }
        }

        return node.Structure is { } around ? [.. weights.Select((weight, j) => Around(around, node.Prefix, row, node.Columns[j], weight))] : weights;
    }

    private OracleRow DecodeCell(Node leaf, int row)
    {
        if (!_decoded.TryGetValue((leaf.Prefix, row), out OracleRow? decoded))
        {
            decoded = DecodeCellAnew(leaf, row);
            _decoded.Add((leaf.Prefix, row), decoded);
        }

        return decoded;
    }

    private OracleRow DecodeCellAnew(Node leaf, int row)
    {
        FormatSpec cell = leaf.Cell!;
        FormatOracle oracle = DeclaredFormats.OracleOf(cell);
        byte[] rowSide = new byte[oracle.RowSideBytes];
        byte[] tensorSide = new byte[oracle.MatrixSideBytes(leaf.Columns.Length)];
        for (int p = 0; p < cell.Parameters.Count; p++)
        {
            ParameterSpec parameter = cell.Parameters[p];
            if (parameter.Extent == ParameterExtent.Column)
            {
                for (int at = 0; at < leaf.Columns.Length * parameter.Count; at++)
                {
                    float number = CodeDecoder.Number(parameter, Bits(leaf.Prefix + parameter.Name, at, parameter.Type.Bits));
                    oracle.WriteInputTable(tensorSide, at / parameter.Count, at % parameter.Count, number);
                }
            }
            else if (parameter.IsSide)
            {
                bool perRow = parameter.Extent == ParameterExtent.Row;
                int first = (perRow ? GroupOf(leaf.Prefix, parameter, row) : 0) * parameter.Count;
                for (int number = 0; number < parameter.Count; number++)
                {
                    oracle.WriteSide(p, Bits(leaf.Prefix + parameter.Name, first + number, parameter.Type.Bits), perRow ? rowSide : tensorSide, number);
                }
            }
        }

        return oracle.DecodeRow(WholeRow(leaf, oracle, row), rowSide, tensorSide, leaf.Columns.Length);
    }

    /// <summary>A stored row with the parameters stored apart put back.</summary>
    private byte[] WholeRow(Node leaf, FormatOracle oracle, int row)
    {
        FormatSpec cell = leaf.Cell!;
        HashSet<int> apart = BytesApart(cell);
        byte[] whole = new byte[oracle.RowBytes(leaf.Columns.Length)];
        int blocks = whole.Length / oracle.BlockBytes;
        int from = row * (whole.Length - (blocks * apart.Count));
        for (int at = 0; at < whole.Length; at++)
        {
            whole[at] = apart.Contains(at % oracle.BlockBytes) ? (byte)0 : tensors[leaf.Prefix + "blocks"][from++];
        }

        for (int p = 0; p < cell.Parameters.Count; p++)
        {
            ParameterSpec parameter = cell.Parameters[p];
            int perRow = blocks * oracle.Entries(p);
            for (int e = 0; IsApart(parameter) && e < perRow; e++)
            {
                // Where blocks share an entry, each has one.
                int entry = parameter.IsFlat ? ((row * blocks) + e) / parameter.Blocks
                    : parameter.Blocks > 1 ? (GroupOf(leaf.Prefix, parameter, row) * ((blocks + parameter.Blocks - 1) / parameter.Blocks)) + (e / parameter.Blocks)
                    : (GroupOf(leaf.Prefix, parameter, row) * perRow) + e;
                uint stored = Bits(leaf.Prefix + parameter.Name, entry, parameter.Type.Bits);
                oracle.WriteEntry(whole.AsSpan(e / oracle.Entries(p) * oracle.BlockBytes, oracle.BlockBytes), p, e % oracle.Entries(p), stored);
            }
        }

        return whole;
    }

    private float Around(StructureSpec around, string prefix, int row, int i, float weight)
    {
        foreach (ParameterSpec column in around.Columns.Count < 2 ? around.Columns : (IEnumerable<ParameterSpec>)around.Columns.OrderBy(column => column.Role switch { ParameterRole.Zero => 0, ParameterRole.Scale => 1, _ => 2 }))
        {
            float number = ColumnNumber(prefix, column, row, i);
            weight = column.Role switch
            {
                ParameterRole.Zero => (float)(weight - number),
                ParameterRole.Min => (float)(weight + number),
                _ => (float)(weight * number),
            };
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

    private OracleProduct NodeProduct(Node node, int output, float[] x, ComputeMode mode, Func<FormatSpec, FormatDescriptor> descriptors)
    {
        int row = StoredRow(node, output);
        List<OracleProduct> shifts = [];
        if (node.Structure is { } around)
        {
            x = Scaled(around, node.Prefix, x, node.Columns);
            float[] before = x;
            float[] Numbers(ParameterSpec column) => [.. node.Columns.Select(i => ColumnNumber(node.Prefix, column, row, i))];
            if (around.Columns.FirstOrDefault(column => column.Role == ParameterRole.Scale) is { } scale)
            {
                x = [.. before.Zip(Numbers(scale), (a, c) => (float)(a * c))];
            }

            // The sums are in f64: their own error is far below their rounding to f32.
            OracleProduct Shift(float[] from, ParameterSpec column, int sign) => Rounded(
                sign * from.Zip(Numbers(column), (a, b) => (double)a * b).Sum(), from.Zip(Numbers(column), (a, b) => Math.Abs((double)a * b)).Sum() * 1e-12);
            shifts.AddRange(around.Columns.Where(column => column.Role == ParameterRole.Zero).Select(column => Shift(x, column, -1)));
            shifts.AddRange(around.Columns.Where(column => column.Role == ParameterRole.Min).Select(column => Shift(before, column, 1)));
        }

        OracleProduct product = node.Cell is { } cell ? CellProduct(node, cell, row, x, mode, descriptors(cell)) : Sum(node, row, x, mode, descriptors);
        foreach (OracleProduct shift in shifts)
        {
            product = Rounded(product.Value + shift.Value, product.Bound + shift.Bound);
        }

        return node.Structure?.Outer?.Row is { } type ? Times(product, Number(node.Prefix + "row", type, row)) : product;
    }

    private OracleProduct Sum(Node node, int row, float[] x, ComputeMode mode, Func<FormatSpec, FormatDescriptor> descriptors)
    {
        OracleProduct? sum = null;
        foreach (Node child in Children(node))
        {
            float[] own = [.. child.Within.Select(j => x[j])];
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
                decoded, descriptor.Activations, OracleActivations.Of(descriptor, x), cell.Parameters.Count, descriptor.Int8TableError);
    }

    private float ColumnNumber(string prefix, ParameterSpec column, int row, int i) =>
        Number(prefix + column.Name, column, (column.Outputs == 1 ? 0 : GroupOf(prefix, column, row) * inputs) + i);

    private float Number(string tensor, StoredType type, int index) =>
        Number(tensor, new ParameterSpec(ParameterRole.Scale, tensor, type, ParameterExtent.Column, 0, 1, 0, false), index);

    private float Number(string tensor, ParameterSpec parameter, int index)
    {
        if (!_numbers.TryGetValue(tensor, out float[]? numbers))
        {
            int bits = parameter.Type.Bits;
            numbers = [.. Enumerable.Range(0, tensors[tensor].Length * 8 / bits).Select(i => CodeDecoder.Number(parameter, Bits(tensor, i, bits)))];
            _numbers.Add(tensor, numbers);
        }

        return numbers[index];
    }

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

using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;
using KernelGen.Tests.Kernels;
using KernelGen.Tests.Oracle;
using Xunit;

namespace KernelGen.Tests.Structures;

/// <summary>A stored matrix of a declared structure, made of random bits, and the oracle of the same declaration.</summary>
internal sealed class StructureCase
{
    private static readonly Lazy<Dictionary<string, FormatDescriptor>> s_cells = new(() => KernelCase.Declared.ToDictionary(f => f.FullName));

    private readonly Dictionary<string, byte[]> _bytes = [];

    private StructureCase(StructureDescriptor descriptor, StructureSpec spec, int outputs, int inputs)
    {
        Descriptor = descriptor;
        Spec = spec;
        Outputs = outputs;
        Inputs = inputs;
        Oracle = new StructureOracle(spec, outputs, inputs, _bytes);
    }

    /// <summary>Every structure by name.</summary>
    public static TheoryData<string> Names => new(KernelCase.Structures.Select(s => s.FullName));

    /// <summary>Every structure by name, on every target this machine supports for all its cells.</summary>
    public static TheoryData<string, KernelTarget> All
    {
        get
        {
            TheoryData<string, KernelTarget> cases = [];
            foreach (StructureDescriptor structure in KernelCase.Structures)
            {
                foreach (KernelTarget target in Targets(structure))
                {
                    cases.Add(structure.FullName, target);
                }
            }

            return cases;
        }
    }

    public StructureDescriptor Descriptor { get; }

    public StructureSpec Spec { get; }

    public int Outputs { get; }

    public int Inputs { get; }

    public StructureOracle Oracle { get; }

    /// <summary>What the shape does not say: columns of the parts, then slabs.</summary>
    public long[] Counts => [.. Oracle.PartInputs.Select(count => (long)count), .. StructureOracle.Slabs(Spec, Outputs) is > 0 and int slabs ? [(long)slabs] : Array.Empty<long>()];

    /// <summary>Makes a matrix with moderate scales and vectors.</summary>
    /// <param name="name">The structure's full name.</param>
    /// <param name="outputs">Rows.</param>
    /// <param name="inputs">Row length.</param>
    /// <param name="random">Gives the bits.</param>
    /// <param name="part">The part that holds all columns, or -1: each column is in any.</param>
    public static StructureCase Make(string name, int outputs, int inputs, Random random, int part = -1)
    {
        StructureDescriptor descriptor = KernelCase.Structures.Single(s => s.FullName == name);
        StructureCase made = new(descriptor, DeclaredFormats.Structures[name], outputs, inputs);
        int parts = StructureOracle.HasMask(made.Spec) ? made.Spec.Parts.Count : 0;
        int[] counts = new int[parts];
        if (parts > 0)
        {
            int bits = StructureOracle.MaskBits(parts);
            byte[] mask = new byte[((inputs * bits) + 7) / 8];
            for (int i = 0; i < inputs; i++)
            {
                int own = part >= 0 ? part : random.Next(parts);
                counts[own]++;
                for (int bit = 0; bit < bits; bit++)
                {
                    int at = (i * bits) + bit;
                    mask[at / 8] |= (byte)(((own >> bit) & 1) << (at % 8));
                }
            }

            made._bytes["mask"] = mask;
        }

        foreach (OracleTensor tensor in StructureOracle.Tensors(made.Spec, outputs, inputs, counts).Where(t => t.Name != "mask"))
        {
            made._bytes[tensor.Name] = tensor.Name.EndsWith("order", StringComparison.Ordinal) ? Order(outputs, tensor.Type.Bits / 8, random)
                : tensor.Name.EndsWith("runs", StringComparison.Ordinal) ? Runs(outputs, (int)tensor.Count, random)
                : tensor.Cell is { } cell
                ? WithoutApart(cell, StoredRows.OfModerateScales(DeclaredFormats.OracleOf(cell), outputs, tensor.Inputs, random).Blocks)
                : Numbers(tensor, random);
        }

        return made;
    }

    /// <summary>The targets all cells of a structure have and this machine supports.</summary>
    public static IEnumerable<KernelTarget> Targets(StructureDescriptor structure) => structure.Cells
        .Select(cell => cell.Kernels.Select(kernels => kernels.Target).Where(TargetSelection.IsSupported))
        .Aggregate((all, next) => all.Intersect(next));

    /// <summary>The tensors as the runtime takes them.</summary>
    public TensorSet Tensors()
    {
        TensorSet tensors = new();
        foreach (TensorInfo info in Descriptor.Tensors(Outputs, Inputs, Counts))
        {
            tensors.Add(info, _bytes[info.Name]);
        }

        return tensors;
    }

    /// <summary>The matrix.</summary>
    public StructuredMatrix Load()
    {
        using TensorSet tensors = Tensors();
        return StructuredMatrix.FromTensors(Descriptor, Outputs, Inputs, tensors);
    }

    /// <summary>What a product may be: [row of activations, output].</summary>
    public OracleProduct[][] Products(float[] x, int rows, ComputeMode mode)
    {
        OracleProduct[][] y = new OracleProduct[rows][];
        for (int m = 0; m < rows; m++)
        {
            float[] row = x[(m * Inputs)..((m + 1) * Inputs)];
            y[m] = [.. Enumerable.Range(0, Outputs).Select(n => Oracle.Product(n, row, mode, Cell))];
            y[m] = Spec.PostNorm is { } epsilon ? StructureOracle.Normalize(y[m], epsilon) : y[m];
        }

        return y;
    }

    private static FormatDescriptor Cell(FormatSpec spec) => s_cells.Value[DeclaredFormats.FullName(spec)];

    private static byte[] WithoutApart(FormatSpec cell, byte[] blocks)
    {
        HashSet<int> apart = StructureOracle.BytesApart(cell);
        return apart.Count == 0 ? blocks : [.. blocks.Where((_, at) => !apart.Contains(at % cell.Block.Bytes))];
    }

    private static byte[] Order(int outputs, int bytes, Random random)
    {
        int[] order = [.. Enumerable.Range(0, outputs)];
        random.Shuffle(order);
        return [.. order.SelectMany(output => BitConverter.GetBytes(output).Take(bytes))];
    }

    /// <summary>Lengths of runs, some of them 0, that add up to all rows.</summary>
    private static byte[] Runs(int outputs, int count, Random random)
    {
        int[] ends = [.. Enumerable.Range(0, count - 1).Select(_ => random.Next(outputs + 1)).Order(), outputs];
        return [.. ends.Select((end, run) => end - (run == 0 ? 0 : ends[run - 1])).SelectMany(BitConverter.GetBytes)];
    }

    private static byte[] Numbers(OracleTensor tensor, Random random)
    {
        (StoredType type, long count) = (tensor.Type, tensor.Count);
        byte[] bytes = new byte[((count * type.Bits) + 7) / 8];
        ParameterSpec parameter = tensor.Parameter ?? new ParameterSpec(ParameterRole.Scale, tensor.Name, type, ParameterExtent.Column, 0, 1, 0, false);
        for (long i = 0; i < count; i++)
        {
            uint stored = ParameterBits.Moderate(parameter, random);
            for (int bit = 0; bit < type.Bits; bit++)
            {
                long at = (i * type.Bits) + bit;
                bytes[at / 8] |= (byte)(((stored >> bit) & 1) << (int)(at % 8));
            }
        }

        return bytes;
    }
}

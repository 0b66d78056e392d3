using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Formats;
using KernelGen.Generator.Model;
using KernelGen.Probes;
using KernelGen.Tests.Oracle;
using Xunit;

namespace KernelGen.Tests.Kernels;

/// <summary>One declared format on one target: its kernels and the oracle they are compared with.</summary>
internal sealed class KernelCase
{
    /// <param name="descriptor">The generated descriptor.</param>
    /// <param name="target">One of its targets.</param>
    /// <param name="oracle">The oracle of the same declaration.</param>
    public KernelCase(FormatDescriptor descriptor, KernelTarget target, FormatOracle oracle)
    {
        Descriptor = descriptor;
        Kernels = descriptor.Kernels.Single(k => k.Target == target);
        Scalar = descriptor.Kernels.Single(k => k.Target == KernelTarget.Scalar);
        Oracle = oracle;
    }

    /// <param name="descriptor">The generated descriptor.</param>
    /// <param name="kernels">The kernels.</param>
    /// <param name="scalar">The scalar kernels.</param>
    /// <param name="oracle">The oracle of the same declaration.</param>
    public KernelCase(FormatDescriptor descriptor, KernelSet kernels, KernelSet scalar, FormatOracle oracle) =>
        (Descriptor, Kernels, Scalar, Oracle) = (descriptor, kernels, scalar, oracle);

    /// <summary>
    /// The catalogue and the probes: declarations that exist for the tests, so that every decoded form, kind of level and layout is
    /// there. The cells of structures are among them.
    /// </summary>
    public static IEnumerable<FormatDescriptor> Declared => FormatCatalogue.All
        .Concat(ProbeCatalogue.All)
        .Concat(Structures.SelectMany(s => s.Cells))
        .DistinctBy(f => f.FullName);

    /// <summary>The structured formats of the catalogue and the probes.</summary>
    public static IEnumerable<StructureDescriptor> Structures => FormatCatalogue.Structures.Concat(ProbeCatalogue.Structures);

    /// <summary>Every format by name, on every target this machine supports.</summary>
    public static TheoryData<string, KernelTarget> All
    {
        get
        {
            TheoryData<string, KernelTarget> cases = [];
            foreach (FormatDescriptor format in Declared)
            {
                foreach (KernelSet kernels in format.Kernels.Where(k => TargetSelection.IsSupported(k.Target)))
                {
                    cases.Add(format.FullName, kernels.Target);
                }
            }

            return cases;
        }
    }

    /// <summary>Every format by name.</summary>
    public static TheoryData<string> Formats => new(Declared.Select(f => f.FullName));

    public FormatDescriptor Descriptor { get; }

    public KernelSet Kernels { get; }

    /// <summary>The scalar kernels, whose bytes the other targets' must equal.</summary>
    public KernelSet Scalar { get; }

    public FormatOracle Oracle { get; }

    /// <summary>Whether the kernels' intrinsics are emulated.</summary>
    public bool IsEmulated { get; init; }

    /// <summary>Whether tests take fewer shapes: the format is declared for the tests only, or the kernels are slow.</summary>
    public bool IsBrief => IsEmulated || !Descriptor.FullName.StartsWith("KernelGen.Formats.", StringComparison.Ordinal);

    /// <summary>Levels of scales, minima and zero points together.</summary>
    public int Levels => Oracle.Spec.Parameters.Count(p => p.IsFactor);

    /// <summary>Any stored code; of plain floats one between 2^-6 and 2 in magnitude.</summary>
    public uint AnyCode(Random random) => StoredRows.AnyCode(Oracle, random);

    /// <summary>Stored codes as the kernels take them: in 1, 2 or 4 bytes each.</summary>
    public byte[] CodeArray(uint[] codes) =>
        [.. codes.SelectMany(code => BitConverter.GetBytes(code).Take(Descriptor.CodeBytes))];

    /// <summary>The case of a format and a target.</summary>
    public static KernelCase Of(string format, KernelTarget target) =>
        new(Declared.Single(f => f.FullName == format), target, DeclaredFormats.OracleOf(format));

    /// <summary>
    /// Row lengths to test: 1 to 4 blocks + 17 where blocks are small, and the neighbourhood of the multiples of 8, 32 and the
    /// block where they are large; a few where kernels are emulated; only those the format accepts.
    /// </summary>
    public IReadOnlyList<int> Lengths()
    {
        int block = Descriptor.BlockInputs;
        if (IsEmulated)
        {
            return [.. new[] { 1, 7, 35, block, block + 9, (2 * block) + 17, 3 * block }.Where(k => Oracle.Accepts(k)).Distinct().Order()];
        }

        int end = (4 * block) + 17;
        IEnumerable<int> lengths = Enumerable.Range(1, end);
        if (end > 160)
        {
            lengths = lengths.Where(k => k < 36 || Near(k, block) || k % 61 == 0 || k == end);
        }

        return [.. lengths.Where(k => Oracle.Accepts(k))];

        static bool Near(int k, int block) => k % block is var rest && (rest <= 1 || rest == 31 || rest == 33 || rest == block - 1);
    }

    /// <summary>The longest accepted length up to 4 blocks + 17.</summary>
    public int Longest => Lengths()[^1];
}

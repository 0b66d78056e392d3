using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Encoders;

/// <summary>The scale of a cell as <c>(a * n) + b</c>: a float for a run of blocks, a code of up to 8 bits for a group in the block, a float of the matrix.</summary>
internal sealed class NestedScale
{
    private readonly int _groupsPerBlock;

    private NestedScale(FormatDescriptor cell, SharedParameter run, FormatParameter code, FormatParameter offset, StoredParameter codes)
    {
        Cell = cell;
        Run = run;
        Offset = offset;
        Codes = codes;
        Weights = new NearestCode([.. cell.Codes!.Numbers], isLowerOfTwo: true);
        _groupsPerBlock = code.EntriesPerBlock;
    }

    /// <summary>The cell.</summary>
    public FormatDescriptor Cell { get; }

    /// <summary>The float of a run of blocks.</summary>
    public SharedParameter Run { get; }

    /// <summary>The float of the matrix, which is added.</summary>
    public FormatParameter Offset { get; }

    /// <summary>The numbers n and their codes.</summary>
    public StoredParameter Codes { get; }

    /// <summary>Finds codes of weights.</summary>
    public NearestCode Weights { get; }

    /// <summary>Whether n has both signs.</summary>
    public bool HasBothSigns => Codes.First < 0;

    /// <summary>The largest n, above 0.</summary>
    public float LargestNumber => Codes.NumberAt(Codes.Count - 1);

    /// <summary>Reads a cell.</summary>
    /// <param name="node">The cell.</param>
    /// <returns>Its scale, or null where it is another one or the cell has other parameters.</returns>
    public static NestedScale? Of(CellNode node)
    {
        FormatDescriptor cell = node.Format;
        IReadOnlyList<FormatParameter> all = cell.Parameters;
        if (node.Shared is not [{ Blocks: > 1, Outputs: 1 } run] || all.Count != 3 || all.Any(static parameter => parameter.Role != "scale")
            || cell is not { Codes: { Length: 1 }, CodeBits: <= 8, Ragged: RaggedRows.Pad } || cell.CodesPerBlock != cell.BlockInputs)
        {
            return null;
        }

        FormatParameter? offset = all.SingleOrDefault(static parameter => parameter is { Added: true, Per: Extent.Tensor });
        FormatParameter? shared = all.SingleOrDefault(parameter => parameter.Name == run.Name && !parameter.Added);
        FormatParameter? code = all.SingleOrDefault(parameter => parameter != offset && parameter != shared && parameter is { EntriesPerBlock: > 0, Added: false });
        if (offset is null || shared is null || code is null || !IsPlainFloat(offset) || !IsPlainFloat(shared))
        {
            return null;
        }

        StoredParameter codes = new(code, all.TakeWhile(parameter => parameter != code).Sum(static parameter => parameter.EntriesPerBlock), 1);
        return codes is { IsContinuous: false } && codes.NumberAt(codes.Count - 1) > 0 ? new NestedScale(cell, run, code, offset, codes) : null;
    }

    /// <summary>Blocks of a row.</summary>
    /// <param name="inputs">Row length.</param>
    /// <returns>Their number.</returns>
    public long RowBlocks(long inputs) => (inputs + Cell.BlockInputs - 1) / Cell.BlockInputs;

    /// <summary>Groups of a row, those of the last block that have no weights included.</summary>
    /// <param name="inputs">Row length.</param>
    /// <returns>Their number.</returns>
    public long RowGroups(long inputs) => RowBlocks(inputs) * _groupsPerBlock;

    /// <summary>The run of a group.</summary>
    /// <param name="row">The row.</param>
    /// <param name="group">The group's place in the row.</param>
    /// <param name="inputs">Row length.</param>
    /// <returns>The index of the run's float.</returns>
    public long RunOf(long row, long group, long inputs) => Run.RunOf(row, group / _groupsPerBlock, RowBlocks(inputs));

    /// <summary>Where the code of a group stands among the parameters of a row's blocks.</summary>
    /// <param name="group">The group's place in the row.</param>
    /// <returns>The index.</returns>
    public long EntryOf(long group) => (group / _groupsPerBlock * Cell.ParametersPerBlock) + Codes.Offset + (group % _groupsPerBlock);

    private static bool IsPlainFloat(FormatParameter parameter) =>
        parameter is { Type: { } type, Multiply: 1, Add: 0, Negative: false } && SignCell.IsFloat(type);
}

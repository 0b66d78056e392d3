using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning;

/// <summary>Plans the packed layout of a panel.</summary>
internal static class PanelPlanner
{
    private const int NibbleBits = 4;
    private const int ByteBits = 8;
    private const int SingleBytes = 4;

    /// <summary>The layout for panels that interleave <paramref name="panelRows"/> rows, or several times as many where GEMV looks sums up.</summary>
    public static PanelPlan Plan(FormatSpec spec, DecodedForm form, Grouping grouping, ScalePath scaling, int panelRows)
    {
        bool tables = spec.Learned < 0 && TableProducts.Pay(form, grouping, scaling);
        int rows = tables ? TableProducts.TallPanels * panelRows : panelRows;
        List<int> workedOut = WorkedOut(spec, scaling);
        var fields = new List<PanelField>();
        int header = 0;
        int at = 0;
        foreach (int i in Enumerable.Range(0, spec.Parameters.Count).Where(i => HasField(spec, i, workedOut)))
        {
            ParameterSpec parameter = spec.Parameters[i];
            if (parameter.Role == ParameterRole.Codebook)
            {
                fields.Add(new PanelField(i, PanelPlace.Table, new StoredType(StoredClass.Float32, 32), header, SingleBytes, parameter.Count));
                header += SingleBytes * rows * parameter.Count;
            }
            else if (parameter.IsSide)
            {
                fields.Add(new PanelField(i, PanelPlace.Header, parameter.Type, header, SingleBytes, 1));
                header += SingleBytes * rows;
            }
            else
            {
                PanelField field = InBlock(spec, scaling, i, grouping.Block / parameter.Inputs, workedOut.Contains(i)) with { At = at };
                PanelField? shared = field.Place == PanelPlace.NibblePairs ? fields.FirstOrDefault(static other => other.Place == PanelPlace.NibblePairs) : null;
                fields.Add(shared is null ? field : field with { At = shared.At, FromBit = NibbleBits });
                at += shared is null ? (field.IsPairs ? (field.Entries + 1) / 2 * 2 : field.Entries) * rows * field.EntryBytes : 0;
            }
        }

        // The number of a table that no input of a block changes stands there once, not in every code.
        int codeBits = form.PackedBits;
        if (spec.Selector >= 0 && spec.Parameters[spec.Selector].Inputs == grouping.Block && form.IsLookup)
        {
            fields.Add(new PanelField(spec.Selector, PanelPlace.Selector, new StoredType(StoredClass.Unsigned, ByteBits), at, 1, 1));
            at += rows;
            codeBits -= spec.SelectorBits;
        }

        PanelIntegers? integers = form.StoredNumbers == 0 ? null
            : new(header, header + (SingleBytes * rows), PanelIntegers.TableBytes * (spec.HasMatrixTable ? 1 : rows));
        return new PanelPlan(
            rows,
            fields.ToEquatableArray(),
            at,
            // Codes fill whole chunks; plain floats stand as they are.
            at + ((spec.Codes.Float is null ? grouping.QuadsPerBlock * 4 : grouping.Block) * rows * codeBits / ByteBits),
            integers?.End ?? header,
            Planes(spec.Codes.Float is null ? codeBits : 0).ToEquatableArray(),
            codeBits,
            tables,
            integers);
    }

    /// <summary>Whether a parameter is stored in panels: a table of rows, or a factor of weights that is no part of a number that is worked out.</summary>
    private static bool HasField(FormatSpec spec, int index, List<int> workedOut) => spec.Parameters[index] is var parameter && parameter.Role == ParameterRole.Codebook
        ? parameter.Extent == ParameterExtent.Row
        : parameter.IsFactor && (workedOut.Contains(index) || workedOut.All(level => spec.Parameters[level].Role != parameter.Role));

    /// <summary>How the entries of a block's parameter are stored.</summary>
    private static PanelField InBlock(FormatSpec spec, ScalePath scaling, int index, int entries, bool workedOut)
    {
        if (workedOut)
        {
            return new PanelField(index, PanelPlace.Entries, new StoredType(StoredClass.Float32, 32), 0, SingleBytes, entries) { IsRole = true };
        }

        StoredType type = TypeOf(spec.Parameters[index]);
        return scaling.Integer && (index == scaling.InnerScale || index == scaling.InnerMin)
            ? new PanelField(index, SharesBytes(spec, scaling) ? PanelPlace.NibblePairs : PanelPlace.Pairs, type, 0, 1, entries)
            : new PanelField(index, PanelPlace.Entries, type, 0, Bytes(type), entries) { Power = Exponents(spec.Parameters[index])?.Power };
    }

    /// <summary>Whether the integers of a group's scale and minimum both are numbers of 4 bits.</summary>
    private static bool SharesBytes(FormatSpec spec, ScalePath scaling) =>
        scaling.InnerMin >= 0
        && new[] { scaling.InnerScale, scaling.InnerMin }.All(level => FormatPlanner.IntegerRange(spec.Parameters[level]) is { Low: >= 0, High: < 1 << NibbleBits });

    /// <summary>
    /// The innermost levels of roles whose numbers are worked out when a panel is packed: where that takes fewer bytes than a block's levels, a table among them, whose stored codes a
    /// panel loses anyway.
    /// </summary>
    private static List<int> WorkedOut(FormatSpec spec, ScalePath scaling)
    {
        var innermost = new List<int>();
        foreach (ParameterRole role in new[] { ParameterRole.Scale, ParameterRole.Min, ParameterRole.Zero })
        {
            List<int> levels = FormatPlanner.Levels(spec, role).Where(level => !spec.Parameters[level].IsSide).OrderBy(level => spec.Parameters[level].Inputs).ToList();
            int Entries(int level) => spec.Block.Inputs / spec.Parameters[level].Inputs;
            if (!scaling.Integer
                && levels.Any(level => spec.Parameters[level].Type.Class == StoredClass.Table)
                && SingleBytes * Entries(levels[0]) < levels.Sum(level => Bytes(TypeOf(spec.Parameters[level])) * Entries(level)))
            {
                innermost.Add(levels[0]);
            }
        }

        return innermost;
    }

    /// <summary>A parameter's type in a panel: as stored, but for tables the narrowest type that holds all of their numbers.</summary>
    private static StoredType TypeOf(ParameterSpec parameter) =>
        parameter.Type.Class != StoredClass.Table ? parameter.Type
        : Exponents(parameter) is not null ? new StoredType(StoredClass.Exponent8, 8)
        : parameter.Table.All(HalfBits.Holds) ? new StoredType(StoredClass.Float16, 16)
        : new StoredType(StoredClass.Float32, 32);

    private static ExponentBytes? Exponents(ParameterSpec parameter) => parameter.Type.Class == StoredClass.Table ? ExponentBytes.Of(parameter.Table) : null;

    private static int Bytes(StoredType type) => (type.Bits + 7) / 8;

    /// <summary>The widths of the planes of codes of so many bits, low bits first.</summary>
    private static IEnumerable<int> Planes(int bits)
    {
        for (int plane; bits > 0; bits -= plane)
        {
            plane = bits >= 8 ? 8 : bits >= 4 ? 4 : bits >= 2 ? 2 : 1;
            yield return plane;
        }
    }
}

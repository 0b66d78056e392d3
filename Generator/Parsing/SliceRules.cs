using System;
using System.Collections.Generic;
using System.Globalization;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>Checks one [Slice] by itself: its quantity, its map and its reach.</summary>
internal static class SliceRules
{
    private const int MaxBits = LayoutBuilder.MaxBlockBytes * 8;

    /// <summary>The slice, or none and a diagnostic.</summary>
    public static SliceSpec? Read(
        DeclaredSlice slice,
        IReadOnlyList<ParameterSpec> parameters,
        int codeBits,
        Func<int, int> entriesOf,
        DiagnosticBag diagnostics)
    {
        if (Quantity(slice, parameters, diagnostics) is not { } quantity || Map(slice, diagnostics) is not { } map)
        {
            return null;
        }

        int width = quantity < 0 ? codeBits : parameters[quantity].Type.Bits;
        int entries = entriesOf(quantity);
        if (slice.Bits < 1 || slice.FromBit < 0 || slice.Bits > width || slice.FromBit > width - slice.Bits)
        {
            diagnostics.Add(
                Rules.SliceRange,
                slice.Location,
                Text(slice.Bits) + " bits from bit " + Text(slice.FromBit),
                slice.Quantity,
                Text(width) + " bits");
            return null;
        }

        long count = 1;
        long low = slice.At;
        long high = (long)slice.At + slice.Bits - 1;
        bool aligned = slice.At % 8 == 0;
        foreach (Dimension dimension in map)
        {
            // Both stay far from overflow: a count past the entries ends the loop.
            count *= dimension.Count;
            if (count > entries)
            {
                break;
            }

            long reach = (dimension.Count - 1L) * dimension.Stride;
            low += Math.Min(reach, 0);
            high += Math.Max(reach, 0);
            aligned &= dimension.Count == 1 || dimension.Stride % 8 == 0;
        }

        if (slice.First < 0 || count > entries || slice.First > entries - count)
        {
            diagnostics.Add(
                Rules.SliceRange,
                slice.Location,
                (count > entries ? "more than " + Text(entries) : Text((int)count)) + " entries from entry " + Text(slice.First),
                slice.Quantity,
                Text(entries) + " entries");
            return null;
        }

        if (low < 0 || high >= MaxBits)
        {
            diagnostics.Add(Rules.SlicePosition, slice.Location, low < 0 ? low : high, MaxBits - 1);
            return null;
        }

        if (slice.Bits > 8 && !aligned)
        {
            diagnostics.Add(Rules.SliceAlignment, slice.Location, slice.Bits);
            return null;
        }

        return new SliceSpec(quantity, slice.First, slice.FromBit, slice.Bits, slice.At, SliceMaps.Normal(map));
    }

    private static int? Quantity(DeclaredSlice slice, IReadOnlyList<ParameterSpec> parameters, DiagnosticBag diagnostics)
    {
        if (slice.Quantity == ParameterRules.CodesName)
        {
            return SliceSpec.CodesQuantity;
        }

        for (int i = 0; i < parameters.Count; i++)
        {
            if (parameters[i].Name == slice.Quantity)
            {
                if (!parameters[i].IsSide)
                {
                    return i;
                }

                diagnostics.Add(Rules.SliceQuantity, slice.Location, slice.Quantity, "it is a side array, not a field of the block");
                return null;
            }
        }

        diagnostics.Add(Rules.SliceQuantity, slice.Location, slice.Quantity, "no parameter has this name, and the element codes are called 'codes'");
        return null;
    }

    private static List<Dimension>? Map(DeclaredSlice slice, DiagnosticBag diagnostics)
    {
        if (slice.Map.Count % 2 != 0)
        {
            diagnostics.Add(Rules.SliceMap, slice.Location, "it has " + Text(slice.Map.Count) + " numbers");
            return null;
        }

        List<Dimension> map = [];
        for (int i = 0; i < slice.Map.Count; i += 2)
        {
            if (slice.Map[i] < 1)
            {
                diagnostics.Add(Rules.SliceMap, slice.Location, "the count " + Text(slice.Map[i]) + " is not positive");
                return null;
            }

            map.Add(new Dimension(slice.Map[i], slice.Map[i + 1]));
        }

        return map;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}

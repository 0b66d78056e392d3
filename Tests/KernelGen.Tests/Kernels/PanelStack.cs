using System;
using System.Collections.Generic;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;

namespace KernelGen.Tests.Kernels;

/// <summary>
/// Panels of 8 rows stacked into one of a taller layout: the rows of every part of a panel stand side by side, those of the first
/// panel before those of the next.
/// </summary>
internal static class PanelStack
{
    /// <summary>The panel of a case's layout that holds the rows of the scalar kernels' panels.</summary>
    /// <param name="test">The case.</param>
    /// <param name="panels">The scalar panels, one after another.</param>
    /// <param name="inputs">Row length K.</param>
    /// <returns>The bytes of one panel.</returns>
    public static byte[] Of(KernelCase test, ReadOnlySpan<byte> panels, int inputs)
    {
        PanelLayout low = test.Scalar.Panel;
        PanelLayout high = test.Kernels.Panel;
        byte[] stacked = new byte[high.HeaderBytes + (high.Blocks(inputs) * high.BlockBytes)];
        int stride = (int)low.PanelBytes(inputs);
        int times = high.Rows / low.Rows;
        for (int p = 0; p < times && p * stride < panels.Length; p++)
        {
            int from = p * stride;
            int to = 0;
            foreach ((int bytes, int part) in Parts(test, low, low.Blocks(inputs)))
            {
                if (part == 0)
                {
                    panels.Slice(from, bytes).CopyTo(stacked.AsSpan(to));
                    (from, to) = (from + bytes, to + bytes);
                    continue;
                }

                for (int end = from + bytes; from < end; from += part, to += times * part)
                {
                    panels.Slice(from, part).CopyTo(stacked.AsSpan(to + (p * part)));
                }
            }
        }

        return stacked;
    }

    /// <summary>The runs of a panel of 8 rows in order: their bytes, and the bytes of one entry of all rows; 0 where they are the matrix's.</summary>
    private static IEnumerable<(int Bytes, int Part)> Parts(KernelCase test, PanelLayout low, long blocks)
    {
        FormatPlan plan = FormatPlanner.Plan(test.Oracle.Spec, new ScalarTarget().PanelRows);
        yield return (low.HeaderBytes - plan.MatrixHeaderBytes, 4 * low.Rows);
        yield return (plan.MatrixHeaderBytes, 0);
        for (long block = 0; block < blocks; block++)
        {
            foreach (PanelField field in plan.Panel.Fields)
            {
                if (field.Place is PanelPlace.Entries or PanelPlace.Selector)
                {
                    yield return (field.Entries * field.EntryBytes * low.Rows, field.EntryBytes * low.Rows);
                }
                else if (field.IsPairs && field.FromBit == 0)
                {
                    yield return ((field.Entries + 1) / 2 * 2 * low.Rows, 2 * low.Rows);
                }
            }

            // Code planes by quads of inputs, bytes of 8 codes by byte, plain floats by inputs.
            int part = plan.IsFloat ? low.Rows * plan.Spec.Codes.Bits / 8 : plan.Panel.HasTables ? low.Rows : plan.Panel.VectorBytes;
            yield return (plan.Panel.BlockBytes - plan.Panel.CodesAt, part);
        }
    }
}

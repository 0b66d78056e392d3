using System;
using System.Collections.Generic;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Kernels;

/// <summary>Where the parameters and codes of rows stand in a panel, as packing and its inverse write them.</summary>
internal sealed class PanelWords(FormatPlan plan)
{
    private readonly FormatSpec _spec = plan.Spec;
    private readonly PanelPlan _panel = plan.Panel;
    private readonly Grouping _grouping = plan.Grouping;

    /// <summary>Stored blocks in a packed one.</summary>
    public int BlocksPerPackedBlock => _grouping.Block / _spec.Block.Inputs;

    /// <summary>Bytes of a stored block's codes in the quads. Unpadded segments may be longer than the block.</summary>
    public int PartBytes => PackPanelKernel.IsPadded(plan) ? _spec.Block.Inputs / _grouping.Segment * _grouping.PaddedSegment : _spec.Block.Inputs * Buffers.ElementBytes(_spec);

    /// <summary>Where entry <c>i</c> of a part's parameter stands for row <c>r</c> of a panel of so many rows.</summary>
    public string Pointer(PanelField field, string part, string rows)
    {
        string entry = IndexExpression.Sum(IndexExpression.Times(part, _spec.Block.Inputs / _spec.Parameters[field.Parameter].Inputs), "i");
        string at = rows == $"{_panel.Rows}" ? $"{field.At}" : $"({field.At / _panel.Rows} * {rows})";
        return field.IsPairs
            ? $"packed + {at} + ((({entry}) / 2 * {rows}) * 2) + (r * 2) + (({entry}) % 2)"
            : $"packed + {at} + (((({entry}) * {rows}) + r) * {field.EntryBytes})";
    }

    /// <summary>Copies codes between input order and segments of whole quads.</summary>
    public void MoveSegments(CodeWriter code, string codes, string quads, bool spread)
    {
        int segment = _grouping.Segment;
        using (code.Block($"for (int i = 0; i < {_spec.Block.Inputs}; i++)"))
        {
            string quad = $"({quads})[(i / {segment} * {_grouping.PaddedSegment}) + (i % {segment})]";
            code.Line(spread ? $"{quad} = {codes}[i];" : $"{codes}[i] = {quad};");
        }
    }

    /// <summary>Plain floats stand in a panel as they are: [input][row].</summary>
    public void MoveFloats(CodeWriter code, Func<string, string, string> move)
    {
        string element = Buffers.ElementType(_spec);
        using (code.Block($"for (int e = 0; e < {_grouping.Block}; e++)"))
        {
            code.Line(move($"(({element}*)planes)[(e * rows) + r]", $"(({element}*)quads)[e]"));
        }
    }

    /// <summary>The words (bytes, where sums are looked up) of a chunk: its number, the quads in it, the lowest code bit and how many bits of a code.</summary>
    public IEnumerable<(int At, int[] Quads, int Bit, int Width)> All()
    {
        if (_panel.HasTables)
        {
            // Bytes of 8 codes: two quads each.
            for (int pair = 0; pair < 4; pair++)
            {
                yield return (pair, [2 * pair, (2 * pair) + 1], 0, 1);
            }

            yield break;
        }

        int at = 0;
        int bit = 0;
        foreach (int width in _panel.PlaneBits)
        {
            for (int v = 0; v < width; v++)
            {
                yield return (at++, [.. _panel.QuadsOf(width, v)], bit, width);
            }

            bit += width;
        }
    }

    /// <summary>A field of every byte of a word moved from one bit to another; the mask is left out where nothing else is there.</summary>
    public string Moved(string word, int from, int to, int width, bool always = false)
    {
        string moved = from > to ? $"({word} >> {from - to})" : from < to ? $"({word} << {to - from})" : word;
        int mask = ((1 << width) - 1) << to;
        return width == 8 || (!always && width == plan.Form.PackedBits) ? moved : $"({moved} & 0x{mask:X2}{mask:X2}{mask:X2}{mask:X2}u)";
    }
}

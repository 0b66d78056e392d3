using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning;

/// <summary>
/// How the encoder finds a format's parameters. Every role has at most one level whose real value is found from the weights it
/// covers (the innermost), and at most one level above it, in the block, that normalises the integers of the level below.
/// </summary>
/// <param name="Scale">The innermost scale, or -1.</param>
/// <param name="OuterScale">The level above it, or -1.</param>
/// <param name="Min">The innermost minimum, or -1.</param>
/// <param name="OuterMin">The level above it, or -1.</param>
/// <param name="Zero">The zero point, or -1.</param>
/// <param name="Extent">What the innermost levels cover.</param>
/// <param name="RowScale">The scale of the row in whose units everything else is chosen, or -1.</param>
internal sealed record EncoderPlan(int Scale, int OuterScale, int Min, int OuterMin, int Zero, ParameterExtent Extent, int RowScale = -1)
{
    /// <summary>Whether scales are integers in the block under one float per row, and nothing is added to what they multiply.</summary>
    public static bool IsUnderRow(IReadOnlyList<ParameterSpec> parameters)
    {
        List<ParameterSpec> scales = parameters.Where(static parameter => parameter.Role == ParameterRole.Scale).ToList();
        return scales.Count == 2
            && scales.Count(static scale => scale is { Extent: ParameterExtent.Row, Type.Class: StoredClass.Float32 or StoredClass.Float16 or StoredClass.BFloat16 }) == 1
            && scales.Count(static scale => scale is { IsSide: false, Type.Class: StoredClass.Unsigned or StoredClass.Signed }) == 1
            && parameters.All(static parameter => parameter.Role != ParameterRole.Min);
    }

    /// <summary>Plans the encoder, or says why there is none.</summary>
    public static (EncoderPlan? Plan, string? Reason) Of(FormatSpec spec)
    {
        EquatableArray<ParameterSpec> parameters = spec.Parameters;
        if (spec.Codes.Length > 1 || spec.Signs is not null)
        {
            return (null, "the encoder chooses codes of single inputs, not vectors or signs of their own");
        }

        if (spec.Learned >= 0)
        {
            return (null, "the table is fitted to the weights, which KernelGen.Encoders does");
        }

        if (spec.Codes.Float is not null && parameters.Any(static parameter => parameter.IsFactor))
        {
            return (null, "the encoder stores plain floats as they are, without scales and minima");
        }

        if (parameters.Any(static parameter => parameter.IsAdded))
        {
            return (null, "what is added to scales is found from all of them, which KernelGen.Encoders does");
        }

        List<int> scales = FormatPlanner.Levels(parameters, ParameterRole.Scale);
        List<int> mins = FormatPlanner.Levels(parameters, ParameterRole.Min);
        List<int> zeros = FormatPlanner.Levels(parameters, ParameterRole.Zero);
        if (scales.Count > 2 || mins.Count > 2 || zeros.Count > 1)
        {
            return (null, "the encoder handles at most two levels of scales and minima and one of zero points");
        }

        if (mins.Count > 0 && zeros.Count > 0)
        {
            return (null, "the encoder handles a minimum or a zero point, not both");
        }

        List<int> inner = new[] { scales, mins, zeros }.Where(l => l.Count > 0).Select(l => l[l.Count - 1]).ToList();
        if (inner.Select(i => (parameters[i].Extent, parameters[i].Inputs)).Distinct().Count() > 1)
        {
            return (null, "the encoder needs the innermost scale, minimum and zero point to have the same extent");
        }

        if ((mins.Count > 0 || zeros.Count > 0) && scales.Count == 0)
        {
            return (null, "the encoder needs a scale beside a minimum or a zero point");
        }

        if (spec.Encode.RowLimit > 0)
        {
            return spec.Selector >= 0
                ? (null, "the encoder does not choose among tables under a scale of the row")
                : (new EncoderPlan(Last(scales), -1, -1, -1, Last(zeros), ParameterExtent.Block, scales[0]), null);
        }

        foreach (List<int> levels in new[] { scales, mins }.Where(l => l.Count == 2))
        {
            ParameterSpec low = parameters[levels[1]];
            ParameterSpec high = parameters[levels[0]];
            if (high.IsSide || low.IsSide || high.Inputs == low.Inputs || low.Type.Class is not (StoredClass.Unsigned or StoredClass.Signed)
                || high.Type.Class is not (StoredClass.Float32 or StoredClass.Float16 or StoredClass.BFloat16))
            {
                return (null, "the encoder handles two levels only as integers below a float, both in the block or the float per row with a RowLimit");
            }
        }

        if (spec.Selector >= 0 && (spec.Encode.Range != EncodeRange.AbsMax || spec.Encode.Rounds != 0 || spec.Encode.Shrinks != 0 || spec.Encode.ReciprocalFirst || mins.Count + zeros.Count != 0
            || scales.Count != 1 || parameters[scales[0]].Inputs != parameters[spec.Selector].Inputs))
        {
            return (null, "the encoder chooses among tables by the largest magnitude, with one scale in the block that covers the same inputs");
        }

        return (new EncoderPlan(
            Last(scales),
            scales.Count == 2 ? scales[0] : -1,
            Last(mins),
            mins.Count == 2 ? mins[0] : -1,
            Last(zeros),
            inner.Count == 0 ? ParameterExtent.Block : parameters[inner[0]].Extent), null);
    }

    private static int Last(List<int> levels) => levels.Count == 0 ? -1 : levels[levels.Count - 1];
}

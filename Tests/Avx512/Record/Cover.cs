using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace KernelGen.Avx512;

/// <summary>Chooses formats that between them have whatever kernels are made of.</summary>
internal static partial class Cover
{
    /// <summary>The first format of each plan, layouts of panels aside: every decoded form, way of scaling and micro-kernel.</summary>
    public static List<FormatDescriptor> OfPlans(IEnumerable<FormatDescriptor> formats, KernelTarget target) =>
    [
        .. from format in formats
           let plan = format.Kernels.Single(k => k.Target == target).Plan
           group format by (plan[plan.IndexOf("Int8:", StringComparison.Ordinal)..], string.Join(' ', format.Parameters.Select(p => $"{p.Role} {p.Type}"))) into alike
           select alike.First(),
    ];

    /// <summary>Fewer, with every <see cref="Traits">trait</see>: each in turn the one with most that no other had yet, of those the first by name.</summary>
    public static List<FormatDescriptor> OfForms(IEnumerable<FormatDescriptor> formats, KernelTarget target)
    {
        Dictionary<FormatDescriptor, HashSet<string>> left = formats.ToDictionary(format => format, format => Traits(format, target));
        List<FormatDescriptor> chosen = [];
        while (left.Values.Any(traits => traits.Count > 0))
        {
            FormatDescriptor next = left.OrderByDescending(pair => pair.Value.Count).ThenBy(pair => pair.Key.FullName, StringComparer.Ordinal).First().Key;
            chosen.Add(next);
            HashSet<string> had = [.. left[next]];
            foreach (HashSet<string> traits in left.Values)
            {
                traits.ExceptWith(had);
            }
        }

        return chosen;
    }

    /// <summary>
    /// What the kernels of a format are made of: the form codes are decoded to and their planes, the lengths of activation groups and segments, what the micro-kernel applies to sums, and
    /// what is stored beside the codes, in which order and type.
    /// </summary>
    private static HashSet<string> Traits(FormatDescriptor format, KernelTarget target)
    {
        string plan = format.Kernels.Single(k => k.Target == target).Plan;
        if (!DecodedForm().IsMatch(plan) || !Planes().IsMatch(plan))
        {
            throw new InvalidOperationException($"The plan of {format.FullName} does not name its decoded form or its planes as it did when this was written: {plan}");
        }

        IEnumerable<string> clauses = from pattern in new[] { DecodedForm(), Planes(), Lengths(), Applied(), Products() } from Match match in pattern.Matches(plan) select match.Value;
        return [.. clauses, .. format.Parameters.Select(p => $"{p.Role} {p.Type}"), $"{format.Ragged} rows", $"an encoder: {format.HasEncoder}"];
    }

    /// <summary>"w = q unsigned, |w| &lt;= 15", or why there are no int8 kernels.</summary>
    [GeneratedRegex(@"Int8: .*?(?=, value|;|\.)")]
    private static partial Regex DecodedForm();

    [GeneratedRegex(@"code planes of [^;,]* bits|bytes of 8 codes|floats as stored|with the tables of the rows")]
    private static partial Regex Planes();

    [GeneratedRegex(@"a scale over \d+ inputs, weights over \d+")]
    private static partial Regex Lengths();

    /// <summary>The letters that end a micro-kernel's name: float steps or integer scales, corrections, zero points, minima.</summary>
    [GeneratedRegex(@"(?<=Tile_[SU]\d+(L\d+)?_G[\dx]+)_\w+")]
    private static partial Regex Applied();

    [GeneratedRegex(@"Vectors of the codebook[^.]*|GEMV looks[^.]*|computed as minifloats")]
    private static partial Regex Products();
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Encoders;

/// <summary>What a search knows of a format: groups, levels of scales and minima, and where their entries stand. All of it comes from the descriptor.</summary>
internal sealed class SearchPlan
{
    private static readonly ConditionalWeakTable<FormatDescriptor, Finding> Made = [];

    private SearchPlan(FormatDescriptor format, ScaleLevels scale, ScaleLevels? min, StoredParameter? zero, (int Offset, int Per)? signs)
    {
        Format = format;
        Scale = scale;
        Min = min;
        Zero = zero;
        Signs = signs;
        GroupInputs = scale.Inner.Per;
        Groups = format.BlockInputs / GroupInputs;
        BlocksTogether = GroupLanes.Width / (int)BigInteger.GreatestCommonDivisor(GroupLanes.Width, Groups);
    }

    /// <summary>The format.</summary>
    public FormatDescriptor Format { get; }

    /// <summary>The numbers of the codes.</summary>
    public CodeNumbers Codes => Format.Codes!;

    /// <summary>The scale.</summary>
    public ScaleLevels Scale { get; }

    /// <summary>The minimum, or none.</summary>
    public ScaleLevels? Min { get; }

    /// <summary>A zero point of few values, or none.</summary>
    public StoredParameter? Zero { get; }

    /// <summary>The first entry of the signs and the inputs of an entry, or none.</summary>
    public (int Offset, int Per)? Signs { get; }

    /// <summary>Inputs that share a scale.</summary>
    public int GroupInputs { get; }

    /// <summary>Groups of a block.</summary>
    public int Groups { get; }

    /// <summary>Blocks that are searched together: their groups fill vectors.</summary>
    public int BlocksTogether { get; }

    /// <summary>Whether stored codes are vectors, or have their signs apart.</summary>
    public bool HasVectors => Codes.Entries > 0;

    /// <summary>Whether a search is how weights are usually encoded: no formula finds nested scales, or the scale of a lopsided table, well.</summary>
    public bool IsUsual => !Format.HasEncoder || Scale.Outer is not null || IsLopsided;

    private bool IsLopsided => !HasVectors && new CodeLattice(Codes) is { HasUnitSteps: false, Numbers: float[] numbers } && numbers[0] != -numbers[^1];

    /// <summary>The weighting that is meant.</summary>
    /// <param name="weighting">The weighting that was asked for.</param>
    /// <param name="hasImportance">Whether there is an importance vector.</param>
    /// <returns>A weighting, not <see cref="ErrorWeighting.Default"/>.</returns>
    public ErrorWeighting Weighting(ErrorWeighting weighting, bool hasImportance) =>
        weighting != ErrorWeighting.Default ? weighting
        : hasImportance ? ErrorWeighting.Smoothed
        : Min is not null || HasVectors ? ErrorWeighting.Raised
        : ErrorWeighting.Square;

    /// <summary>How long codes of single inputs are searched for.</summary>
    /// <param name="weighting">The weighting, not <see cref="ErrorWeighting.Default"/>.</param>
    /// <param name="numbers">Numbers that codes stand for.</param>
    /// <returns>The depth.</returns>
    public SearchDepth Depth(ErrorWeighting weighting, int numbers) => SearchDepth.Of(numbers, Min is not null, weighting);

    /// <summary>The plan of a format, made once.</summary>
    /// <param name="format">The format.</param>
    /// <param name="reason">Why there is no plan.</param>
    /// <returns>The plan, or null.</returns>
    public static SearchPlan? TryCreate(FormatDescriptor format, out string reason)
    {
        (SearchPlan? plan, reason) = Made.GetValue(format, one => new Finding(Read(one, out string why), why));
        return plan;
    }

    private static SearchPlan? Read(FormatDescriptor format, out string reason)
    {
        Dictionary<string, List<StoredParameter>> roles = [];
        (int Offset, int Per)? signs = null;
        int offset = 0;
        reason = format.Codes is null ? "its stored codes are floats or words of digits, index chosen tables, or are not all numbers" : string.Empty;
        foreach (FormatParameter parameter in format.Parameters)
        {
            if (parameter.EntriesPerBlock == 0)
            {
                reason = $"{parameter.Name} stands outside the block";
            }
            else if (parameter.Added)
            {
                reason = $"{parameter.Name} is added to the other levels of its role";
            }
            else if (parameter.Role == "sign")
            {
                signs = (offset, parameter.Per);
            }
            else if (parameter.Role is "scale" or "min" or "zero")
            {
                roles.TryAdd(parameter.Role, []);
                roles[parameter.Role].Add(new StoredParameter(parameter, offset, parameter.Role == "scale" ? Largest(format.Codes) : 1));
            }
            else
            {
                reason = $"it stores {parameter.Name} ({parameter.Role}), which no search finds";
            }

            offset += parameter.EntriesPerBlock;
        }

        ScaleLevels? scale = null, min = null;
        StoredParameter? zero = null;
        if (reason.Length == 0)
        {
            scale = Levels(roles, "scale", format, ref reason);
            min = Levels(roles, "min", format, ref reason);
            zero = roles.TryGetValue("zero", out List<StoredParameter>? zeros) ? zeros[0] : null;
            reason = reason.Length > 0 ? reason
                : scale is null ? "it has no scale"
                : scale.Outer is null && !scale.Inner.IsContinuous ? "its scale is one of a list, which its own encoder chooses by a rule"
                : min is not null && min.Inner.Per != scale.Inner.Per ? "its scales and minima are shared by different inputs"
                : format.Codes!.Entries > 0 ? GridSearch.Fault(format, scale, min, zeros, signs)
                : zero is not null ? "it has zero points"
                : CodeLattice.Fault(format.Codes);
        }

        return reason.Length > 0 ? null : new SearchPlan(format, scale!, min, zero, signs);
    }

    private static float Largest(CodeNumbers? codes) => codes is null ? 1 : Math.Max(1, codes.Numbers.Where(float.IsFinite).Max(Math.Abs));

    private static ScaleLevels? Levels(Dictionary<string, List<StoredParameter>> roles, string role, FormatDescriptor format, ref string reason)
    {
        if (!roles.TryGetValue(role, out List<StoredParameter>? all))
        {
            return null;
        }

        StoredParameter[] levels = [.. all.OrderByDescending(level => level.Per)];
        if (levels.Length > 2 || (levels.Length == 2 && (levels[0].Per != format.BlockInputs || !levels[0].IsContinuous || levels[1].IsContinuous)))
        {
            reason = $"its {role} has other levels than a float per block and one of few values per group";
            return null;
        }

        return new ScaleLevels(levels.Length == 2 ? levels[0] : null, levels[^1]);
    }

    private sealed record Finding(SearchPlan? Plan, string Reason);
}

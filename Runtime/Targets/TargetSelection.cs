using System;
using System.Collections.Generic;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text;
using V128 = System.Runtime.Intrinsics.Vector128;
using V256 = System.Runtime.Intrinsics.Vector256;
using V512 = System.Runtime.Intrinsics.Vector512;

namespace KernelGen;

/// <summary>
/// Chooses which of a format's kernels run: the one a call names, else the one the environment variable
/// <see cref="Variable"/> names (read once), else the most demanding one this machine supports and prefers.
/// </summary>
public static class TargetSelection
{
    /// <summary>The environment variable that forces a target: a name of <see cref="KernelTarget"/>, in any case.</summary>
    public const string Variable = "KERNELGEN_TARGET";

    private static readonly KernelTarget[] AllTargets =
    [
        KernelTarget.Scalar, KernelTarget.Vector128, KernelTarget.Avx2, KernelTarget.Neon, KernelTarget.NeonDot,
        KernelTarget.Avx2Vnni, KernelTarget.Avx512, KernelTarget.Avx512Vnni,
    ];

    private static readonly KernelTarget[] SupportedTargets = Array.FindAll(AllTargets, IsSupported);

    private static readonly string? VariableValue = Environment.GetEnvironmentVariable(Variable);

    private static readonly string? VariableError = Read(VariableValue, out VariableTarget);

    private static readonly KernelTarget? VariableTarget;

    /// <summary>The targets this machine supports, from the least to the most demanding. Scalar is always one.</summary>
    public static IReadOnlyList<KernelTarget> Supported { get; } = Array.AsReadOnly(SupportedTargets);

    /// <summary>The target the environment variable forces, or null where it is unset or empty.</summary>
    /// <exception cref="KernelTargetException">The variable names no target, or one this machine does not support.</exception>
    public static KernelTarget? Forced => VariableError is null ? VariableTarget : throw new KernelTargetException(VariableError);

    /// <summary>Whether this machine runs the kernels of a target.</summary>
    /// <param name="target">The target.</param>
    /// <returns>True where it does; false also for values that are no target.</returns>
    public static bool IsSupported(KernelTarget target) => target switch
    {
        KernelTarget.Scalar => true,
        KernelTarget.Vector128 => V128.IsHardwareAccelerated,
        KernelTarget.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        KernelTarget.Avx2Vnni => Avx2.IsSupported && Fma.IsSupported && AvxVnni.IsSupported,
        KernelTarget.Avx512 => HasAvx512,
        KernelTarget.Avx512Vnni => HasAvx512 && AvxVnni.IsSupported,
        KernelTarget.Neon => AdvSimd.Arm64.IsSupported,
        KernelTarget.NeonDot => AdvSimd.Arm64.IsSupported && Dp.IsSupported,
        _ => false,
    };

    /// <summary>The kernels of a format that run on this machine.</summary>
    /// <param name="format">The format.</param>
    /// <param name="target">The target a call names, or null to let the environment variable or the machine decide.</param>
    /// <returns>One of the format's kernel sets.</returns>
    /// <exception cref="KernelTargetException">
    /// The target named by the call or by the variable is not supported here, or the format has no kernels for it.
    /// </exception>
    public static KernelSet Select(FormatDescriptor format, KernelTarget? target = null)
    {
        ArgumentNullException.ThrowIfNull(format);
        if (target is { } named)
        {
            if (!IsSupported(named))
            {
                throw new KernelTargetException($"The call names the kernel target {named}, which this machine does not support. It supports {Names(SupportedTargets)}.");
            }

            return Find(format, named) ?? throw new KernelTargetException(
                $"The call names the kernel target {named}, for which {format.Name} has no kernels. It has {Names(TargetsOf(format))}.");
        }

        if (Forced is { } forced)
        {
            return Find(format, forced) ?? throw new KernelTargetException(
                $"{Variable}={VariableValue}: {format.Name} has no kernels for {forced}. It has {Names(TargetsOf(format))}.");
        }

        for (int i = SupportedTargets.Length - 1; i >= 0; i--)
        {
            if (IsPreferred(SupportedTargets[i]) && Find(format, SupportedTargets[i]) is { } kernels)
            {
                return kernels;
            }
        }

        throw new KernelTargetException(
            $"{format.Name} has kernels for {Names(TargetsOf(format))} only, and this machine supports {Names(SupportedTargets)}. Generate them for Scalar too.");
    }

    /// <summary>Says for every target, one a line, whether this machine takes it and why.</summary>
    /// <param name="format">A format whose kernel sets are considered too, or null.</param>
    /// <returns>The text; its last line names the target that is used.</returns>
    public static string Explain(FormatDescriptor? format = null)
    {
        StringBuilder text = new();
        foreach (KernelTarget target in AllTargets)
        {
            text.Append(target).Append(": ").Append(Reason(target));
            if (format is not null && Find(format, target) is null)
            {
                text.Append($"; {format.Name} has no kernels for it");
            }

            text.Append('\n');
        }

        text.Append("used: ");
        try
        {
            KernelTarget used = format is null ? Forced ?? MostPreferred() : Select(format).Target;
            text.Append(used).Append(Forced is null ? ", the most demanding that is accepted" : $", forced by {Variable}={VariableValue}");
        }
        catch (KernelTargetException exception)
        {
            text.Append("none: ").Append(exception.Message);
        }

        return text.Append('\n').ToString();
    }

    /// <summary>What a value of the environment variable forces.</summary>
    /// <param name="value">The value.</param>
    /// <param name="forced">The target, or null for an unset or empty value.</param>
    /// <returns>What is wrong with the value, or null.</returns>
    internal static string? Read(string? value, out KernelTarget? forced)
    {
        forced = null;
        string name = value?.Trim() ?? "";
        if (name.Length == 0)
        {
            return null;
        }

        foreach (KernelTarget target in AllTargets)
        {
            if (string.Equals(name, target.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                if (!IsSupported(target))
                {
                    return $"{Variable}={value}: this machine does not support {target} ({Reason(target)}). It supports {Names(SupportedTargets)}.";
                }

                forced = target;
                return null;
            }
        }

        return $"{Variable}={value} names no kernel target. This machine supports {Names(SupportedTargets)}; all names: {Names(AllTargets)}.";
    }

    // The kernels use the 256-bit targets' instructions too.
    private static bool HasAvx512 => Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported
        && Avx512Vbmi.IsSupported && Avx2.IsSupported && Fma.IsSupported;

    private static bool IsPreferred(KernelTarget target) => target switch
    {
        KernelTarget.Avx2 or KernelTarget.Avx2Vnni => V256.IsHardwareAccelerated,
        KernelTarget.Avx512 or KernelTarget.Avx512Vnni => V512.IsHardwareAccelerated,
        _ => true,
    };

    private static KernelTarget MostPreferred() => Array.FindLast(SupportedTargets, IsPreferred);

    private static string Reason(KernelTarget target) => target switch
    {
        KernelTarget.Scalar => "accepted: plain C#, runs everywhere",
        KernelTarget.Vector128 => V128.IsHardwareAccelerated
            ? "accepted: 128-bit vectors are accelerated"
            : "rejected: 128-bit vectors are not accelerated",
        KernelTarget.Avx2 or KernelTarget.Avx2Vnni when !Avx2.IsSupported => "rejected: no AVX2 (the processor lacks it, or the program was compiled or configured without it)",
        KernelTarget.Avx2 or KernelTarget.Avx2Vnni when !Fma.IsSupported => "rejected: no FMA",
        KernelTarget.Avx512 or KernelTarget.Avx512Vnni when !HasAvx512 =>
            "rejected: no AVX-512 with F, BW, DQ, VL and VBMI (the processor lacks it, or the program was compiled or configured without it)",
        KernelTarget.Avx2Vnni or KernelTarget.Avx512Vnni when !AvxVnni.IsSupported =>
            "rejected: no AVX-VNNI (the processor lacks it, or has only the AVX-512 form, for which .NET has no class)",
        KernelTarget.Avx2 or KernelTarget.Avx2Vnni when !V256.IsHardwareAccelerated => "rejected unless named: the instructions are there, but 256-bit vectors are not preferred",
        KernelTarget.Avx512 or KernelTarget.Avx512Vnni when !V512.IsHardwareAccelerated => "rejected unless named: the instructions are there, but 512-bit vectors are not preferred",
        KernelTarget.Avx2 => "accepted: AVX2 and FMA, 256-bit vectors are accelerated",
        KernelTarget.Avx2Vnni => "accepted: AVX2, FMA and AVX-VNNI, 256-bit vectors are accelerated",
        KernelTarget.Avx512 => "accepted: AVX-512, 512-bit vectors are accelerated",
        KernelTarget.Avx512Vnni => "accepted: AVX-512 and AVX-VNNI, 512-bit vectors are accelerated",
        KernelTarget.Neon or KernelTarget.NeonDot when !AdvSimd.Arm64.IsSupported => "rejected: no AdvSimd (this is no Arm64 processor)",
        KernelTarget.Neon => "accepted: AdvSimd",
        KernelTarget.NeonDot when !Dp.IsSupported => "rejected: no dot product instructions",
        KernelTarget.NeonDot => "accepted: AdvSimd with dot product instructions",
        _ => "rejected: no kernel target",
    };

    private static KernelSet? Find(FormatDescriptor format, KernelTarget target)
    {
        IReadOnlyList<KernelSet> sets = format.Kernels;
        for (int i = 0; i < sets.Count; i++)
        {
            if (sets[i].Target == target)
            {
                return sets[i];
            }
        }

        return null;
    }

    private static List<KernelTarget> TargetsOf(FormatDescriptor format)
    {
        List<KernelTarget> targets = [];
        foreach (KernelSet set in format.Kernels)
        {
            targets.Add(set.Target);
        }

        return targets;
    }

    private static string Names(IReadOnlyCollection<KernelTarget> targets) => targets.Count == 0 ? "nothing" : string.Join(", ", targets);
}

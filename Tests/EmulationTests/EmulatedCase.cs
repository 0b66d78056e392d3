using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using KernelGen.Emulation;
using KernelGen.Tests.Kernels;
using KernelGen.Tests.Oracle;
using Xunit;

namespace KernelGen.Tests.Emulation;

/// <summary>Formats on targets whose intrinsics are emulated, as cases of the kernel tests.</summary>
internal static class EmulatedCase
{
    /// <summary>Every format by name, on every target that has intrinsics to emulate.</summary>
    public static TheoryData<string, KernelTarget> All => Cases(EmulatedFormats.All);

    /// <summary>Those of formats that declare one of activations: for all others it is the runtime that makes the difference, not the kernels.</summary>
    public static TheoryData<string, KernelTarget> WithActivations => Cases(EmulatedFormats.All.Where(static format => format.ActivationFormat is not null));

    /// <summary>
    /// The case of a format and a target. Its kernels pass for scalar ones, in a descriptor of their own: so the runtime multiplies
    /// with them on a machine that does not support their target.
    /// </summary>
    public static KernelCase Of(string format, KernelTarget target)
    {
        FormatDescriptor declared = EmulatedFormats.All.Single(f => f.FullName == format);
        KernelSet kernels = With(declared.Kernels.Single(k => k.Target == target), nameof(KernelSet.Target), KernelTarget.Scalar);
        FormatDescriptor alone = With(declared, nameof(FormatDescriptor.Kernels), new[] { kernels });
        return new(alone, kernels, declared.Kernels.Single(k => k.Target == KernelTarget.Scalar), DeclaredFormats.OracleOf(format)) { IsEmulated = true };
    }

    private static TheoryData<string, KernelTarget> Cases(IEnumerable<FormatDescriptor> formats)
    {
        TheoryData<string, KernelTarget> cases = [];
        foreach (FormatDescriptor format in formats)
        {
            foreach (KernelSet kernels in format.Kernels.Where(k => k.Target is not (KernelTarget.Scalar or KernelTarget.Vector128)))
            {
                cases.Add(format.FullName, kernels.Target);
            }
        }

        return cases;
    }

    /// <summary>A copy in which one property differs.</summary>
    private static T With<T>(T original, string property, object value)
        where T : class
    {
        object copy = typeof(object).GetMethod(nameof(MemberwiseClone), BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(original, null)!;
        typeof(T).GetProperty(property)!.SetValue(copy, value);
        return (T)copy;
    }
}

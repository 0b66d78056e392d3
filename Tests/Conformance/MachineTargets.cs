using System.Runtime.Intrinsics.X86;

namespace KernelGen.Conformance;

/// <summary>Which targets this machine can run, asked of the machine alone.</summary>
internal static class MachineTargets
{
    public static bool IsSupported(KernelTarget target) => target switch
    {
        KernelTarget.Scalar or KernelTarget.Vector128 => true,
        KernelTarget.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        _ => false,
    };
}

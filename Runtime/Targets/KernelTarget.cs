namespace KernelGen;

/// <summary>The instruction sets kernels are generated for, from the least to the most demanding.</summary>
public enum KernelTarget
{
    /// <summary>Plain C#, one row at a time. Runs everywhere.</summary>
    Scalar,

    /// <summary>Portable 128-bit vectors (any x64, Arm64, WebAssembly).</summary>
    Vector128,

    /// <summary>x86-64 with AVX2 and FMA.</summary>
    Avx2,

    /// <summary>Arm64 with AdvSimd (NEON).</summary>
    Neon,

    /// <summary>Arm64 with AdvSimd and the dot product instructions.</summary>
    NeonDot,
}

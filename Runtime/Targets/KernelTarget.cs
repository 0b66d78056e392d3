namespace KernelGen;

/// <summary>The instruction sets kernels are generated for; those of one architecture stand from the least to the most demanding.</summary>
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

    /// <summary>x86-64 with AVX2, FMA and AVX-VNNI.</summary>
    Avx2Vnni,

    /// <summary>x86-64 with AVX-512 F, BW, DQ, VL and VBMI.</summary>
    Avx512,

    /// <summary>x86-64 with AVX-512 as <see cref="Avx512"/> and AVX-VNNI.</summary>
    Avx512Vnni,
}

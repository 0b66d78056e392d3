using System.Runtime.Intrinsics;

namespace KernelGen.Emulation.X86;

/// <summary>AVX-512, byte permutations.</summary>
[Emulates(typeof(System.Runtime.Intrinsics.X86.Avx512Vbmi))]
public static class Avx512Vbmi
{
    public static bool IsSupported => true;

    /// <summary>vpermb: the low 6 bits of an index count.</summary>
    public static Vector512<byte> PermuteVar64x8(Vector512<byte> left, Vector512<byte> control)
    {
        Vector512<byte> result = default;
        Lanes.Permute(Lanes.Of(ref left), i => control[i], Lanes.Of(ref result));
        return result;
    }

    /// <summary>vpermt2b: bit 6 of an index picks the table, the low 6 bits the entry.</summary>
    public static Vector512<byte> PermuteVar64x8x2(Vector512<byte> lower, Vector512<byte> indices, Vector512<byte> upper)
    {
        Vector512<byte> result = default;
        Lanes.Permute<byte>([.. Lanes.Of(ref lower), .. Lanes.Of(ref upper)], i => indices[i], Lanes.Of(ref result));
        return result;
    }
}

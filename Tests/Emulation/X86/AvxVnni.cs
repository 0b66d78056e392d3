using System.Runtime.Intrinsics;

namespace KernelGen.Emulation.X86;

/// <summary>AVX-VNNI: the dot product instructions with VEX encodings, of 256 bits.</summary>
[Emulates(typeof(System.Runtime.Intrinsics.X86.AvxVnni))]
public static class AvxVnni
{
    public static bool IsSupported => true;

    /// <summary>vpdpbusd: sums of four products, which wrap.</summary>
    public static Vector256<int> MultiplyWideningAndAdd(Vector256<int> addend, Vector256<byte> left, Vector256<sbyte> right)
    {
        Vector256<int> result = default;
        Lanes.DotQuads(Lanes.Of(ref addend), j => left[j], Lanes.Of(ref right), Lanes.Of(ref result));
        return result;
    }
}

using System;
using System.Runtime.Intrinsics;

namespace KernelGen.Emulation.Arm;

/// <summary>The dot product instructions.</summary>
[Emulates(typeof(System.Runtime.Intrinsics.Arm.Dp))]
public static class Dp
{
    public static bool IsSupported => true;

    /// <summary>sdot.</summary>
    public static Vector128<int> DotProduct(Vector128<int> addend, Vector128<sbyte> left, Vector128<sbyte> right)
    {
        Vector128<int> result = default;
        Lanes.DotQuads(Lanes.Of(ref addend), j => left[j], Lanes.Of(ref right), Lanes.Of(ref result));
        return result;
    }

    /// <summary>sdot by element: quad 0…3 of the right vector for every lane.</summary>
    public static Vector128<int> DotProductBySelectedQuadruplet(
        Vector128<int> addend, Vector128<sbyte> left, Vector128<sbyte> right, byte rightScaledIndex)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rightScaledIndex, 3);
        return DotProduct(addend, left, Vector128.Create(right.AsInt32()[rightScaledIndex]).AsSByte());
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Encoders;

/// <summary>Adds up lanes, in an order that is the same on every processor.</summary>
internal static unsafe class LaneSum
{
    /// <summary>The sum of eight lanes.</summary>
    /// <param name="lanes">The lanes.</param>
    /// <returns>The sum.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Of(Vector256<float> lanes)
    {
        Vector128<float> four = lanes.GetLower() + lanes.GetUpper();
        return (four[0] + four[2]) + (four[1] + four[3]);
    }

    /// <summary>The sum of some numbers.</summary>
    /// <param name="from">The numbers.</param>
    /// <param name="count">How many.</param>
    /// <returns>The sum.</returns>
    public static float Of(float* from, int count)
    {
        Vector256<float> lanes = Vector256<float>.Zero;
        int i = 0;
        for (; i <= count - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            lanes += Vector256.Load(from + i);
        }

        float sum = i > 0 ? Of(lanes) : 0;
        for (; i < count; i++)
        {
            sum += from[i];
        }

        return sum;
    }
}

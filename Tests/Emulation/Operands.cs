using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace KernelGen.Emulation;

/// <summary>Inputs for instructions: each lane random bits, a small number, or an edge of its type.</summary>
internal static class Operands
{
    private static readonly float[] s_singles =
    [
        0, -0f, 1, -1, 0.5f, 1.5f, 2.5f, -2.5f, float.Epsilon, -float.Epsilon, 1.17549435e-38f, float.MaxValue, float.MinValue, float.PositiveInfinity,
        float.NegativeInfinity, float.NaN, 16777216, 16777217, 2147483648f, -2147483648f, 127.5f, 8388607.5f,
    ];

    private static readonly long[] s_integers = [0, 1, -1, 2, 15, 16, 127, 128, -128, 255, 32767, 32768, -32768, 65535, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue];

    /// <summary>Bytes of lanes of a type.</summary>
    public static byte[] Bytes(Type element, int count, Random random)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        int size = element == typeof(void) ? 1 : Marshal.SizeOf(element);

        // A third of the inputs random in all lanes, a third edges in all lanes, a third mixed lane by lane.
        int kind = random.Next(3);
        for (int at = 0; at + size <= count; at += size)
        {
            int lane = kind == 2 ? random.Next(3) : kind;
            if (lane == 0)
            {
                continue;
            }

            byte[] edge = element == typeof(float) ? BitConverter.GetBytes(lane == 1 ? s_singles[random.Next(s_singles.Length)] : (random.NextSingle() - 0.5f) * 100)
                : BitConverter.GetBytes(lane == 1 ? s_integers[random.Next(s_integers.Length)] : random.Next(-20, 20));
            edge.AsSpan(0, Math.Min(size, edge.Length)).CopyTo(bytes.AsSpan(at));
        }

        return bytes;
    }

    /// <summary>int32 indices that stay, times 8, within the memory on either side of a pointer.</summary>
    public static byte[] Indices(int count, Random random)
    {
        List<byte> bytes = [];
        while (bytes.Count < count)
        {
            bytes.AddRange(BitConverter.GetBytes(random.Next(-16, 16)));
        }

        return [.. bytes];
    }
}

using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Conformance.Examples;

/// <summary>How an example's code numbers are written as stored bits.</summary>
internal static class Code
{
    /// <summary>Two's complement of a width.</summary>
    public static IEnumerable<long> Signed(long[] codes, int bits) => codes.Select(c => c & ((1L << bits) - 1));

    /// <summary>-1, 0, 1 as 0, 1, 2.</summary>
    public static IEnumerable<long> Trits(long[] codes) => codes.Select(c => c + 1);

    /// <summary>-1, 1 as 0, 1.</summary>
    public static IEnumerable<long> Signs(long[] codes) => codes.Select(c => c > 0 ? 1L : 0L);

    /// <summary>A sign bit above a magnitude.</summary>
    public static IEnumerable<long> WithSign(long[] signs, long[] magnitudes, int magnitudeBits) =>
        signs.Zip(magnitudes, (s, m) => (s << magnitudeBits) | m);

    /// <summary>Numbers as the bits of f32.</summary>
    public static uint[] Singles(params double[] numbers) => [.. numbers.Select(n => BitConverter.SingleToUInt32Bits((float)n))];

    /// <summary>Numbers as f32 side parameters, the arrays' entries alternating.</summary>
    public static byte[] SideSingles(params double[][] arrays) =>
        [.. Enumerable.Range(0, arrays[0].Length).SelectMany(i => arrays).Select((array, at) => array[at / arrays.Length]).SelectMany(n => BitConverter.GetBytes((float)n))];
}

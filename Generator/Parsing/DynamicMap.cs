using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Generator.Parsing;

/// <summary>
/// The dynamic maps of 8-bit optimizers (Dettmers et al. 2021): seven decades, each with twice the numbers of the one below, at the middles of
/// even parts of 0.1 ... 1; a zero, and a one. Boundaries and middles are rounded to f32, as in bitsandbytes, whose table this is.
/// </summary>
internal static class DynamicMap
{
    private const int Decades = 7;

    /// <summary>The 256 values, upward.</summary>
    /// <param name="isSigned">Whether the decades are of both signs, each then with half as many numbers. The one is positive in either case.</param>
    public static IReadOnlyList<double> Table(bool isSigned)
    {
        List<double> values = [0, 1];
        for (int decade = 0; decade < Decades; decade++)
        {
            double power = Math.Pow(10, decade - (Decades - 1));
            int parts = 1 << (isSigned ? decade : decade + 1);
            for (int i = 0; i < parts; i++)
            {
                float value = (float)(power * (float)((float)(Boundary(i, parts) + Boundary(i + 1, parts)) / 2));
                values.Add(value);
                if (isSigned)
                {
                    values.Add(-value);
                }
            }
        }

        return [.. values.OrderBy(static value => value)];
    }

    /// <summary>One of the numbers that cut 0.1 ... 1 into even parts.</summary>
    private static float Boundary(int index, int parts) => index == parts ? 1 : (float)(0.1 + (0.9 / parts * index));
}

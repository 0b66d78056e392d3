using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Encoders;

/// <summary>Rows of a matrix divided into groups that are stored one after another.</summary>
/// <param name="Order">The output of each stored row.</param>
/// <param name="Lengths">How many rows each group has, at least 1.</param>
internal sealed record RowGroups(int[] Order, int[] Lengths)
{
    /// <summary>
    /// Groups of rows of like magnitude: the division of the rows' root mean squares with the least squared distance from its groups' means, found exactly
    /// (<see cref="IntervalClusters"/>). Rows of a group stay in the order of the outputs, groups rise.
    /// </summary>
    /// <param name="weights">The weights.</param>
    /// <param name="groups">Most groups; rows of equal magnitude are never apart.</param>
    /// <returns>The groups.</returns>
    public static unsafe RowGroups ByMagnitude(WeightRows weights, int groups)
    {
        int outputs = checked((int)weights.Outputs);
        float[] magnitudes = new float[outputs];
        for (int r = 0; r < outputs; r++)
        {
            double squares = 0;
            for (long i = 0; i < weights.Inputs; i++)
            {
                squares += (double)weights.Row(r)[i] * weights.Row(r)[i];
            }

            magnitudes[r] = (float)Math.Sqrt(squares / weights.Inputs);
        }

        float[] means = new float[groups];
        new IntervalClusters(outputs, groups).Find([.. magnitudes], [.. Enumerable.Repeat(1f, outputs)], means);
        int[] nearest = [.. magnitudes.Select(magnitude => TableFit.Nearest(means, magnitude))];
        int[] order = [.. Enumerable.Range(0, outputs).OrderBy(row => nearest[row])];
        return new(order, [.. Enumerable.Range(0, groups).Select(group => nearest.Count(own => own == group)).Where(static length => length > 0)]);
    }

    /// <summary>The stored rows of every group.</summary>
    /// <returns>The first row and how many there are.</returns>
    public IEnumerable<(int First, int Count)> Runs()
    {
        int first = 0;
        foreach (int length in Lengths)
        {
            yield return (first, length);
            first += length;
        }
    }
}

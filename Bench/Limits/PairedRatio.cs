using System;
using System.Collections.Generic;
using System.Diagnostics;

namespace KernelGen.Bench.Limits;

/// <summary>
/// A kernel held against a limit, both measured in turn: on a machine that others use too, the ratio of neighbours in time says
/// more than the ratio of two runs.
/// </summary>
public sealed class PairedRatio
{
    private readonly List<double> _values = [];
    private readonly List<double> _limits = [];
    private readonly List<double> _ratios = [];

    /// <summary>The number of pairs.</summary>
    public int Count => _ratios.Count;

    /// <summary>The median of the paired ratios: the figure to quote.</summary>
    public double MedianRatio => Median(_ratios);

    /// <summary>The kernel's best over the limit's best.</summary>
    public double RatioOfBest => BestValue / BestLimit;

    /// <summary>The kernel's best rate.</summary>
    public double BestValue => Best(_values);

    /// <summary>The kernel's median rate.</summary>
    public double MedianValue => Median(_values);

    /// <summary>The limit's best rate.</summary>
    public double BestLimit => Best(_limits);

    /// <summary>The limit's median rate.</summary>
    public double MedianLimit => Median(_limits);

    /// <summary>Measures the kernel between two measurements of the limit, again and again, and rivals after it.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="kernel">Measures the kernel once and returns its rate in the limit's unit.</param>
    /// <param name="rounds">The number of pairs.</param>
    /// <param name="warmup">The time before the first pair that counts, in which the kernel reaches its last tier; half a second if null.</param>
    /// <param name="rivals">What else does the kernel's work; each of their rates is paired with the kernel's before it.</param>
    public static PairedRatio Measure(
        MachineLimit limit, Func<double> kernel, int rounds = 15, TimeSpan? warmup = null, IReadOnlyList<Rival>? rivals = null)
    {
        ArgumentNullException.ThrowIfNull(limit);
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rounds);
        rivals ??= [];
        WarmUp(kernel, warmup ?? TimeSpan.FromSeconds(0.5));
        foreach (Rival rival in rivals)
        {
            rival.WarmUp();
        }

        PairedRatio result = new();
        double before = limit.MeasureOnce();
        for (int i = 0; i < rounds; i++)
        {
            double value = kernel();
            double after = limit.MeasureOnce();
            result.Add(value, (before + after) / 2);
            before = after;
            if (rivals.Count > 0)
            {
                foreach (Rival rival in rivals)
                {
                    rival.MeasureBeside(value);
                }

                before = limit.MeasureOnce();
            }
        }

        return result;
    }

    /// <summary>Adds a pair.</summary>
    /// <param name="value">The kernel's rate.</param>
    /// <param name="limit">The limit's rate at the same time.</param>
    public void Add(double value, double limit)
    {
        _values.Add(value);
        _limits.Add(limit);
        _ratios.Add(value / limit);
    }

    private static void WarmUp(Func<double> kernel, TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        do
        {
            kernel();
        }
        while (Stopwatch.GetElapsedTime(start) < time);
    }

    private static double Best(List<double> rates)
    {
        double best = double.NaN;
        foreach (double rate in rates)
        {
            best = best >= rate ? best : rate;
        }

        return best;
    }

    private static double Median(List<double> rates)
    {
        if (rates.Count == 0)
        {
            return double.NaN;
        }

        double[] sorted = [.. rates];
        Array.Sort(sorted);
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

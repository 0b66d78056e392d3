using System;

namespace KernelGen.Encoders;

/// <summary>The best division of numbers into intervals: the least Σ h (x - mean of its interval)².</summary>
/// <remarks>
/// With k - 1 intervals up to any number known, the last interval of k is one of those that start after it; where it starts rises with where it ends, so
/// halving finds all of them with n log n costs. A cost is a difference of sums in f64, whose errors are far below the rounding of what is stored.
/// </remarks>
/// <param name="most">Most numbers.</param>
/// <param name="clusters">Intervals, at least 1.</param>
internal sealed class IntervalClusters(int most, int clusters)
{
    private readonly double[] _weight = new double[most + 1];
    private readonly double[] _first = new double[most + 1];
    private readonly double[] _second = new double[most + 1];
    private readonly double[] _plain = new double[most + 1];
    private readonly double[] _distinct = new double[most];
    private readonly int[,] _starts = new int[clusters, most + 1];
    private double[] _before = new double[most + 1];
    private double[] _now = new double[most + 1];
    private double _origin;

    /// <summary>Finds the means of the intervals.</summary>
    /// <param name="numbers">The numbers; sorted afterwards.</param>
    /// <param name="importance">h of each, not negative; sorted with them.</param>
    /// <param name="means">The means, rising; where there are fewer distinct numbers than intervals these, the last one repeated.</param>
    public void Find(float[] numbers, float[] importance, Span<float> means)
    {
        Array.Sort(numbers, importance);
        int count = Sum(numbers, importance);
        if (count <= clusters)
        {
            for (int c = 0; c < clusters; c++)
            {
                means[c] = (float)_distinct[Math.Min(c, count - 1)];
            }

            return;
        }

        for (int end = 1; end <= count; end++)
        {
            _before[end] = Cost(0, end);
        }

        for (int c = 1; c < clusters; c++)
        {
            _before[0] = 0;
            Extend(c, c + 1, count, c, count - 1);
            (_before, _now) = (_now, _before);
        }

        int stop = count;
        for (int c = clusters - 1; c >= 0; c--)
        {
            int start = c == 0 ? 0 : _starts[c, stop];
            means[c] = (float)Mean(start, stop);
            stop = start;
        }
    }

    /// <summary>Sums over the distinct numbers up to each.</summary>
    private int Sum(float[] numbers, float[] importance)
    {
        // About the middle of the row: sums of squares then lose the least.
        double origin = numbers[numbers.Length / 2];
        int count = 0;
        for (int i = 0; i < numbers.Length; i++)
        {
            if (i == 0 || numbers[i] != numbers[i - 1])
            {
                _distinct[count++] = numbers[i];
                _weight[count] = _weight[count - 1];
                _first[count] = _first[count - 1];
                _second[count] = _second[count - 1];
                _plain[count] = _plain[count - 1] + numbers[i];
            }

            double x = numbers[i] - origin;
            _weight[count] += importance[i];
            _first[count] += importance[i] * x;
            _second[count] += importance[i] * x * x;
        }

        _origin = origin;
        return count;
    }

    /// <summary>Finds for ends in [from, to] the best start of interval <paramref name="c"/>, known to lie in [low, high].</summary>
    private void Extend(int c, int from, int to, int low, int high)
    {
        if (from > to)
        {
            return;
        }

        int end = (from + to) / 2;
        double least = double.PositiveInfinity;
        int best = low;
        for (int start = Math.Max(low, c); start <= Math.Min(high, end - 1); start++)
        {
            double cost = _before[start] + Cost(start, end);
            if (cost < least)
            {
                (least, best) = (cost, start);
            }
        }

        _now[end] = least;
        _starts[c, end] = best;
        Extend(c, from, end - 1, low, best);
        Extend(c, end + 1, to, best, high);
    }

    private double Cost(int start, int end)
    {
        double weight = _weight[end] - _weight[start];
        if (weight <= 0)
        {
            return 0;
        }

        double first = _first[end] - _first[start];
        return Math.Max(0, _second[end] - _second[start] - (first * first / weight));
    }

    // Numbers that do not count have a plain mean.
    private double Mean(int start, int end)
    {
        double weight = _weight[end] - _weight[start];
        return weight > 0 ? _origin + ((_first[end] - _first[start]) / weight) : (_plain[end] - _plain[start]) / (end - start);
    }
}

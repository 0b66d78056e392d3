using System;
using System.Linq;

namespace KernelGen.Encoders;

/// <summary>
/// The table with the least Σ h (x - entry)² over many numbers. Up to 65536 are divided exactly (<see cref="IntervalClusters"/>); of more the means of as many
/// equal steps between the least and the largest stand for those in them, which moves an entry by no more than a step.
/// </summary>
internal sealed class NumberTable
{
    private const int Most = 1 << 16;

    private readonly float[]? _numbers;
    private readonly float[]? _importance;
    private readonly double[] _sums = [];
    private readonly double[] _weights = [];
    private readonly float _least;
    private readonly double _stepsPerUnit;
    private int _count;

    /// <param name="count">How many numbers there will be.</param>
    /// <param name="least">The least of them.</param>
    /// <param name="largest">The largest.</param>
    public NumberTable(long count, float least, float largest)
    {
        if (count <= Most)
        {
            (_numbers, _importance) = (new float[count], new float[count]);
            return;
        }

        (_sums, _weights) = (new double[Most], new double[Most]);
        _least = least;
        _stepsPerUnit = largest > least ? Most / ((double)largest - least) : 0;
    }

    /// <summary>Adds a number.</summary>
    /// <param name="number">The number.</param>
    /// <param name="importance">h, not negative.</param>
    public void Add(float number, float importance)
    {
        if (_numbers is not null)
        {
            (_numbers[_count], _importance![_count]) = (number, importance);
            _count++;
            return;
        }

        int step = Math.Min(Most - 1, (int)(((double)number - _least) * _stepsPerUnit));
        _sums[step] += (double)number * importance;
        _weights[step] += importance;
    }

    /// <summary>Finds the table of all numbers added.</summary>
    /// <param name="table">Gets the entries, rising, rounded to <paramref name="type"/>.</param>
    /// <param name="type">A float type.</param>
    public void Find(Span<float> table, ScalarType type)
    {
        int[] used = [.. Enumerable.Range(0, _weights.Length).Where(step => _weights[step] > 0)];
        float[] numbers = _numbers ?? [.. used.Select(step => (float)(_sums[step] / _weights[step]))];
        float[] importance = _importance ?? [.. used.Select(step => (float)_weights[step])];
        table.Clear();
        if (numbers.Length > 0)
        {
            new IntervalClusters(numbers.Length, table.Length).Find(numbers, importance, table);
        }

        for (int i = 0; i < table.Length; i++)
        {
            table[i] = FloatBits.Decode(type, FloatBits.Encode(type, table[i]));
        }
    }
}

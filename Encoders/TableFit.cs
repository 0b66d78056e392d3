using System;

namespace KernelGen.Encoders;

/// <summary>The best table of weights, exactly (<see cref="IntervalClusters"/>), its numbers rounded to their stored type.</summary>
/// <param name="count">Weights.</param>
/// <param name="numbers">Numbers of the table.</param>
/// <param name="type">Their stored type.</param>
internal sealed class TableFit(int count, int numbers, ScalarType type)
{
    private readonly IntervalClusters _clusters = new(count, numbers);
    private readonly float[] _weights = new float[count];
    private readonly float[] _importance = new float[count];
    private readonly float[] _table = new float[numbers];

    /// <summary>The table that <see cref="Find"/> found, rising.</summary>
    public ReadOnlySpan<float> Table => _table;

    /// <summary>Gives a weight.</summary>
    /// <param name="index">Its place.</param>
    /// <param name="weight">The weight.</param>
    /// <param name="importance">What its squared error is multiplied by, not negative.</param>
    public void Set(int index, float weight, float importance) => (_weights[index], _importance[index]) = (weight, importance);

    /// <summary>Finds the table of the weights given, which must be given anew for the next.</summary>
    public void Find()
    {
        _clusters.Find(_weights, _importance, _table);
        for (int entry = 0; entry < _table.Length; entry++)
        {
            _table[entry] = FloatBits.Decode(type, FloatBits.Encode(type, _table[entry]));
        }
    }

    /// <summary>The nearest entry of <see cref="Table"/>.</summary>
    /// <param name="weight">A weight.</param>
    /// <returns>Its code.</returns>
    public byte Nearest(float weight) => (byte)Nearest(_table, weight);

    /// <summary>The nearest entry of a rising table, the lower of two, the first of equals.</summary>
    /// <param name="table">The table.</param>
    /// <param name="weight">A weight.</param>
    /// <returns>Its place.</returns>
    public static int Nearest(float[] table, float weight)
    {
        int low = 0;
        int high = table.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            bool isBelow = (double)weight - table[middle] <= (double)table[middle + 1] - weight;
            (low, high) = isBelow ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}

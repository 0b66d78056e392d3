using System;
using System.Linq;

namespace KernelGen.Encoders;

/// <summary>The code whose value is nearest to a number; of two at the same distance the even one or that of the lower value, of equal values the first.</summary>
internal sealed class NearestCode
{
    private readonly float[] _values;
    private readonly byte[] _codes;
    private readonly bool _isLowerOfTwo;

    /// <summary>Sorts a table.</summary>
    /// <param name="values">The finite values, in code order.</param>
    /// <param name="isLowerOfTwo">Whether of two codes at the same distance it is the one of the lower value; else the even one.</param>
    public NearestCode(float[] values, bool isLowerOfTwo = false)
    {
        _isLowerOfTwo = isLowerOfTwo;
        int[] order = [.. Enumerable.Range(0, values.Length).OrderBy(code => values[code]).ThenBy(static code => code).DistinctBy(code => values[code])];
        _values = [.. order.Select(code => values[code])];
        _codes = [.. order.Select(static code => (byte)code)];
        Largest = Math.Max(Math.Abs(_values[0]), Math.Abs(_values[^1]));
    }

    /// <summary>The largest magnitude.</summary>
    public float Largest { get; }

    /// <summary>The code of a number.</summary>
    /// <param name="number">The number.</param>
    /// <returns>The code.</returns>
    public byte Of(float number)
    {
        int above = Array.BinarySearch(_values, number);
        if (above >= 0)
        {
            return _codes[above];
        }

        above = Math.Clamp(~above, 1, Math.Max(1, _values.Length - 1));
        if (_values.Length == 1)
        {
            return _codes[0];
        }

        double up = (double)_values[above] - number;
        double down = (double)number - _values[above - 1];
        return down < up || (down == up && (_isLowerOfTwo || _codes[above] % 2 != 0)) ? _codes[above - 1] : _codes[above];
    }
}

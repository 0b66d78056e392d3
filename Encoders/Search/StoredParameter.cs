using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Encoders;

/// <summary>The stored form of one scale, minimum or zero point inside a block: which numbers it holds, and which entry stands for each.</summary>
internal sealed class StoredParameter
{
    private readonly FormatParameter _parameter;
    private readonly float[] _numbers;
    private readonly uint[] _stored;

    /// <summary>Describes a parameter.</summary>
    /// <param name="parameter">A parameter of the block.</param>
    /// <param name="offset">Its first entry in the array of pack and unpack.</param>
    /// <param name="factor">What its numbers are multiplied by at most; numbers that leave f32 then are not used.</param>
    public StoredParameter(FormatParameter parameter, int offset, float factor)
    {
        _parameter = parameter;
        Offset = offset;
        IEnumerable<(float Number, uint Stored)> ladder = IsFloat(parameter.Type)
            ? []
            : Enumerable.Range(0, parameter.Numbers.Count > 0 ? parameter.Numbers.Count : 1 << parameter.Bits)
                .Select(stored => (parameter.Decode((uint)stored), (uint)stored))
                .Where(pair => float.IsFinite(pair.Item1 * factor))
                .GroupBy(pair => pair.Item1)
                .Select(same => same.First())
                .OrderBy(pair => pair.Item1);
        _numbers = [.. ladder.Select(pair => pair.Number)];
        _stored = [.. ladder.Select(pair => pair.Stored)];
        if (_numbers.Length > 1)
        {
            Step = _numbers[1] - _numbers[0];
            IsEven = Enumerable.Range(1, _numbers.Length - 1).All(i => _numbers[i] - _numbers[i - 1] == Step);
        }
    }

    /// <summary>The first entry in the array of pack and unpack.</summary>
    public int Offset { get; }

    /// <summary>Inputs that share an entry.</summary>
    public int Per => _parameter.Per;

    /// <summary>Whether it holds rounded numbers of either sign rather than those of a list.</summary>
    public bool IsContinuous => _numbers.Length == 0;

    /// <summary>All numbers upward; empty where <see cref="IsContinuous"/>.</summary>
    public IReadOnlyList<float> Numbers => _numbers;

    /// <summary>How many there are.</summary>
    public int Count => _numbers.Length;

    /// <summary>The lowest.</summary>
    public float First => _numbers[0];

    /// <summary>The number at a place of the list.</summary>
    /// <param name="place">The place.</param>
    /// <returns>The number.</returns>
    public float NumberAt(int place) => _numbers[place];

    /// <summary>Whether the numbers of the list are <see cref="Step"/> apart.</summary>
    public bool IsEven { get; }

    /// <summary>From the first number to the second.</summary>
    public float Step { get; }

    /// <summary>The entry for the number at a place of the list.</summary>
    /// <param name="index">The place.</param>
    /// <returns>The stored bits.</returns>
    public uint StoredAt(int index) => _stored[index];

    /// <summary>The place of the list's number nearest to another, the lower of equals.</summary>
    /// <param name="number">The other; NaN counts as 0.</param>
    /// <returns>The place.</returns>
    public int Place(float number)
    {
        int above = Array.BinarySearch(_numbers, float.IsNaN(number) ? 0 : number);
        if (above >= 0)
        {
            return above;
        }

        above = ~above;
        return above == 0 ? 0
            : above == _numbers.Length || number - _numbers[above - 1] <= _numbers[above] - number ? above - 1
            : above;
    }

    /// <summary>The entry whose number is nearest.</summary>
    /// <param name="number">A number; beyond the largest finite one of the type it counts as that.</param>
    /// <param name="decoded">The entry's number, finite.</param>
    /// <returns>The stored bits.</returns>
    public uint Nearest(float number, out float decoded)
    {
        if (!IsContinuous)
        {
            int place = Place(number);
            decoded = _numbers[place];
            return _stored[place];
        }

        float plain = _parameter.Negative ? -number : number;
        plain = (plain - _parameter.Add) / _parameter.Multiply;
        uint stored = _parameter.Type switch
        {
            ScalarType.Float16 => BitConverter.HalfToUInt16Bits((Half)float.Clamp(plain, -65504, 65504)),
            ScalarType.BFloat16 => BFloat16(plain),
            _ => BitConverter.SingleToUInt32Bits(float.Clamp(plain, -float.MaxValue, float.MaxValue)),
        };
        decoded = _parameter.Decode(stored);
        return stored;
    }

    private static bool IsFloat(ScalarType? type) => type is ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16;

    /// <summary>Rounded to nearest, ties to even; not beyond the largest finite number.</summary>
    private static uint BFloat16(float number)
    {
        uint bits = BitConverter.SingleToUInt32Bits(number);
        uint rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
        return (rounded & 0x7F80) == 0x7F80 ? (rounded & 0x8000) | 0x7F7F : rounded;
    }
}

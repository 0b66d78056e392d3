using System;
using System.Linq;

namespace KernelGen.Encoders;

/// <summary>The numbers that single codes stand for, upward, and the code of each.</summary>
internal sealed class CodeLattice
{
    /// <summary>Most numbers of a table that is not in steps of one.</summary>
    public const int MostEntries = 16;

    private readonly byte[] _codes;

    /// <summary>Orders the numbers of a format's codes; of codes for one number the first is used.</summary>
    /// <param name="codes">Codes that <see cref="Fault"/> finds nothing wrong with.</param>
    public CodeLattice(CodeNumbers codes)
    {
        (float Number, byte Code)[] ordered = [.. codes.Numbers
            .Select((number, code) => (number, (byte)code))
            .GroupBy(pair => pair.number)
            .Select(same => same.First())
            .OrderBy(pair => pair.number)];
        Numbers = [.. ordered.Select(pair => pair.Number)];
        _codes = [.. ordered.Select(pair => pair.Code)];
        HasUnitSteps = IsUnit(Numbers);
        PlacesAreCodes = Enumerable.Range(0, _codes.Length).All(i => _codes[i] == i);
    }

    /// <summary>The numbers, upward.</summary>
    public float[] Numbers { get; }

    /// <summary>Whether they are consecutive integers.</summary>
    public bool HasUnitSteps { get; }

    /// <summary>Whether every code is the place of its number.</summary>
    public bool PlacesAreCodes { get; }

    /// <summary>The code of a number by its place.</summary>
    public ReadOnlySpan<byte> Codes => _codes;

    /// <summary>Why codes are not searched, or empty.</summary>
    /// <param name="codes">Codes of single inputs.</param>
    /// <returns>The reason.</returns>
    public static string Fault(CodeNumbers codes)
    {
        float[] distinct = [.. codes.Numbers.Distinct().Order()];
        return !distinct.All(float.IsFinite) ? "some of its codes stand for no number"
            : distinct.Length < 2 ? "its codes are all the same number"
            : distinct.Length > MostEntries && !IsUnit(distinct) ? $"its table has more than {MostEntries} numbers"
            : string.Empty;
    }

    private static bool IsUnit(float[] numbers) =>
        numbers[0] == MathF.Floor(numbers[0]) && Math.Abs(numbers[0]) <= 1 << 20 && Enumerable.Range(1, numbers.Length - 1).All(i => numbers[i] - numbers[i - 1] == 1);
}

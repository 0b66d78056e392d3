using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes the search for the table entry nearest to a scaled weight: its rank is the number of ascending thresholds, one between
/// each two neighbours, below the weight. Short tables count them all; where a target looks up f32 in registers, a first count
/// over every few thresholds picks those that are compared next; longer tables are searched by halving, or, of minifloats, the code is computed. A NaN is above none.
/// </summary>
internal sealed class NearestEntry
{
    /// <summary>Entries up to which comparing takes less time than computing.</summary>
    private const int LongestSearch = 32;

    private readonly FormatSpec _spec;
    private readonly Target _target;
    private readonly int[] _order;
    private readonly int[] _thresholds;
    private readonly MinifloatRounding? _rounding;
    private int _names;

    public NearestEntry(FormatSpec spec, Target target)
    {
        _spec = spec;
        _target = target;

        // Entries in value order, of equal ones the first; -0 stands below 0 and takes what rounds to zero from below.
        IReadOnlyList<int> values = spec.Codebook!.ValueBits.ToList();
        _order = Enumerable.Range(0, values.Count)
            .Where(i => FloatBits.IsFinite(values[i]))
            .GroupBy(i => values[i])
            .Select(equal => equal.First())
            .OrderBy(i => FloatBits.ToSingle(values[i]))
            .ThenBy(i => values[i])
            .ToArray();
        _thresholds = _order.Skip(1).Select((upper, i) => Threshold(_order[i], upper)).ToArray();
        _rounding = target.HasRowVectors && _order.Length > LongestSearch
            ? MinifloatRounding.Of(MinifloatFormula.Of(spec.Codebook), spec.Encode, _order, _thresholds)
            : null;
    }

    /// <summary>Whether the ranks are the codes.</summary>
    public bool IsOrdered => _rounding is not null || _order.SequenceEqual(Enumerable.Range(0, _order.Length));

    /// <summary>Declares the tables, before the blocks.</summary>
    public void Declare(CodeWriter code)
    {
        if (_rounding is not null)
        {
            return;
        }

        if (!_target.HasRowVectors || Parts is null)
        {
            code.Line($"float* thresholds = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference<int>([{IntegerList.Of(Padded(Halving))}]));");
        }
        else if (Parts is (int groups, int each) && groups > 1)
        {
            for (int j = 0; j < each - 1; j++)
            {
                int at = j;
                code.Line(_target.DeclareSingleTable($"fine{j}", Enumerable.Range(0, groups).Select(g => Padded(groups * each)[(g * each) + at]).ToList()));
            }
        }

        if (!IsOrdered && _target.HasRowVectors)
        {
            code.Line(_target.DeclareTable("ordered", _order));
        }
        else if (!IsOrdered)
        {
            code.Line($"int* ordered = (int*)Unsafe.AsPointer(ref MemoryMarshal.GetReference<int>([{IntegerList.Of(_order)}]));");
        }
    }

    /// <summary>The rank of the entry nearest to each weight, as an int32; the code itself where <see cref="IsOrdered"/>.</summary>
    public string Rank(CodeWriter code, string scaled)
    {
        if (!_target.HasRowVectors)
        {
            string above = $"EncoderIdioms.Above(thresholds, {_thresholds.Length}, {scaled})";
            return IsOrdered ? above : $"ordered[{above}]";
        }

        string rank = "n" + (_names++).ToString(CultureInfo.InvariantCulture);
        if (_rounding is not null)
        {
            return Rounded(code, _rounding, scaled, rank);
        }

        if (Parts is not (int groups, int each))
        {
            code.Line($"{_target.Int32} {rank} = {_target.ConstantInt32(0)};");
            for (int step = Halving / 2; step > 0; step /= 2)
            {
                string at = _target.AddInt32(rank, _target.ConstantInt32(step - 1));
                string threshold = _target.LookupSingle("thresholds", at, Halving);
                code.Line($"{rank} = {_target.AddInt32(rank, $"({_target.GreaterThan(scaled, threshold)} & {_target.ConstantInt32(step)})")};");
            }

            return rank;
        }

        int[] padded = Padded(groups * each);
        string zero = _target.ConstantInt32(0);
        if (groups > 1)
        {
            // The mask of "above" is -1.
            string coarse = string.Join(" + ", Enumerable.Range(1, groups - 1).Select(g => _target.GreaterThan(scaled, Constant(padded[(g * each) - 1]))));
            code.Line($"{_target.Int32} {rank}g = {_target.SubtractInt32(zero, $"({coarse})")};");
            string fine = string.Join(" + ", Enumerable.Range(0, each - 1).Select(j => _target.GreaterThan(scaled, _target.LookupSingle($"fine{j}", $"{rank}g", groups))));
            code.Line($"{_target.Int32} {rank} = {_target.SubtractInt32($"({rank}g << {PowerOfTwo.Log2(each)})", $"({fine})")};");
            return rank;
        }

        string all = string.Join(" + ", _thresholds.Select(t => _target.GreaterThan(scaled, Constant(t))));
        code.Line($"{_target.Int32} {rank} = {_target.SubtractInt32(zero, $"({all})")};");
        return rank;
    }

    /// <summary>The code of the nearest minifloat.</summary>
    private string Rounded(CodeWriter code, MinifloatRounding rounding, string scaled, string name)
    {
        string Integer(int value) => _target.ConstantInt32(value);
        string largest = Constant(rounding.LargestBits);
        code.Line($"{_target.Single} {name}v = {_target.AtMost(_target.AtLeast(scaled, Constant(rounding.LargestBits | int.MinValue)), largest)};");
        code.Line($"{_target.Single} {name}a = {_target.Abs($"{name}v")};");
        string bits = $"{name}a.AsInt32()";
        string odd = rounding.ToEven ? $" + (({bits} >> {rounding.Shift}) & {Integer(1)})" : string.Empty;
        string normal = $"({bits} + {Integer(rounding.Half)}{odd}) >> {rounding.Shift}";
        string units = _target.Multiply($"{name}a", Constant(rounding.UnitBits));
        string subnormal = rounding.ToEven ? _target.RoundToInt32($"({units})") : _target.TruncateToInt32($"({_target.Add(units, Constant(MinifloatRounding.BelowHalf))})");
        if (rounding.Carries)
        {
            code.Line($"{_target.Int32} {name} = ({normal}) - {Integer(rounding.CodeBias)};");
        }
        else
        {
            int mantissa = rounding.Formula.MantissaBits;
            code.Line($"{_target.Int32} {name} = {normal};");
            code.Line($"{name} = {name} - ({name} >> {mantissa}) + ({bits} >> {rounding.Shift + mantissa}) - {Integer(rounding.CodeBias)};");
            code.Line($"{_target.Int32} {name}s = {subnormal};");
            subnormal = $"{name}s - ({name}s >> {mantissa})";
        }

        code.Line($"{name} ^= ({name} ^ ({subnormal})) & {_target.GreaterThan(Constant(rounding.Formula.LeastNormal), $"{name}a")};");
        string minus = $"({_target.GreaterThan($"{name}v", Constant(MinifloatRounding.BelowZero))} + {Integer(1)}) << {rounding.Formula.Bits - 1}";
        return $"{name} | ({minus})";
    }

    /// <summary>The codes of ranks in bytes.</summary>
    public string Codes(string ranks) => IsOrdered ? ranks : _target.Lookup("ordered", ranks, _order.Length);

    /// <summary>Groups of thresholds and thresholds in each, both powers of two, or null where the search halves.</summary>
    private (int Groups, int Each)? Parts
    {
        get
        {
            int count = Halving;
            int registers = _target.SingleTableRegisters;
            return count <= 8 || (registers == 0 && count <= 16) ? (1, count)
                : registers >= 8 && count is 16 ? (4, 4)
                : registers >= 8 && count is 32 or 64 ? (8, count / 8)
                : null;
        }
    }

    /// <summary>The least power of two above the number of thresholds.</summary>
    private int Halving
    {
        get
        {
            int count = 1;
            while (count < _order.Length)
            {
                count *= 2;
            }

            return count;
        }
    }

    private int[] Padded(int count) => _thresholds.Concat(Enumerable.Repeat(FloatBits.FromSingle(float.PositiveInfinity), count - _thresholds.Length)).ToArray();

    /// <summary>The f32 bits of the largest number that belongs to the lower of two neighbouring entries, given by their codes.</summary>
    private int Threshold(int lower, int upper)
    {
        (double boundary, bool goesUp) = Boundary(lower, upper);
        float threshold = (float)boundary;
        return threshold > boundary || (threshold == boundary && goesUp)
            ? FloatBits.FromSingle(FloatBits.NextDown(threshold))
            : FloatBits.FromSingle(threshold);
    }

    /// <summary>The number between two neighbouring entries, and whether it belongs to the upper.</summary>
    private (double Boundary, bool GoesUp) Boundary(int lowerCode, int upperCode)
    {
        double lower = FloatBits.ToSingle(_spec.Codebook!.ValueBits[lowerCode]);
        double upper = FloatBits.ToSingle(_spec.Codebook.ValueBits[upperCode]);
        double middle = (lower + upper) / 2;
        if (lower == upper)
        {
            // -0 below 0.
            return (middle, true);
        }

        bool isPositive = lower >= 0;
        switch (_spec.Encode.Rounding)
        {
            case EncodeRounding.HalfToEven:
                return (middle, false);
            case EncodeRounding.HalfAwayFromZero:
                return (middle, middle >= 0);
            case EncodeRounding.TowardZero:
                return isPositive ? (upper, true) : upper <= 0 ? (lower, false) : (0, true);
            case EncodeRounding.WithoutCarry when lowerCode >> _spec.Codebook.Mantissa != upperCode >> _spec.Codebook.Mantissa && (isPositive || upper <= 0):
                return isPositive ? (upper - _spec.Encode.LogEpsilon, true) : (lower + _spec.Encode.LogEpsilon, false);
            case EncodeRounding.WithoutCarry:
            case EncodeRounding.HalfToEvenCode:
                return (middle, upperCode % 2 == 0);
            case EncodeRounding.Logarithmic:
                double mean = Math.Sqrt(lower * upper) - _spec.Encode.LogEpsilon;
                return isPositive ? (mean, false) : upper < 0 ? (-mean, true) : (-_spec.Encode.LogEpsilon, true);
            default:
                return (middle, true);
        }
    }

    private string Constant(int bits) => _target.SplatSingle(FloatLiteral.Of(bits));
}

using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning;

/// <summary>
/// Whether the values of a format, which its own encoder writes, are steps times integers of at most 127 in magnitude: int8 kernels take such a format's
/// codes as activations. The descriptor says so, to the runtime as well.
/// </summary>
internal static class ActivationCodes
{
    /// <summary>
    /// The largest magnitude that the encoder writes, where integers have a larger one: the one it is told, or the one on which it puts the largest weight of either
    /// sign, unless rounding the scale can move that weight past it.
    /// </summary>
    private static int? Limit(FormatSpec spec)
    {
        EncodeSpec encode = spec.Encode;
        List<ParameterSpec> factors = [.. spec.Parameters.Where(static parameter => parameter.IsFactor)];
        if (spec.Codebook is not null || spec.Codes.Kind != CodeNumber.Signed || factors.Count != 1 || factors[0].Role != ParameterRole.Scale)
        {
            return null;
        }

        int top = 1 << (spec.Codes.Bits - 1);
        int least = spec.Codes.Offset - top;
        int greatest = top - 1 + spec.Codes.Offset;
        int limit = encode.Limit > 0 ? encode.Limit
            : encode is { Range: EncodeRange.AbsMax, Shrinks: 0, Rounds: 0 } && (encode.UnroundedScale || factors[0].Type.Class == StoredClass.Float32) ? Math.Min(-least, greatest)
            : 0;
        return limit > 0 && limit < Math.Max(-least, greatest) ? limit : null;
    }

    /// <summary>
    /// Why the format cannot be that of activations, as part of a sentence about it, or null; then activation i is a scale times
    /// <c>Factor</c> times an integer.
    /// </summary>
    public static (string? Fault, double Factor) Of(FormatSpec spec)
    {
        if (!spec.StoresCodes || spec.Codes.Float is not null || spec.Learned >= 0 || spec.Codebook?.ValueBits.All(FloatBits.IsFinite) == false)
        {
            return ("int8 kernels take codes of single inputs that are all numbers, not plain floats, vectors, digits, signs apart, or tables that are chosen or stored", 1);
        }

        if (spec.Parameters.Any(static parameter => parameter.Role == ParameterRole.Min))
        {
            return ("int8 kernels take no minimum of activations; use a zero point", 1);
        }

        if (EncoderPlan.Of(spec).Plan is null)
        {
            return ("it has no encoder (KG0053)", 1);
        }

        double limit = Limit(spec) ?? double.PositiveInfinity;
        IEnumerable<double> codes = spec.Codebook is { } codebook
            ? codebook.Numbers.Select(static number => (double)number)
            : Enumerable.Range(0, spec.Codes.Kind == CodeNumber.Trit ? 3 : 1 << spec.Codes.Bits).Select(code => (double)DecodedForms.IntegerOf(spec.Codes, code));
        double[] numbers = [.. codes.Select(number => Math.Max(-limit, Math.Min(number, limit)))];
        ParameterSpec[] zeros = [.. spec.Parameters.Where(static parameter => parameter.Role == ParameterRole.Zero)];
        (double low, double high) = (0, 0);
        if (zeros.Length > 0)
        {
            if (zeros.Length > 1 || !FormatPlanner.IsInteger(zeros[0]) || numbers.Any(static number => number != Math.Round(number)))
            {
                return ("its codes less its zero points are not all integers", 1);
            }

            (low, high) = FormatPlanner.IntegerRange(zeros[0]);
        }

        // Without zero points a factor of 2^-6 of the largest number's power of two: coarser ones are multiples of it.
        double largest = numbers.Max(Math.Abs);
        double factor = zeros.Length > 0 || (largest <= FormatPlan.LargestInt8 && numbers.All(static number => number == Math.Round(number)))
            ? 1
            : Math.Pow(2, Math.Floor(Math.Log(largest, 2)) - 6);
        bool fits = numbers.All(number => number / factor == Math.Round(number / factor)
            && (number / factor) - low <= FormatPlan.LargestInt8 && (number / factor) - high >= -FormatPlan.LargestInt8);
        return fits ? (null, factor) : ($"its values are not all one power of two times integers of at most {FormatPlan.LargestInt8}, which is what int8 kernels multiply", 1);
    }
}

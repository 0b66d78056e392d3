using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>
/// Stored integers that mean powers of two, or numbers modulo 2^bits. There are at most 256, so they become what scalars of a format's own are: a table.
/// </summary>
internal static class ComputedNumbers
{
    private const int MostBits = 8;

    /// <summary>The table of an exponential or wrapped parameter of an integer type, or none and a diagnostic.</summary>
    public static EquatableArray<int>? Read(DeclaredParameter parameter, StoredType type, DiagnosticBag diagnostics)
    {
        string? fault =
            parameter.Exponential && parameter.Wrap ? "a power of two is not taken modulo 2^bits; give one of Exponential and Wrap"
            : type.Class is not (StoredClass.Unsigned or StoredClass.Signed) || type.Bits > MostBits ? "only integers of up to 8 bits are"
            : parameter.Wrap && type.Class != StoredClass.Unsigned ? "a number modulo 2^bits is not negative; give an unsigned type"
            : parameter.Multiply != Math.Round(parameter.Multiply) || parameter.Add != Math.Round(parameter.Add) ? "Multiply and Add must be integers"
            : Math.Abs(parameter.Multiply) > 256 || Math.Abs(parameter.Add) > 65536 || parameter.Multiply == 0 ? "Multiply must be 1 to 256 in magnitude, Add at most 65536"
            : null;
        List<double> numbers = [];
        if (fault is null)
        {
            int low = type.Class == StoredClass.Signed ? 1 << (type.Bits - 1) : 0;
            numbers = [.. Enumerable.Range(0, 1 << type.Bits)
                .Select(stored => (((stored ^ low) - low) * parameter.Multiply) + parameter.Add)
                .Select(number => parameter.Wrap ? Modulo(number, 1 << type.Bits) : Math.Pow(2, number))];
            fault = numbers.Any(static number => number > float.MaxValue) ? "2^(v * Multiply + Add) is beyond f32 for a stored v"
                : numbers.All(static number => (float)number == 0) ? "2^(v * Multiply + Add) is 0 in f32 for every stored v"
                : null;
        }

        if (fault is null)
        {
            return numbers.Select(static number => FloatBits.FromSingle((float)number)).ToEquatableArray();
        }

        diagnostics.Add(Rules.ParameterComputed, parameter.Location, parameter.Exponential ? "Exponential" : "Wrap", fault);
        return null;
    }

    private static double Modulo(double number, int modulus) => number - (Math.Floor(number / modulus) * modulus);
}

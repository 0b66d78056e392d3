using System;
using KernelGen.Generator.Model;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>Writes what stored parameters mean, a vector of them at a time: type, affine transform, sign; each step rounded once.</summary>
internal static class ParameterDecoding
{
    /// <summary>One stored number per lane, from consecutive entries.</summary>
    public static string Load(Target target, ParameterSpec parameter, string pointer) => Load(target, parameter, parameter.Type, pointer);

    /// <summary>The same where entries are kept in another type than the declared one, or as exponents of numbers that are multiplied by 2^<paramref name="power"/>.</summary>
    public static string Load(Target target, ParameterSpec parameter, StoredType type, string pointer, int? power = null) =>
        Transform(target, parameter, power is { } common
            ? target.Multiply(target.LoadPowersOfTwo(pointer), Constant(target, (float)Math.Pow(2, common)))
            : target.LoadStored(type, pointer, FoldedExponent(parameter)));

    private static string Transform(Target target, ParameterSpec parameter, string single)
    {
        single = IsExponent(parameter) || parameter.Multiply == 1 ? single : target.Multiply($"({single})", Constant(target, parameter.Multiply));
        single = parameter.Add == 0 ? single : target.Add($"({single})", Constant(target, parameter.Add));
        return parameter.Negative ? target.Negate(single) : single;
    }

    private static bool IsExponent(ParameterSpec parameter) => parameter.Type.Class is StoredClass.E8M0 or StoredClass.Exponent8;

    private static int FoldedExponent(ParameterSpec parameter) => IsExponent(parameter) ? RowParameters.Exponent(parameter) : 0;

    private static string Constant(Target target, float value) => target.SplatSingle(FloatLiteral.Of(FloatBits.FromSingle(value)));
}

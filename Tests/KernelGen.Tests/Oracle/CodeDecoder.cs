using System;
using KernelGen.Generator.Model;

namespace KernelGen.Tests.Oracle;

/// <summary>What stored bits mean as numbers.</summary>
internal static class CodeDecoder
{
    /// <summary>The value of the code of one input, exact in f32.</summary>
    public static float Value(FormatSpec spec, uint code)
    {
        if (spec.Codes.Float is { } type)
        {
            return Stored(type, code);
        }

        if (spec.Codebook is { } table)
        {
            return BitConverter.Int32BitsToSingle(table.ValueBits[(int)code]);
        }

        int bits = spec.Codes.Bits;
        int high = 1 << (bits - 1);
        int number = spec.Codes.Kind switch
        {
            CodeNumber.Unsigned => (int)code,
            CodeNumber.Signed => (int)code >= high ? (int)code - (2 * high) : (int)code,
            CodeNumber.SignMagnitude => (int)code >= high ? -((int)code - high) : (int)code,
            CodeNumber.Sign => code == 1 ? 1 : -1,
            CodeNumber.InvertedSign => code == 0 ? 1 : -1,
            CodeNumber.Trit => (int)code - 1,
            _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Codes.Kind, "Unknown kind of code."),
        };
        return number + spec.Codes.Offset;
    }

    /// <summary>The number a stored entry of a parameter stands for, affine transform included.</summary>
    public static float Number(ParameterSpec parameter, uint stored)
    {
        float number;
        if (parameter.Type.Class is StoredClass.E8M0 or StoredClass.Exponent8)
        {
            // In double the product 2^(E-127) * Multiply is exact; one rounding to f32 leaves it so unless it underflows.
            number = parameter.Type.Class == StoredClass.E8M0 && stored == 255
                ? float.NaN
                : (float)(Math.ScaleB(1.0, (int)stored - 127) * parameter.Multiply);
        }
        else
        {
            number = parameter.Type.Class == StoredClass.Table
                ? BitConverter.Int32BitsToSingle(parameter.Table[(int)stored])
                : Stored(parameter.Type, stored);
            number = parameter.Multiply == 1f ? number : (float)(number * parameter.Multiply);
            number = parameter.Add == 0f ? number : (float)(number + parameter.Add);
        }

        return parameter.Negative ? -number : number;
    }

    private static float Stored(StoredType type, uint bits) => type.Class switch
    {
        StoredClass.Float32 => BitConverter.UInt32BitsToSingle(bits),
        StoredClass.Float16 => (float)BitConverter.UInt16BitsToHalf((ushort)bits),
        StoredClass.BFloat16 => BitConverter.UInt32BitsToSingle(bits << 16),
        StoredClass.Unsigned => bits,
        StoredClass.Signed => (int)(bits << (32 - type.Bits)) >> (32 - type.Bits),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type.Class, "Unknown stored type."),
    };
}

using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;
using KernelGen.Tests.Oracle;

namespace KernelGen.Tests.Kernels;

/// <summary>Stored bits of parameters, chosen for tests.</summary>
internal static class ParameterBits
{
    /// <summary>Any bits.</summary>
    public static uint Any(ParameterSpec parameter, Random random) =>
        (uint)(random.NextInt64(1L << 32) & ((1L << parameter.Type.Bits) - 1));

    /// <summary>Bits whose number is between 2^-6 and 2 in magnitude for floats and exponents; any integer.</summary>
    public static uint Moderate(ParameterSpec parameter, Random random)
    {
        float value = ModerateFloat(random);
        return parameter.Type.Class switch
        {
            StoredClass.Table => Candidates(parameter, 1).Where(bits => Math.Abs(CodeDecoder.Number(parameter, bits)) is >= 1f / 64 and <= 2) is var moderate
                ? moderate.ElementAt(random.Next(moderate.Count()))
                : 0,
            StoredClass.Unsigned or StoredClass.Signed => Any(parameter, random),
            StoredClass.E8M0 or StoredClass.Exponent8 => (uint)(127 + random.Next(-6, 1) - (int)MathF.Log2(parameter.Multiply)),
            _ => OfFloat(parameter.Type, value),
        };
    }

    /// <summary>A number between 2^-6 and 2 in magnitude.</summary>
    public static float ModerateFloat(Random random) =>
        (random.NextSingle() + 1) * MathF.ScaleB(1, random.Next(-6, 1)) * (random.Next(2) == 0 ? 1 : -1);

    /// <summary>
    /// Bits whose number is 1 for a scale and a small integer for a zero point or minimum, so that products of integers stay
    /// exact; the power of two nearest to 1 where a scale cannot be 1.
    /// </summary>
    public static uint Whole(ParameterSpec parameter, Random random)
    {
        if (parameter.Type.Class is StoredClass.Unsigned or StoredClass.Signed && parameter.Role != ParameterRole.Scale)
        {
            return Any(parameter, random);
        }

        float wanted = parameter.Role == ParameterRole.Scale ? 1 : random.Next(-3, 4);
        return Candidates(parameter, wanted)
            .Where(bits => IsPowerOfTwo(CodeDecoder.Number(parameter, bits)) || parameter.Role != ParameterRole.Scale)
            .OrderBy(bits => Math.Abs(CodeDecoder.Number(parameter, bits) - wanted))
            .First();
    }

    /// <summary>Bits that are special in their type: zeros, the least and greatest, subnormals, infinities, NaN.</summary>
    public static IReadOnlyList<uint> Special(StoredType type) => type.Class switch
    {
        StoredClass.Float16 => [0, 0x8000, 1, 0x83FF, 0x400, 0x7BFF, 0xFBFF, 0x7C00, 0xFC00, 0x7E00],
        StoredClass.BFloat16 => [0, 0x8000, 1, 0x807F, 0x80, 0x7F7F, 0xFF7F, 0x7F80, 0xFF80, 0x7FC0],
        StoredClass.Float32 => [0, 0x80000000, 1, 0x807FFFFF, 0x800000, 0x7F7FFFFF, 0xFF7FFFFF, 0x7F800000, 0xFF800000, 0x7FC00000],
        _ => [0, 1, (1u << (type.Bits - 1)) - 1, 1u << (type.Bits - 1), (uint)((1L << type.Bits) - 2), (uint)((1L << type.Bits) - 1)],
    };

    /// <summary>The bits of a float type nearest to a value.</summary>
    public static uint OfFloat(StoredType type, float value) => type.Class switch
    {
        StoredClass.Float16 => BitConverter.HalfToUInt16Bits((Half)value),
        StoredClass.BFloat16 => BitConverter.SingleToUInt32Bits(value) >> 16,
        _ => BitConverter.SingleToUInt32Bits(value),
    };

    private static IEnumerable<uint> Candidates(ParameterSpec parameter, float wanted)
    {
        if (parameter.Type.Bits <= 8)
        {
            return Enumerable.Range(0, 1 << parameter.Type.Bits).Select(i => (uint)i);
        }

        float stored = (((parameter.Negative ? -wanted : wanted) - parameter.Add) / parameter.Multiply);
        return parameter.Type.Class is StoredClass.Unsigned or StoredClass.Signed
            ? [(uint)(int)stored & ((1u << parameter.Type.Bits) - 1)]
            : [OfFloat(parameter.Type, stored), OfFloat(parameter.Type, 1), OfFloat(parameter.Type, 0)];
    }

    private static bool IsPowerOfTwo(float value) =>
        float.IsFinite(value) && value != 0 && (BitConverter.SingleToInt32Bits(value) & 0x7FFFFF) == 0;
}

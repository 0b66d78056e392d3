using KernelGen.Generator.Model;

namespace KernelGen.Generator.Kernels;

/// <summary>Writes the rounding of a real scale, minimum or zero point to its stored bits.</summary>
internal static class ParameterEncoding
{
    /// <summary>The stored bits (uint) whose meaning is nearest to <paramref name="real"/>.</summary>
    public static string Encode(ParameterSpec parameter, string real)
    {
        string number = parameter.Negative ? $"-({real})" : real;
        number = parameter.Add == 0 ? number : $"(({number}) - {Literal(parameter.Add)})";
        bool exponent = parameter.Type.Class is StoredClass.E8M0 or StoredClass.Exponent8;
        number = exponent || parameter.Multiply == 1 ? number : $"(({number}) / {Literal(parameter.Multiply)})";
        (double low, double high) = StoredRange(parameter.Type);
        return parameter.Type.Class switch
        {
            StoredClass.Float32 => $"BitConverter.SingleToUInt32Bits({number})",
            StoredClass.Float16 => $"BitConverter.HalfToUInt16Bits((Half)({number}))",
            StoredClass.BFloat16 => $"EncoderIdioms.BFloat16({number})",
            StoredClass.E8M0 or StoredClass.Exponent8 => $"EncoderIdioms.Exponent({number}, {RowParameters.Exponent(parameter)}, {(parameter.Type.Class == StoredClass.E8M0 ? 254 : 255)})",
            StoredClass.Table => $"{ScalarTables.CodeOf(parameter)}({number})",
            _ => $"((uint)(int)Math.Clamp(MathF.Round({number}), {low}f, {high}f) & 0x{(1L << parameter.Type.Bits) - 1:X})",
        };
    }

    /// <summary>The numbers an inner integer level can mean, sign apart.</summary>
    public static (double Low, double High) InnerRange(ParameterSpec parameter)
    {
        (double low, double high) = StoredRange(parameter.Type);
        double a = (low * parameter.Multiply) + parameter.Add;
        double b = (high * parameter.Multiply) + parameter.Add;
        return a < b ? (a, b) : (b, a);
    }

    private static (double Low, double High) StoredRange(StoredType type)
    {
        double low = type.Class == StoredClass.Signed ? -(1L << (type.Bits - 1)) : 0;
        return (low, low + (1L << type.Bits) - 1);
    }

    private static string Literal(float value) => FloatLiteral.Of(FloatBits.FromSingle(value));
}

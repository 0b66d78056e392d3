using System.Globalization;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Kernels;

/// <summary>Writes f32 constants so that the bits are exact and the value can still be read.</summary>
internal static class FloatLiteral
{
    public static string Of(int bits)
    {
        float value = FloatBits.ToSingle(bits);
        bool plain = value == (long)value && System.Math.Abs(value) < 1 << 24 && bits != unchecked((int)0x80000000);
        return plain
            ? ((long)value).ToString(CultureInfo.InvariantCulture) + "f"
            : $"BitConverter.UInt32BitsToSingle(0x{bits:X8}) /* {((double)value).ToString("R", CultureInfo.InvariantCulture)} */";
    }
}

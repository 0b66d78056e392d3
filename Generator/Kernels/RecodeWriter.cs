using System.Globalization;
using System.Linq;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>Writes how a stored code becomes the integer w of the decoded form (w, not the value: the correction is applied elsewhere).</summary>
internal static class RecodeWriter
{
    /// <summary>w of one code as an int.</summary>
    public static string Scalar(DecodedForm form, string code) =>
        form.Signed ? $"(sbyte)({Packed(form, code)})" : form.Step == 1 ? $"({Packed(form, code)})" : $"(({Packed(form, code)}) * {form.Step})";

    /// <summary>The packed code of one stored code, as an int whose low byte counts.</summary>
    public static string Packed(DecodedForm form, string code) => form.Recode switch
    {
        RecodeRule.Xor => $"{code} ^ {form.RecodeConstant}",
        RecodeRule.SignMagnitude =>
            $"({code} < {form.RecodeConstant} ? {code} : {form.RecodeConstant} - {code}) + {form.RecodeBias}",
        _ => code,
    };

    /// <summary>The packed codes of 8 stored ones in an unsigned word.</summary>
    public static string PackedWord(DecodedForm form, string codes)
    {
        static string Bytes(int value) => $"0x{string.Concat(Enumerable.Repeat((value & 0xFF).ToString("X2", CultureInfo.InvariantCulture), 8))}UL";
        return form.Recode switch
        {
            RecodeRule.Xor => $"{codes} ^ {Bytes(form.RecodeConstant)}",
            RecodeRule.SignMagnitude =>
                $"ScalarIdioms.SignMagnitude({codes}, {Bytes(form.RecodeConstant - 1)}, {PowerOfTwo.Log2(form.RecodeConstant)}, {Bytes(form.RecodeBias)})",
            _ => codes,
        };
    }

    /// <summary>w of a vector of code bytes, plus a constant.</summary>
    public static string Vector(DecodedForm form, Target target, string codes, int added)
    {
        string vector = target.Bytes.Replace("<byte>", string.Empty);
        string constant = target.ConstantByte(form.RecodeConstant);
        string recoded = form.Recode switch
        {
            RecodeRule.Xor => $"({codes} ^ {constant})",
            RecodeRule.SignMagnitude => $"{vector}.ConditionalSelect({vector}.LessThan({codes}, {constant}), {codes}, {constant} - {codes})",
            _ => codes,
        };
        string stepped = form.Step switch
        {
            1 => recoded,
            2 => $"({recoded} + {recoded})",
            _ => $"({recoded} * {form.Step})",
        };
        return Plus(target, stepped, (form.RecodeBias * form.Step) + added);
    }

    /// <summary>A vector of bytes plus a constant, modulo 256.</summary>
    public static string Plus(Target target, string bytes, int constant) => (sbyte)constant switch
    {
        0 => bytes,
        < 0 and sbyte less => $"{bytes} - {target.ConstantByte(-less)}",
        sbyte more => $"{bytes} + {target.ConstantByte(more)}",
    };
}

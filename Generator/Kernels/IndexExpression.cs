using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Kernels;

/// <summary>Integer index arithmetic on C# expressions, folded where both sides are constants, so that unrolled code reads plainly.</summary>
internal static class IndexExpression
{
    public static bool IsConstant(string expression, out int value) =>
        int.TryParse(expression, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    public static string Sum(params string[] terms)
    {
        int constant = 0;
        var rest = new List<string>();
        foreach (string term in terms)
        {
            if (IsConstant(term, out int value))
            {
                constant += value;
            }
            else
            {
                rest.Add(term);
            }
        }

        if (constant != 0 || rest.Count == 0)
        {
            rest.Add(constant.ToString(CultureInfo.InvariantCulture));
        }

        return string.Join(" + ", rest);
    }

    public static string Times(string expression, int factor)
    {
        if (IsConstant(expression, out int value))
        {
            return (value * factor).ToString(CultureInfo.InvariantCulture);
        }

        return factor == 1 ? expression : factor == 0 ? "0" : IsSimple(expression) ? $"({expression} * {factor})" : $"(({expression}) * {factor})";
    }

    public static string Over(string expression, int divisor)
    {
        if (IsConstant(expression, out int value))
        {
            return (value / divisor).ToString(CultureInfo.InvariantCulture);
        }

        // No index is negative, which a compiler does not know of a signed number that it divides.
        string over = (divisor & (divisor - 1)) == 0 ? $">> {PowerOfTwo.Log2(divisor)}" : $"/ {divisor}";
        return divisor == 1 ? expression : IsSimple(expression) ? $"({expression} {over})" : $"(({expression}) {over})";
    }

    /// <summary>A pointer with a byte offset.</summary>
    public static string Offset(string pointer, params string[] terms)
    {
        string sum = Sum(terms);
        return sum == "0" ? pointer : $"{pointer} + {sum}";
    }

    private static bool IsSimple(string expression) => expression.All(c => char.IsLetterOrDigit(c));
}

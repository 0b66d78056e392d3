using System;
using System.Collections.Generic;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Kernels;

/// <summary>The number of a role as an expression of those of its levels: the product of its factors, to which the others are added; one rounding a step.</summary>
internal static class LevelFormula
{
    /// <summary>The expression, in brackets where it is a sum, or nothing where there are no levels.</summary>
    /// <param name="spec">The format.</param>
    /// <param name="levels">Indices of parameters in the order in which they enter.</param>
    /// <param name="number">The number of a parameter.</param>
    /// <param name="multiply">A product.</param>
    /// <param name="add">A sum.</param>
    public static string Of(FormatSpec spec, IEnumerable<int> levels, Func<int, string> number, Func<string, string, string> multiply, Func<string, string, string> add)
    {
        string value = string.Empty;
        bool isProduct = false;
        foreach (int level in levels)
        {
            bool isSum = value.Length != 0 && spec.Parameters[level].IsAdded;
            value = value.Length == 0 ? number(level)
                : isSum ? $"({add(isProduct ? $"({value})" : value, number(level))})"
                : multiply(value, number(level));
            isProduct = !isSum && value.Contains(" * ");
        }

        return value;
    }
}

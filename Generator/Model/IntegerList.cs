using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Generator.Model;

/// <summary>Integers as the elements of a C# collection, whatever the culture (string.Join would use its minus sign).</summary>
internal static class IntegerList
{
    public static string Of(IEnumerable<int> values) => string.Join(", ", values.Select(value => $"{value}"));
}

using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Generator.Model;

/// <summary>Integers as the elements of a C# collection, whatever the culture (string.Join would use its minus sign).</summary>
internal static class IntegerList
{
    public static string Of(IEnumerable<int> values) => string.Join(", ", values.Select(value => $"{value}"));

    /// <summary>
    /// Bytes as a list of int32 that holds them in order in memory, where the lowest byte comes first. Code compiled ahead of time finds the address of a literal
    /// of int32 by itself; for one of bytes it needs a runtime.
    /// </summary>
    public static string OfBytes(IEnumerable<int> bytes) => Of(bytes
        .Select((value, i) => (value, i))
        .GroupBy(item => item.i / 4, item => (item.value & 0xFF) << (8 * (item.i % 4)))
        .Select(word => word.Aggregate((a, b) => a | b)));
}

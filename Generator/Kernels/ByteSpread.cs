using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes how 2 or 4 fields of a byte become bytes of their own: the byte, widened to 16 or 32 bits, is or-ed with itself shifted so that every field stands in its byte, and the rest
/// is masked away. Two copies are 8 bits apart less what their fields are, so that no bit of one falls on the field of another.
/// </summary>
internal static class ByteSpread
{
    private const int ByteBits = 8;

    /// <summary>The vector of the fields.</summary>
    /// <param name="wide">A vector of bytes widened to lanes of as many bytes as there are fields.</param>
    /// <param name="vector">The class of its type.</param>
    /// <param name="fromBits">The first bit of each field, in the order of the bytes that they go to.</param>
    /// <param name="bits">Bits of a field.</param>
    /// <param name="to">The bit of the bytes that they go to.</param>
    /// <param name="declare">Declares a local of a type and a value, whose name it returns.</param>
    public static string Of(string wide, string vector, IReadOnlyList<int> fromBits, int bits, int to, Func<string, string, string> declare)
    {
        (string lane, string format) = fromBits.Count == 2 ? ("ushort", "X4") : ("uint", "X8");
        uint mask = fromBits.Select((_, i) => ((1u << bits) - 1) << (to + (ByteBits * i))).Aggregate(static (a, b) => a | b);
        int[] moves = [.. fromBits.Select((from, i) => (ByteBits * i) + to - from)];
        int step = moves[1];
        string type = $"{vector}<{lane}>";
        string copies = declare(type, wide);
        if (moves.Length == 4 && Enumerable.Range(0, moves.Length).All(i => moves[i] == step * i))
        {
            // Fields equally far apart: the second pair is the first, moved.
            copies = declare(type, $"{copies} | {Moved(copies, step)}");
            moves = [0, 2 * step];
        }

        string ored = string.Join(" | ", moves.Select(move => Moved(copies, move)));
        return $"(({ored}) & {vector}.Create(({lane})0x{mask.ToString(format, CultureInfo.InvariantCulture)})).AsByte()";
    }

    private static string Moved(string value, int move) => move == 0 ? value : move > 0 ? $"({value} << {Text(move)})" : $"({value} >>> {Text(-move)})";

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}

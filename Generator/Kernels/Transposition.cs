using System;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Four vectors of 32-bit lanes, transposed in every 128 bits: four quads of rows become four vectors of rows, of 16 inputs each, which can look up in tables
/// of their own; and the other way round.
/// </summary>
internal static class Transposition
{
    /// <summary>Vectors, and 32-bit lanes in 128 bits.</summary>
    public const int Quads = 4;

    /// <summary>Declares the transposed vectors, as bytes, and returns their names.</summary>
    public static string[] Write(CodeWriter code, Target target, string[] vectors, Func<string> name)
    {
        string[] pairs = [.. Enumerable.Range(0, Quads).Select(i => Declare(target.InterleaveQuads(vectors[i / 2 * 2], vectors[(i / 2 * 2) + 1], i % 2)))];
        return [.. Enumerable.Range(0, Quads).Select(i => Declare(target.JoinHalves(pairs[i / 2], pairs[2 + (i / 2)], i % 2)))];

        string Declare(string value)
        {
            string declared = name();
            code.Line($"{target.Bytes} {declared} = {value};");
            return declared;
        }
    }
}

using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning;

/// <summary>
/// A zero point that kernels take for a part of the code: stored as a bit or two of short runs of vectors of a codebook, it alone makes segments shorter than the scales do, and every
/// segment costs a step of its own. What it makes of the table's values is a table for each of its numbers, among which it chooses as a <see cref="ParameterRole.Selector"/> does.
/// </summary>
internal static class JoinedZero
{
    /// <summary>Bits of a code that one shuffle looks up.</summary>
    private const int MostBits = 4;

    /// <summary>Inputs whose codes are put together in one word, to which the number of the table is added.</summary>
    private const int WordInputs = 8;

    /// <summary>The format as kernels read it: as declared, or with the zero point as the choice of a table.</summary>
    public static FormatSpec Of(FormatSpec spec)
    {
        List<int> zeros = FormatPlanner.Levels(spec, ParameterRole.Zero);
        if (zeros.Count != 1 || !IsVectors(spec) || !Shortens(spec, spec.Parameters[zeros[0]]))
        {
            return spec;
        }

        ParameterSpec zero = spec.Parameters[zeros[0]];
        FormatSpec joined = spec with
        {
            Codebook = new CodebookSpec(Numbers(zero).SelectMany(number => spec.Codebook!.ValueBits.Select(bits => FloatBits.FromSingle(FloatBits.ToSingle(bits) - number))).ToEquatableArray()),
            Parameters = spec.Parameters.Select((parameter, i) => i == zeros[0] ? parameter with { Role = ParameterRole.Selector } : parameter).ToEquatableArray(),
        };
        return ElementCode.Of(joined).Bits <= MostBits ? joined : spec;
    }

    /// <summary>Whether codes are whole words of vectors of a constant table, their signs in it.</summary>
    private static bool IsVectors(FormatSpec spec) =>
        spec.Codebook is not null && spec.Codes.Length > 1 && WordInputs % spec.Codes.Length == 0 && spec.Signs is null && spec.Selector < 0 && spec.Block.Inputs % WordInputs == 0;

    /// <summary>Whether a zero point of few bits covers whole words, and fewer inputs than any other factor.</summary>
    private static bool Shortens(FormatSpec spec, ParameterSpec zero) =>
        zero is { IsSide: false, IsAdded: false, Type: { Class: StoredClass.Unsigned, Bits: <= 2 } } && zero.Inputs % WordInputs == 0
        && spec.Parameters.Where(parameter => parameter is { IsFactor: true, IsSide: false } && parameter.Role != ParameterRole.Zero).All(parameter => parameter.Inputs > zero.Inputs)
        && zero.Inputs < spec.Block.Inputs;

    private static IEnumerable<float> Numbers(ParameterSpec zero) => Enumerable.Range(0, 1 << zero.Type.Bits).Select(stored =>
    {
        float product = stored * zero.Multiply;
        float number = product + zero.Add;
        return zero.Negative ? -number : number;
    });
}

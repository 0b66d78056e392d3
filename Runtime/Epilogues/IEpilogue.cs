using System.Numerics;

namespace KernelGen.Epilogues;

/// <summary>
/// What is done to the outputs of a product while they are still in the nearest cache: an element-wise operator, written once
/// for a vector and once for a single output, which the product applies to every output exactly once, after its sum is
/// complete.
/// </summary>
/// <remarks>
/// <para>
/// Implementations are structs, so that the compiler writes the operator into the loop over the outputs: no call and no
/// allocation per element or row. Operands other than the output itself are memory the struct points to; it must stay valid and
/// unchanged during the product and overlap no part of the output. Operators compose with <see cref="EpilogueExtensions.Then"/>.
/// </para>
/// <para>
/// Both <c>Invoke</c> methods must give the same bits for the same element, because which of them an element meets depends on
/// where it lies. They are called from several threads at once.
/// </para>
/// </remarks>
/// <typeparam name="TSelf">The operator.</typeparam>
public interface IEpilogue<TSelf>
    where TSelf : struct, IEpilogue<TSelf>
{
    /// <summary>Whether the operator leaves every output as it is. A constant: nothing is left of such an operator in a product.</summary>
    static abstract bool IsIdentity { get; }

    /// <summary>Checks the operator's operands against what is computed, once, before anything is.</summary>
    /// <param name="part">The part of the output, not empty: the elements <c>Invoke</c> will be called for.</param>
    /// <exception cref="MatrixShapeException">An operand has no such element.</exception>
    void Check(in OutputRectangle part);

    /// <summary>Maps <see cref="Vector{T}.Count"/> outputs of one row.</summary>
    /// <param name="y">Outputs <paramref name="output"/>, <paramref name="output"/> + 1, … of the row.</param>
    /// <param name="row">The activation row m, counted in the whole product.</param>
    /// <param name="output">The first output n, counted in the whole product.</param>
    /// <returns>What is stored.</returns>
    Vector<float> Invoke(Vector<float> y, long row, long output);

    /// <summary>Maps one output.</summary>
    /// <param name="y">The output.</param>
    /// <param name="row">The activation row m, counted in the whole product.</param>
    /// <param name="output">The output n, counted in the whole product.</param>
    /// <returns>What is stored.</returns>
    float Invoke(float y, long row, long output);
}

using System;

namespace KernelGen;

/// <summary>
/// Activation rows that were quantized already: activation i of a row is <c>step[i / GroupInputs] * code[i]</c>. Of the default value there are none.
/// </summary>
internal unsafe struct EncodedActivations
{
    /// <summary>Codes of the first row, -127…127, or null.</summary>
    public sbyte* Codes;

    /// <summary>Codes from one row to the next.</summary>
    public long CodeStride;

    /// <summary>Steps of the first row.</summary>
    public float* Steps;

    /// <summary>Steps from one row to the next.</summary>
    public long StepStride;

    /// <summary>Whether there are no rows: activations are f32.</summary>
    public readonly bool IsEmpty => Codes == null;

    /// <summary>The rows from another one on.</summary>
    /// <param name="row">The first of them.</param>
    /// <returns>The rows.</returns>
    public readonly EncodedActivations From(long row) =>
        IsEmpty ? this : this with { Codes = Codes + (row * CodeStride), Steps = Steps + (row * StepStride) };

    /// <summary>Copies the codes of one group.</summary>
    /// <param name="row">The row.</param>
    /// <param name="group">The group.</param>
    /// <param name="groupInputs">Inputs of a group.</param>
    /// <param name="count">Inputs of this one that are there.</param>
    /// <param name="codes">[count], written.</param>
    /// <returns>The group's step.</returns>
    public readonly float Group(int row, long group, int groupInputs, int count, sbyte* codes)
    {
        new ReadOnlySpan<sbyte>(Codes + (row * CodeStride) + (group * groupInputs), count).CopyTo(new Span<sbyte>(codes, count));
        return Steps[(row * StepStride) + group];
    }
}

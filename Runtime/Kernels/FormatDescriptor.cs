using System;
using System.Collections.Generic;

namespace KernelGen;

/// <summary>
/// A declared format at run time: sizes, layouts and the generated kernels. Instances are made by generated code only.
/// </summary>
public sealed class FormatDescriptor
{
    // Two threads may make the same one.
    private ActivationForm? _activationForm;

    /// <summary>The format's name: the declaring type's.</summary>
    public required string Name { get; init; }

    /// <summary>The declaring type with its namespace.</summary>
    public required string FullName { get; init; }

    /// <summary>The declaration and the block's layout, drawn as text.</summary>
    public required string Description { get; init; }

    /// <summary>
    /// A hash of everything that decides what stored bytes mean; equal for two formats that differ by name only. A packed
    /// file carries it.
    /// </summary>
    public required ulong LayoutHash { get; init; }

    /// <summary>Inputs of one row in a block. Whole-row formats report the granule in which their codes are decoded.</summary>
    public required int BlockInputs { get; init; }

    /// <summary>Bytes of a block.</summary>
    public required int BlockBytes { get; init; }

    /// <summary>What becomes of rows whose length is no multiple of the block.</summary>
    public required RaggedRows Ragged { get; init; }

    /// <summary>Bits of a stored code: of one input, of a vector of inputs, or of a word of digits.</summary>
    public required int CodeBits { get; init; }

    /// <summary>Stored codes in a block: one per input, per vector of inputs, or per word of digits.</summary>
    public required int CodesPerBlock { get; init; }

    /// <summary>Bytes of a stored code in the array of pack and unpack: 1, 2 or 4.</summary>
    public int CodeBytes => CodeBits <= 8 ? 1 : CodeBits <= 16 ? 2 : 4;

    /// <summary>The numbers that stored codes stand for; null for plain floats and words of digits.</summary>
    public CodeNumbers? Codes { get; init; }

    /// <summary>Entries of in-block parameters per block: the length of the parameter array of pack and unpack.</summary>
    public required int ParametersPerBlock { get; init; }

    /// <summary>Bytes of side parameters stored for each row, 0 for none.</summary>
    public required int RowSideBytes { get; init; }

    /// <summary>Bytes of side parameters stored once for the matrix, 0 for none.</summary>
    public required int TensorSideBytes { get; init; }

    /// <summary>
    /// Bytes that stand for each input after <see cref="TensorSideBytes"/> in the side parameters of the matrix, 0 for none: the f32 numbers of a table per input,
    /// whatever their stored type. Inputs that complete the last packed block have theirs too, of zeros.
    /// </summary>
    public int InputSideBytes { get; init; }

    /// <summary>All scales, minima and zero points in declared order.</summary>
    public required IReadOnlyList<FormatParameter> Parameters { get; init; }

    /// <summary>Whether an encoder takes a row's range from all inputs of the row where the format is a part of a structure.</summary>
    public bool RangeOfWholeRow { get; init; }

    /// <summary>Whether an encoder chooses codes against the scale as it was found, not as it is stored.</summary>
    public bool UnroundedScale { get; init; }

    /// <summary>
    /// The largest |decoded - weight| in units of the group's scale after rounding to nearest, for weights inside the group's
    /// range, or null where no such bound exists.
    /// </summary>
    public required double? MaxCodeError { get; init; }

    /// <summary>Bits of a code's integer value that the <see cref="ComputeMode.Int8"/> kernels drop because the codebook is no set of small integers; the largest table error relative to the table's largest entry, 0 when exact or where there are no such kernels.</summary>
    public required double Int8TableError { get; init; }

    /// <summary>
    /// The format that <see cref="ComputeMode.Int8"/> products take their activations in where <see cref="MultiplyOptions.Activations"/> names none
    /// ([Activations]); null where that is int8 as <see cref="ActivationPacker"/> quantizes.
    /// </summary>
    public FormatDescriptor? ActivationFormat => ActivationFormatOf?.Invoke();

    /// <summary>Gives <see cref="ActivationFormat"/>. Formats may name each other: it is not called before it is needed.</summary>
    public Func<FormatDescriptor>? ActivationFormatOf { private get; init; }

    /// <summary>
    /// Why the values that the format's encoder writes are no scales times <see cref="ActivationFactor"/> times integers of at most 127 in magnitude, which is what int8
    /// kernels multiply, as part of a sentence about the format; null where they are.
    /// </summary>
    public string? ActivationCodesFault { get; init; }

    /// <summary>A power of two; see <see cref="ActivationCodesFault"/>.</summary>
    public float ActivationFactor { get; init; } = 1;

    /// <summary>How activations are quantized and laid out for the <see cref="ComputeMode.Int8"/> kernels.</summary>
    public required ActivationLayout Activations { get; init; }

    /// <summary>The generated kernels, one set per target, from the least to the most demanding.</summary>
    public required IReadOnlyList<KernelSet> Kernels { get; init; }

    /// <summary>Whether weights can be quantized to the format; without an encoder (KG0053) it only reads and multiplies stored ones.</summary>
    public unsafe bool HasEncoder => Kernels[0].QuantizeRow != null;

    /// <summary>
    /// Whether there are kernels for <see cref="ComputeMode.Int8"/>. Plain floats, learned tables and tables whose values 11-bit integers do not tell
    /// apart (E4M3, say) have none: a product that asks for it is computed as with <see cref="ComputeMode.Float32"/>.
    /// </summary>
    public bool HasInt8Kernels => Kernels[0].Int8Gemvs.Count != 0;

    /// <summary>
    /// Why <see cref="ComputeMode.Int8"/> products with weights of this format cannot take activations in another, as integer products of its codes;
    /// <see cref="ComputeMode.Float32"/> takes all that have an encoder.
    /// </summary>
    /// <param name="activations">The format of the activations.</param>
    /// <returns>The reason, as part of a sentence about that format, or null where they can.</returns>
    public string? ActivationFault(FormatDescriptor activations)
    {
        ArgumentNullException.ThrowIfNull(activations);
        ActivationForm form = activations.ActivationForm;
        return !activations.HasEncoder ? "it has no encoder"
            : activations.ActivationCodesFault is { } fault ? fault
            : activations.Codes is null ? "its descriptor does not say what its codes mean"
            : form.ScaleInputs % Activations.GroupInputs != 0
                ? $"its scales cover {form.ScaleInputs} inputs, the kernels of {Name} one step for {Activations.GroupInputs}; [Activations] on the declaration of {Name} makes them fit"
            : null;
    }

    /// <summary>What the format is as a format of activations.</summary>
    internal ActivationForm ActivationForm => _activationForm ??= ActivationForm.Of(this);

    /// <summary>Bytes in which a row of <paramref name="inputs"/> weights is stored, side parameters apart.</summary>
    /// <param name="inputs">Row length K, at least 1.</param>
    /// <returns>Stored bytes of the row.</returns>
    /// <exception cref="ArgumentOutOfRangeException">K is below 1, or the format rejects ragged rows and K is no multiple of the block.</exception>
    public long RowBytes(long inputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        long whole = inputs / BlockInputs;
        long rest = inputs % BlockInputs;
        if (rest == 0)
        {
            return checked(whole * BlockBytes);
        }

        return Ragged switch
        {
            RaggedRows.Pad => checked((whole + 1) * BlockBytes),
            RaggedRows.Short => checked((whole * BlockBytes) + (((rest * CodeBits) + 7) / 8)),
            _ => throw new ArgumentOutOfRangeException(
                nameof(inputs),
                inputs,
                $"{Name} stores rows in blocks of {BlockInputs} inputs and rejects other lengths. Pad the rows or choose a format with RaggedRows.Pad."),
        };
    }

    /// <summary>Bytes of the side parameters of a matrix, as kernels read them: those of the whole matrix, then those per input.</summary>
    /// <param name="inputs">Row length K, at least 1.</param>
    /// <returns>Their number.</returns>
    public long MatrixSideBytes(long inputs) => InputSideBytes == 0
        ? TensorSideBytes
        : checked(TensorSideBytes + (Kernels[0].Panel.Blocks(inputs) * Kernels[0].Panel.BlockInputs * InputSideBytes));

    /// <summary>Stored bits per weight of an O x I matrix, every side array and all padding counted.</summary>
    /// <param name="outputs">Rows O, at least 1.</param>
    /// <param name="inputs">Row length I, at least 1.</param>
    /// <returns>Bits per weight.</returns>
    public double BitsPerWeight(long outputs, long inputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        double bytes = ((double)outputs * (RowBytes(inputs) + RowSideBytes)) + MatrixSideBytes(inputs);
        return bytes * 8 / ((double)outputs * inputs);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

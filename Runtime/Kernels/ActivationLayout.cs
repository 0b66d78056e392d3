using System;

namespace KernelGen;

/// <summary>
/// How activations are quantized and packed for a format's <see cref="ComputeMode.Int8"/> kernels: symmetric int8 in groups of
/// <see cref="GroupInputs"/> along K (d = max|x| / 127, q = round-half-even(x * (127 / max|x|))), MR activation rows interleaved.
/// </summary>
/// <remarks>
/// One group is stored as: quads, <c>[SegmentsPerGroup * PaddedSegmentInputs / 4][MR]</c> of four int8 codes each (a segment is
/// a run of inputs inside one weight group; each is padded with zero codes to a multiple of 4); then <c>[MR]</c> f32 d; then, as
/// <see cref="Sums"/> says and in this order: <c>[segment][MR]</c> int32 Offset·Σq, <c>[segment][MR]</c> int32 (Offset - 128)·Σq, <c>[segment][MR]</c> int32 Σq,
/// <c>[segment][MR]</c> f32 d·Σq, <c>[ceil(segments / 2)][MR]</c> pairs of int16 (Σq of segments 2p and 2p+1, 0 past the last).
/// </remarks>
/// <param name="BlockInputs">Inputs of a packed block; K is padded to a multiple with zeros.</param>
/// <param name="GroupInputs">Inputs that share one activation scale; divides <paramref name="BlockInputs"/>.</param>
/// <param name="SegmentInputs">Inputs of a segment; divides <paramref name="GroupInputs"/>.</param>
/// <param name="Offset">The factor of the offset sums.</param>
/// <param name="Sums">Which sums are stored.</param>
public sealed record ActivationLayout(int BlockInputs, int GroupInputs, int SegmentInputs, int Offset, ActivationSums Sums)
{
    /// <summary>Segments in a group.</summary>
    public int SegmentsPerGroup => GroupInputs / SegmentInputs;

    /// <summary>A segment's inputs, rounded up to a multiple of 4.</summary>
    public int PaddedSegmentInputs => (SegmentInputs + 3) / 4 * 4;

    /// <summary>Stored 32-bit words of one group for one activation row.</summary>
    public int GroupWords =>
        (SegmentsPerGroup * PaddedSegmentInputs / 4) + 1
        + ((Sums & ActivationSums.Offset) != 0 ? SegmentsPerGroup : 0)
        + ((Sums & ActivationSums.Rebased) != 0 ? SegmentsPerGroup : 0)
        + ((Sums & ActivationSums.Integer) != 0 ? SegmentsPerGroup : 0)
        + ((Sums & ActivationSums.Scaled) != 0 ? SegmentsPerGroup : 0)
        + ((Sums & ActivationSums.Pairs) != 0 ? (SegmentsPerGroup + 1) / 2 : 0);

    /// <summary>Bytes in which one activation row of <paramref name="inputs"/> inputs is packed.</summary>
    /// <param name="inputs">Row length K.</param>
    /// <returns>Bytes per activation row.</returns>
    public long RowBytes(long inputs)
    {
        long groups = (inputs + BlockInputs - 1) / BlockInputs * (BlockInputs / GroupInputs);
        return checked(4 * groups * GroupWords);
    }
}

/// <summary>Which sums of activation codes are stored beside them.</summary>
[Flags]
public enum ActivationSums
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Offset·Σq per segment, int32.</summary>
    Offset = 1,

    /// <summary>Σq per segment, int32.</summary>
    Integer = 2,

    /// <summary>d·Σq per segment, f32.</summary>
    Scaled = 4,

    /// <summary>Σq of two segments as a pair of int16.</summary>
    Pairs = 8,

    /// <summary>(Offset - 128)·Σq per segment, int32: what kernels need that multiply signed weights w as w + 128.</summary>
    Rebased = 16,
}

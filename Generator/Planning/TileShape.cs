using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning;

/// <summary>
/// All that an int8 micro-kernel knows: how runs of inputs are grouped and what is applied to their sums; no longer the
/// format's bits. Formats with equal shapes share the kernel.
/// </summary>
/// <param name="Rows">Weight rows of the tile, those of a panel.</param>
/// <param name="GroupsPerBlock">Activation groups in a packed block.</param>
/// <param name="SegmentsPerGroup">Segments in an activation group.</param>
/// <param name="QuadsPerSegment">Quads of 4 inputs in a segment.</param>
/// <param name="Largest">Largest |w|.</param>
/// <param name="Signed">Whether w is a signed byte, also where it is multiplied rebased.</param>
/// <param name="Rebased">Whether signed bytes are multiplied as w + 128, unsigned, for targets that want it so; Largest is 255 then.</param>
/// <param name="Planes">Byte planes of w.</param>
/// <param name="PlaneShift">Bits of the low plane where there are two.</param>
/// <param name="Correction">Added to w: through the activations' offset sums, or, with integer scales, as this constant.</param>
/// <param name="Integer">Whether segments have integer scales and the float step is taken once per activation group.</param>
/// <param name="HasMin">Whether something is added after the scale.</param>
/// <param name="HasZero">Whether an integer zero point is subtracted from each segment's sum.</param>
/// <param name="IsTall">Whether the panel has four times the rows of the target's others (<see cref="PanelPlan.HasTables"/>).</param>
internal sealed record TileShape(
    int Rows,
    int GroupsPerBlock,
    int SegmentsPerGroup,
    int QuadsPerSegment,
    int Largest,
    bool Signed,
    bool Rebased,
    int Planes,
    int PlaneShift,
    int Correction,
    bool Integer,
    bool HasMin,
    bool HasZero,
    bool IsTall)
{
    /// <summary>What is added to signed bytes to make them unsigned.</summary>
    public const int Rebase = 128;

    private const int LargestRebased = 255;

    /// <summary>Bytes of all rows' f32, int32 or pairs of int16: the unit of the scale records.</summary>
    public int RecordBytes => 4 * Rows;

    public int SegmentsPerBlock => GroupsPerBlock * SegmentsPerGroup;

    public int QuadBytes => 4 * Rows * Planes;

    /// <summary>Bytes of a block in the tile.</summary>
    public int TileBytes => SegmentsPerBlock * QuadsPerSegment * QuadBytes;

    /// <summary>Records of one segment: the scale, then the zero point and the minimum where the shape has them.</summary>
    public int SegmentRecords => 1 + (HasZero ? 1 : 0) + (HasMin ? 1 : 0);

    /// <summary>Integer scales come in pairs of segments.</summary>
    public int PairsPerGroup => (SegmentsPerGroup + 1) / 2;

    /// <summary>Bytes of a block's scale records: for integer scales the outer scale and minimum, then per pair the scales and minima.</summary>
    public int ScaleBytes => RecordBytes * (Integer
        ? (HasMin ? 2 : 1) * (1 + PairsPerGroup)
        : SegmentsPerBlock * SegmentRecords);

    /// <summary>Whether offset sums stand beside the activations.</summary>
    public bool HasOffsetSums => Correction != 0 && !Integer;

    /// <summary>Whether the sums of rebased weights' corrections stand beside the activations: for all targets alike.</summary>
    public bool HasRebasedSums => Signed && !Integer;

    /// <summary>Whether pair sums stand beside the activations.</summary>
    public bool HasPairSums => Integer && (Correction != 0 || HasMin || Signed);

    /// <summary>32-bit words of a segment's sums per activation row, before the pairs.</summary>
    public int SegmentSums => (HasOffsetSums ? 1 : 0) + (HasRebasedSums ? 1 : 0) + (HasZero ? 1 : 0) + (HasMin && !Integer ? 1 : 0);

    /// <summary>32-bit words of one activation group per activation row.</summary>
    public int GroupWords => (SegmentsPerGroup * QuadsPerSegment) + 1 + (SegmentsPerGroup * SegmentSums) + (HasPairSums ? PairsPerGroup : 0);

    /// <summary>
    /// The kernel's name: input type, largest magnitude, segments x inputs, and what is applied, in the order of the published
    /// grammar (docs/architecture.md). The target's name, which follows it, says how many rows.
    /// </summary>
    public string Name =>
        $"Tile_{(Signed && !Rebased ? "S" : "U")}{Largest}{(Planes > 1 ? $"L{PlaneShift}" : string.Empty)}"
        + $"_G{GroupsPerBlock}x{SegmentsPerGroup}x{QuadsPerSegment * 4}"
        + (Integer ? "_I" : "_F")
        + (Correction == 0 ? string.Empty : Integer ? $"_C{(Correction < 0 ? "m" : string.Empty)}{System.Math.Abs(Correction)}" : "_C")
        + (HasZero ? "_Z" : string.Empty)
        + (HasMin ? "_M" : string.Empty)
        + (IsTall ? "_T" : string.Empty);

    /// <summary>The shape of a plan for targets that rebase signed weights, or for those that do not.</summary>
    public static TileShape Of(FormatPlan plan, bool rebases) => new(
        plan.Panel.Rows,
        plan.Grouping.GroupsPerBlock,
        plan.Grouping.SegmentsPerGroup,
        plan.Grouping.QuadsPerSegment,
        rebases && plan.Form.Signed ? LargestRebased : plan.Form.Largest,
        plan.Form.Signed,
        rebases && plan.Form.Signed,
        plan.Form.Planes,
        plan.Form.PlaneShift,
        // Float steps take the correction from the activations: only whether there is one shapes the kernel.
        plan.Scaling.Integer ? plan.Form.Correction - (rebases && plan.Form.Signed ? Rebase : 0) : plan.Form.Correction == 0 ? 0 : 1,
        plan.Scaling.Integer,
        plan.Scaling.HasMin,
        plan.Scaling.IntegerZero >= 0,
        plan.Panel.HasTables);
}

using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning;

/// <summary>
/// Everything about a format's kernels that does not depend on the target, except for the height of its panels: the decoded form,
/// the grouping along K, the packed panel, and how scales, minima and zero points enter the sums.
/// </summary>
/// <param name="Declared">The format as it is declared, which is what its descriptor says.</param>
/// <param name="Spec">The same as kernels read it (<see cref="JoinedZero"/>).</param>
/// <param name="Element">The code of a single input.</param>
/// <param name="Form">What it decodes to.</param>
/// <param name="Grouping">Runs of inputs along K.</param>
/// <param name="Scaling">How parameters enter the integer kernels.</param>
/// <param name="Panel">The packed layout.</param>
internal sealed record FormatPlan(FormatSpec Declared, FormatSpec Spec, ElementCode Element, DecodedForm Form, Grouping Grouping, ScalePath Scaling, PanelPlan Panel)
{
    /// <summary>The largest magnitude of a quantized activation.</summary>
    public const int LargestInt8 = 127;

    /// <summary>Whether codes are plain floats, which stand in panels as they are stored.</summary>
    public bool IsFloat => Spec.Codes.Float is not null;

    /// <summary>
    /// Whether there are kernels with int8 activations: not for plain floats nor for stored tables of inputs or of many numbers, which have no integer
    /// form, nor for tables whose integer form takes different values for the same.
    /// </summary>
    public bool HasInt8 => !IsFloat && (Spec.Learned < 0 || Form.StoredNumbers > 0) && Form.TellsValuesApart;

    /// <summary>Whether every row looks its integers up in a table of its own, in the panel's header.</summary>
    public bool HasRowIntegers => Form.StoredNumbers > 0 && !Spec.HasMatrixTable;

    /// <summary>Bytes at the end of a panel's header that are no row's: the integers of a table of the whole matrix.</summary>
    public int MatrixHeaderBytes => Panel.Integers is { } integers && !HasRowIntegers ? integers.End - integers.TablesAt : 0;

    /// <summary>The table of exact values that element codes index, or none where they are integers.</summary>
    public CodebookSpec? Values => Form.IsLookup ? Element.Codebook : null;

    /// <summary>The formula of that table, or none.</summary>
    public MinifloatFormula? Minifloat { get; } = Form.IsLookup ? MinifloatFormula.Of(Element.Codebook) : null;
}

/// <summary>Runs of inputs along K, all in inputs.</summary>
/// <param name="Block">A packed block: a multiple of the format's block.</param>
/// <param name="Activation">Inputs that share an activation scale; divides the block.</param>
/// <param name="Segment">Inputs that share every weight parameter and the activation scale; divides the activation group.</param>
internal sealed record Grouping(int Block, int Activation, int Segment)
{
    /// <summary>A segment rounded up to whole quads of 4 inputs.</summary>
    public int PaddedSegment => (Segment + 3) / 4 * 4;

    public int QuadsPerSegment => PaddedSegment / 4;

    public int SegmentsPerGroup => Activation / Segment;

    public int GroupsPerBlock => Block / Activation;

    public int SegmentsPerBlock => Block / Segment;

    /// <summary>Quads of a block in a packed panel, rounded up to whole chunks of 8.</summary>
    public int QuadsPerBlock => ((SegmentsPerBlock * QuadsPerSegment) + 7) / 8 * 8;
}

/// <summary>How scales, minima and zero points enter the integer kernels.</summary>
/// <param name="Integer">
/// Sub-scales stay integers: each segment's sum is multiplied by its integer scale, and one float step per activation group
/// applies the outer scales. Otherwise every segment has one float step.
/// </param>
/// <param name="InnerScale">The parameter with the integer scales, or -1.</param>
/// <param name="InnerMin">The parameter with the integer minima, or -1.</param>
/// <param name="HasMin">Whether anything is added after the scale in float (minima, and zero points that are no integers).</param>
/// <param name="IntegerZero">The parameter that is an integer zero point subtracted from the sum, or -1.</param>
internal sealed record ScalePath(bool Integer, int InnerScale, int InnerMin, bool HasMin, int IntegerZero);

/// <summary>The packed layout of a panel of interleaved rows.</summary>
/// <param name="Rows">Rows interleaved: the target's, 8 or 16, or with tables four times as many.</param>
/// <param name="Fields">Where each parameter's entries stand.</param>
/// <param name="CodesAt">Byte of the block where the code planes start.</param>
/// <param name="BlockBytes">Bytes of a packed block.</param>
/// <param name="HeaderBytes">Bytes before the first block.</param>
/// <param name="PlaneBits">Widths of the code planes, low bits first.</param>
/// <param name="CodeBits">Bits of a code in the planes: all of them, but for the number of a table that the whole block has (<see cref="PanelPlace.Selector"/>).</param>
/// <param name="HasTables">
/// Whether GEMV looks sums of activations up instead of multiplying (<see cref="TableProducts"/>): codes of one bit lie as bytes of 8 inputs,
/// <c>[pair of quads][row]</c>, and the panel is four times as tall as the target's others.
/// </param>
/// <param name="Integers">Where the integers of stored tables stand in the header, or none.</param>
internal sealed record PanelPlan(
    int Rows,
    EquatableArray<PanelField> Fields,
    int CodesAt,
    int BlockBytes,
    int HeaderBytes,
    EquatableArray<int> PlaneBits,
    int CodeBits,
    bool HasTables,
    PanelIntegers? Integers)
{
    /// <summary>Quads of a chunk: what the code planes of one to eight bits fill whole vectors with.</summary>
    public const int ChunkQuads = 8;

    private const int PairBits = 2;

    /// <summary>Bytes of one quad of every row: the unit in which code planes are laid out.</summary>
    public int VectorBytes => 4 * Rows;

    /// <summary>
    /// Whether codes of 3 bits are put together from their planes two at a time, in nibbles: of a plane of bits those of quads i and i + 4 are four bits apart, so that
    /// those of pairs are, where the quads of a vector are in that order, too.
    /// </summary>
    public bool JoinsNibbles => PlaneBits.SequenceEqual([PairBits, 1]);

    /// <summary>The quads of a chunk that a vector of a plane holds, in the lowest bits first.</summary>
    public IEnumerable<int> QuadsOf(int plane, int vector) => JoinsNibbles && plane == PairBits
        ? [2 * vector, (2 * vector) + 1, (2 * vector) + 4, (2 * vector) + 5]
        : Enumerable.Range(8 / plane * vector, 8 / plane);
}

/// <summary>
/// The integers of stored tables in a panel's header: [row] f32, what one of them is worth; then per plane the tables of 16 bytes, one of the whole
/// matrix, or those of the rows in the order in which vectors of 16, 32 or 64 bytes take them: of every fourth row, from row 0 on, from row 1, 2 and 3.
/// </summary>
/// <param name="FactorsAt">Byte of the header where the factors stand.</param>
/// <param name="TablesAt">Byte of the header where the tables stand.</param>
/// <param name="PlaneBytes">Bytes of the tables of one plane.</param>
internal sealed record PanelIntegers(int FactorsAt, int TablesAt, int PlaneBytes)
{
    /// <summary>Rows whose tables stand in vectors of their own: as many as a vector has lanes in 128 bits.</summary>
    public const int Stride = 4;

    /// <summary>Bytes of a table of one plane.</summary>
    public const int TableBytes = 16;

    /// <summary>Bytes after the last table.</summary>
    public int End => TablesAt + (2 * PlaneBytes);
}

/// <summary>One parameter in a panel.</summary>
/// <param name="Parameter">Its index in the spec.</param>
/// <param name="Place">Where and how it is stored.</param>
/// <param name="Type">How an entry is stored in a block.</param>
/// <param name="At">Byte in the header or in the block.</param>
/// <param name="EntryBytes">Bytes of one entry of one row.</param>
/// <param name="Entries">Entries per packed block (1 in the header).</param>
internal sealed record PanelField(int Parameter, PanelPlace Place, StoredType Type, int At, int EntryBytes, int Entries)
{
    /// <summary>Whether entries are numbers of the parameter's role, f32, all of its levels in them, which have no field of their own.</summary>
    public bool IsRole { get; init; }

    /// <summary>The power of two that entries are multiplied by where they are exponents, a table's numbers (<see cref="ExponentBytes"/>).</summary>
    public int? Power { get; init; }

    /// <summary>The bit of its bytes where a number of <see cref="PanelPlace.NibblePairs"/> begins.</summary>
    public int FromBit { get; init; }

    /// <summary>Whether it is the integer level, in pairs.</summary>
    public bool IsPairs => Place is PanelPlace.Pairs or PanelPlace.NibblePairs;

    /// <summary>Whether it stands in the header.</summary>
    public bool IsInHeader => Place is PanelPlace.Header or PanelPlace.Table;
}

/// <summary>Where and how a parameter stands in a panel.</summary>
internal enum PanelPlace
{
    /// <summary>In the header: [row] f32 decoded, or int32 for an integer zero point.</summary>
    Header,

    /// <summary>In the header: the table of every row, [number][row] f32.</summary>
    Table,

    /// <summary>In the block: [entry][row] as stored, integers widened to whole bytes; tables as f32, f16 or exponents, whichever holds them; or the f32 of a whole role.</summary>
    Entries,

    /// <summary>In the block: [pair of entries][row][2] bytes, the affine transform applied.</summary>
    Pairs,

    /// <summary>The same, scale and minimum of 4 bits each in one byte.</summary>
    NibblePairs,

    /// <summary>In the block: [row] bytes, the number of the table that all of the row's codes choose from, at its place above them.</summary>
    Selector,
}

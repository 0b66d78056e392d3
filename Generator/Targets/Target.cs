using System.Collections.Generic;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Targets;

/// <summary>
/// The vocabulary in which kernels are written. A kernel is written once against these idioms; each target prints an idiom its
/// own best way, as a C# expression. Three shapes of value occur:
/// <list type="bullet">
/// <item>a <em>quad vector</em> (<see cref="Bytes"/>): for each of <see cref="Lanes"/> rows the bytes of 4 consecutive inputs;</item>
/// <item>a <em>partial sum</em> (<see cref="Partial"/>): what a byte product adds up in, as narrow as the target makes it;</item>
/// <item>one f32 or int32 per row (<see cref="Single"/>, <see cref="Int32"/>).</item>
/// </list>
/// Row kernels, whose lanes are inputs of one row, use the second half of the vocabulary.
/// </summary>
internal abstract class Target
{
    /// <summary>The target's name: the member of <c>KernelGen.KernelTarget</c> and the suffix of every emitted class.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// The target this one is, but for products of bytes: a project that has kernels for both has one copy of those that they share. Null: none.
    /// </summary>
    public virtual string? Extends => null;

    /// <summary>Whether the micro-kernels of a shape are those of the target this one extends.</summary>
    public virtual bool SharesTiles(TileShape shape) => false;

    /// <summary>What the classes of idioms and of f32 micro-kernels are named after, which targets that extend another have in common with it.</summary>
    public string Family => Extends ?? Name;

    /// <summary>Namespaces the emitted text needs.</summary>
    public abstract IReadOnlyList<string> Usings { get; }

    /// <summary>Rows a quad vector holds, also the f32 lanes.</summary>
    public abstract int Lanes { get; }

    /// <summary>Rows interleaved in a packed panel and in an int8 tile, 8 or 16: a multiple of <see cref="Lanes"/>. Targets of equal height read each other's panels.</summary>
    public virtual int PanelRows => 8;

    /// <summary>Type of a quad vector.</summary>
    public abstract string Bytes { get; }

    /// <summary>Type of a partial sum.</summary>
    public abstract string Partial { get; }

    /// <summary>Type of one int32 per row.</summary>
    public abstract string Int32 { get; }

    /// <summary>Type of one f32 per row.</summary>
    public abstract string Single { get; }

    /// <summary>Type of a pair of int16 per row.</summary>
    public abstract string Pairs { get; }

    /// <summary>Type of the integer scale that <see cref="AddScaled"/> takes.</summary>
    public abstract string IntegerScale { get; }

    /// <summary>
    /// Rows of activations the int8 micro-kernels of a shape take at once, largest first; the last is 1. With 16 registers: six
    /// sums, their partial sums, a weight and an activation; a second plane doubles the partial sums.
    /// </summary>
    public virtual IReadOnlyList<int> TileRows(TileShape shape) => shape.Planes > 1 ? [3, 2, 1] : [6, 4, 2, 1];

    /// <summary>
    /// Rows of activations that the GEMV kernels of a shape take at once, largest first; the last is 1. Weights are decoded on the fly, which
    /// takes registers of its own.
    /// </summary>
    public virtual IReadOnlyList<int> GemvRows(TileShape shape) => shape.Planes > 1 ? [2, 1] : [4, 3, 2, 1];

    /// <summary>The same for the f32 micro-kernels, which keep two vectors of weights: twelve sums.</summary>
    public virtual IReadOnlyList<int> Float32TileRows => [6, 4, 2, 1];

    /// <summary>The emitted class with the idioms that are more than one expression, or an empty text.</summary>
    public abstract string SupportClass { get; }

    /// <summary>Name of that class.</summary>
    public string Support => Family + "Idioms";

    /// <summary>The emitted class with idioms that targets of the family lack, or an empty text.</summary>
    public virtual string OwnSupportClass => string.Empty;

    /// <summary>Name of that class.</summary>
    public string OwnSupport => Name + "Idioms";

    /// <summary>The emitted class with the row kernels' idioms that are more than one expression, or an empty text.</summary>
    public virtual string RowSupportClass => string.Empty;

    /// <summary>Name of that class.</summary>
    public string RowSupport => Family + "RowIdioms";

    /// <summary>Whether partial sums are vectors, which shift and add.</summary>
    public virtual bool AddsPartials => true;

    /// <summary>A partial sum plus one of weights taken <c>2^shift</c> times.</summary>
    public string AddShifted(string partial, string shifted, int shift) => $"{partial} + ({shifted} >> {shift})";

    /// <summary>How many products of unsigned bytes up to <paramref name="largest"/> with int8 activations add up in a partial sum, per 4 inputs.</summary>
    public abstract int PartialDepth(int largest);

    /// <summary>
    /// Targets whose instructions the machines of this one have too, the widest first: their row kernels serve rows that this target's vectors
    /// do not fit.
    /// </summary>
    public virtual IReadOnlyList<string> Includes => [];

    /// <summary>Whether kernels ask the JIT to be optimised at their first call.</summary>
    public virtual bool OptimizesEagerly => false;

    // What the compiler makes of the idioms, by the names of the instructions; the tests read it in machine code (Tests/Disassembly).
    // Where several can do, all are named, with '|' between them. Null: nothing is said.

    /// <summary>The instruction of <see cref="Dot"/> and <see cref="DotSigned"/>.</summary>
    public virtual string? DotInstruction => null;

    /// <summary>The instruction of <see cref="Lookup"/> in a table of <paramref name="count"/> bytes.</summary>
    public virtual string? LookupInstruction(int count) => null;

    /// <summary>The instruction of <see cref="MultiplyAdd"/>.</summary>
    public virtual string? MultiplyAddInstruction => null;

    /// <summary>The registers a quad vector stands in: "xmm", "ymm", "zmm", or "v" for Arm's.</summary>
    public virtual string? Register => null;

    /// <summary>The registers <see cref="DotInstruction"/> works on.</summary>
    public virtual string? DotRegister => Register;

    /// <summary>Vector registers there are.</summary>
    public virtual int Registers => 16;

    /// <summary>Vector registers of a partial sum.</summary>
    public virtual int PartialRegisters => 1;

    /// <summary>
    /// Vector registers that a micro-kernel's innermost loop wants at once. For each row of activations: a sum, a partial sum (one for all rows where
    /// each product is widened), an int32 total where a segment takes several or has an integer scale, and a scale where segments of a chunk share
    /// it. Beside them either weights and an activation (and, while a later plane is widened, its product and what the plane before came to), or the records of a
    /// chunk's segments and two steps of a row's sum; and the constants that planes after the first are widened with. Below <see cref="Registers"/>, which leaves one for the first plane's, nothing has to go to the stack.
    /// </summary>
    public int WantedRegisters(TileShape shape, int rows)
    {
        int depth = PartialDepth(shape.Largest);
        int segments = System.Math.Max(1, PanelPlan.ChunkQuads / shape.QuadsPerSegment);
        int partials = shape.Planes * PartialRegisters * (depth == 1 ? 1 : rows);
        int totals = shape.Integer || depth < shape.QuadsPerSegment ? rows : 0;
        int scales = segments > 1 ? rows : 0;
        int products = shape.Planes + 1 + (2 * (shape.Planes - 1));
        int steps = (segments * shape.SegmentRecords) + 2;
        return rows + partials + totals + scales + (shape.Planes - 1) + System.Math.Max(products, steps);
    }

    // Quad vectors.

    public abstract string LoadBytes(string pointer);

    public abstract string StoreBytes(string pointer, string value);

    /// <summary>The type of activations as products take them.</summary>
    public abstract string Activations { get; }

    /// <summary>Bytes as <see cref="Activations"/>.</summary>
    public abstract string AsActivations(string bytes);

    /// <summary>The 4 activations so many bytes from a pointer for every row. A call of few words: there are more of them than of anything else, and compilers take as long for every word.</summary>
    public string BroadcastQuad(string pointer, int at) => $"{Support}.Quad({pointer}, {at.ToString(System.Globalization.CultureInfo.InvariantCulture)})";

    /// <summary>Quads of activations that the products take from one plain load, by lane; 1 where each quad is broadcast.</summary>
    public virtual int QuadsPerLoad => 1;

    /// <summary>The byte of every row at <paramref name="pointer"/>, one after another, in all bytes of the row's quad.</summary>
    public abstract string SpreadRows(string pointer);

    /// <summary>Bits <paramref name="from"/>… of every byte under <paramref name="mask"/> (already at the destination), moved to bit <paramref name="to"/>.</summary>
    public abstract string Field(string value, int from, int to, int mask);

    public abstract string Or(string a, string b);

    /// <summary>Declares a byte table of up to 256 entries as a local.</summary>
    public abstract string DeclareTable(string name, IReadOnlyList<int> entries);

    /// <summary>The table's entries for index bytes below <paramref name="count"/>, the table's length.</summary>
    public abstract string Lookup(string table, string index, int count);

    /// <summary>Declares a byte table of 16 entries that stand in memory as a local: one for every 128 bits of a vector, one after another, or the same for all.</summary>
    public abstract string DeclareTableAt(string name, string pointer, bool repeated);

    // Quad vectors as vectors of rows: for every row of 128 bits, 16 consecutive inputs; of targets with vectors.

    /// <summary>The 16 bytes at <paramref name="pointer"/> in every 128 bits.</summary>
    public virtual string LoadRepeated(string pointer) => throw NotInVectors();

    /// <summary>The 32-bit lanes of the first (0) or second (1) half of every 128 bits, each followed by that of the other vector.</summary>
    public virtual string InterleaveQuads(string first, string second, int half) => throw NotInVectors();

    /// <summary>The first (0) or second (1) half of every 128 bits, followed by that of the other vector.</summary>
    public virtual string JoinHalves(string first, string second, int half) => throw NotInVectors();

    // Quad vectors whose inputs are computed in lanes of 16 bits; of targets that decode in registers.

    /// <summary>The bytes of inputs 0 and 1 of each row in the first half of every 128 bits, those of inputs 2 and 3 in the second.</summary>
    public virtual string PairInputs(string quads) => throw NotInVectors();

    /// <summary>The bytes of the first (0) or second (1) half of every 128 bits, each with that of the other vector above it.</summary>
    public virtual string Interleave(string first, string second, int half) => throw NotInVectors();

    /// <summary>The entries of a 16-entry table by the low 4 bits of index bytes below 128; nothing for others.</summary>
    public virtual string LookupBelow128(string table, string index) => throw NotInVectors();

    public virtual string ConstantByte(int value) => throw NotInVectors();

    public virtual string ConstantInt16(int value) => throw NotInVectors();

    private System.NotSupportedException NotInVectors() => new($"{Name} has no vectors of bytes.");

    /// <summary>
    /// What <see cref="DotSigned"/> wants beside the local <paramref name="weights"/>: more locals, named after it with a suffix, declared
    /// once per weight vector and used for every row of activations.
    /// </summary>
    public virtual IReadOnlyList<PreparedOperand> PrepareSigned(string weights) => [];

    /// <summary>
    /// Whether panel products take signed weights as w + 128: unsigned bytes up to 255, the 128 taken back through the activations' sums. For
    /// targets whose <see cref="Dot"/> does not saturate.
    /// </summary>
    public virtual bool RebasesSigned => false;

    /// <summary>Signed bytes plus 128 as unsigned ones, for <see cref="RebasesSigned"/>.</summary>
    public virtual string Rebase(string value) => throw new System.NotSupportedException($"{Name} multiplies signed weights as they are.");

    /// <summary>
    /// Whether a long table of signs and magnitudes is dearer to look up than its half is and activations are to sign (<see cref="SignedBy"/>).
    /// </summary>
    public virtual bool SignsActivations => false;

    /// <summary>Activations with the signs of other bytes; 0 where those are 0.</summary>
    public virtual string SignedBy(string activations, string bytes) => throw NotInVectors();

    /// <summary>The target that prints the products of a shape: this one, or one of the same name whose partial sums suit the shape.</summary>
    public virtual Target For(TileShape shape) => this;

    // Partial sums.

    /// <summary>Unsigned weights times signed activations, 4 inputs per row, added to a partial sum.</summary>
    /// <param name="partial">What is added to, or null for the first product of a sum.</param>
    /// <param name="weights">Weights.</param>
    /// <param name="activations">Activations.</param>
    /// <param name="lane">The quad of <paramref name="activations"/> that every row is multiplied with, where <see cref="QuadsPerLoad"/> is above 1; null where they are multiplied byte by byte.</param>
    public abstract string Dot(string? partial, string weights, string activations, int? lane);

    /// <summary>As <see cref="Dot"/>, of signed weights (at least -128, a local prepared by <see cref="PrepareSigned"/>) and signed activations (at least -127).</summary>
    public abstract string DotSigned(string? partial, string weights, string activations, int? lane);

    /// <summary>A partial sum as one int32 per row.</summary>
    public abstract string Widen(string partial);

    /// <summary>A partial sum times a constant, as one int32 per row.</summary>
    public abstract string WidenTimes(string partial, int factor);

    /// <summary>An int32 per row plus a partial sum times an integer scale per row.</summary>
    public abstract string AddScaled(string total, string partial, string scale);

    // Sums looked up: a vector holds one byte of each of 4 * Lanes rows.

    /// <summary>Type of the int16 sums of half of these rows.</summary>
    public abstract string TableSum { get; }

    /// <summary>The bytes of the 16-byte table at <paramref name="pointer"/> for index bytes 0…15.</summary>
    public abstract string LookupAt(string pointer, string index);

    /// <summary>A sum plus, for half of the rows, the int16 entries whose low and high bytes were looked up.</summary>
    /// <param name="sum">What is added to.</param>
    /// <param name="lower">The low bytes of all rows' entries.</param>
    /// <param name="upper">The high bytes.</param>
    /// <param name="half">Which rows: those of the first sum (0) or of the second (1), as <see cref="TableRows"/> takes them.</param>
    public abstract string AddEntries(string sum, string lower, string upper, int half);

    /// <summary>The sums of rows <paramref name="vector"/> * Lanes and up, from the first and the second sum.</summary>
    public abstract string TableRows(string first, string second, int vector);

    /// <summary>
    /// Codes of one bit that lie as a byte of 8 inputs for each of <see cref="Lanes"/> rows at <paramref name="pointer"/>: the quad of the lower (0) or
    /// upper (1) half of the bytes as a quad vector, <paramref name="one"/> where the bit is set.
    /// </summary>
    public abstract string SpreadBits(string pointer, int half, int one);

    // One int32 per row.

    public abstract string BroadcastInt32(string pointer);

    public abstract string LoadInt32(string pointer);

    public abstract string StoreInt32(string pointer, string value);

    public abstract string AddInt32(string a, string b);

    public abstract string SubtractInt32(string a, string b);

    public abstract string MultiplyInt32(string a, string b);

    public abstract string ConstantInt32(int value);

    /// <summary>Pairs of bytes widened to int16.</summary>
    public abstract string LoadPairs(string pointer, bool signed);

    /// <summary>
    /// A vector of <paramref name="bytes"/> bytes whose lanes, of <paramref name="each"/> = 2 or 4 bytes, are as many bytes at <paramref name="pointer"/>; or null of a length that the
    /// target has no vectors of.
    /// </summary>
    public virtual string? WidenBytes(string pointer, int each, int bytes) => null;

    /// <summary>The f32 whose exponents are the bytes at <paramref name="pointer"/>, one per lane: powers of two, and 0 for a byte of 0.</summary>
    public abstract string LoadPowersOfTwo(string pointer);

    /// <summary>The 4 bits from a bit of every byte of pairs, which <see cref="LoadPairs"/> has widened.</summary>
    public abstract string NibblesOfPairs(string pairs, int bit);

    public abstract string StorePairs(string pointer, string pairs);

    public abstract string ReloadPairs(string pointer);

    /// <summary>One half of the pairs (0 or 1) as the integer scale of <see cref="AddScaled"/>.</summary>
    public abstract string ScaleOf(string pairs, int half);

    /// <summary>One half of the pairs (0 or 1) as int32.</summary>
    public abstract string HalfOf(string pairs, int half);

    /// <summary>Eight int16 in 128 bits, prepared for <see cref="ScalesOf"/>; of targets with row vectors.</summary>
    public virtual PreparedOperand SpreadScales(string eight) => throw NotInVectors();

    /// <summary>Elements of prepared int16 as the scales of <see cref="AddScaled"/>, each for as many lanes as the others, in order.</summary>
    public virtual string ScalesOf(string spread, IReadOnlyList<int> elements) => throw NotInVectors();

    /// <summary>The pair of int16 at <paramref name="pointer"/> for every row.</summary>
    public abstract string BroadcastPairs(string pointer);

    /// <summary>Sum of the two products of each pair, as one int32 per row.</summary>
    public abstract string DotPairs(string a, string b);

    // One f32 per row.

    public abstract string ZeroSingle { get; }

    public abstract string LoadSingle(string pointer);

    public abstract string StoreSingle(string pointer, string value);

    public abstract string BroadcastSingle(string pointer);

    public abstract string SplatSingle(string scalar);

    public abstract string ToSingle(string int32);

    public abstract string Multiply(string a, string b);

    public abstract string Add(string a, string b);

    public abstract string Subtract(string a, string b);

    /// <summary>a * b + c, rounded once where the target can.</summary>
    public abstract string MultiplyAdd(string a, string b, string c);

    /// <summary>F32 activations that <see cref="MultiplyAddLane"/> takes from one plain load, by lane; 1 where each is broadcast.</summary>
    public virtual int SinglesPerLoad => 1;

    /// <summary><see cref="MultiplyAdd"/> of a vector and one lane of another.</summary>
    public virtual string MultiplyAddLane(string a, string b, int lane, string c) => MultiplyAdd(a, b, c);

    public abstract string Negate(string value);

    /// <summary>One stored number per row as f32; a power-of-two factor 2^<paramref name="exponent"/> is folded into exponent types.</summary>
    public abstract string LoadStored(StoredType type, string pointer, int exponent);

    /// <summary>One stored integer per row as int32.</summary>
    public abstract string LoadStoredInt32(StoredType type, string pointer);

    /// <summary>Byte <paramref name="index"/> of each row's quad as int32.</summary>
    public abstract string ByteOf(string quads, int index, bool signed);

    /// <summary>Declares what <see cref="LookupSingle"/> needs for a table of f32 bit patterns.</summary>
    public abstract string DeclareSingleTable(string name, IReadOnlyList<int> bits);

    /// <summary>The f32 table's entries for int32 indices; <paramref name="count"/> is the table's length.</summary>
    public abstract string LookupSingle(string table, string index, int count);

    /// <summary>
    /// As <see cref="DeclareSingleTable"/> of <paramref name="count"/> f32 numbers, a power of two, at <paramref name="pointer"/>; no others are read.
    /// </summary>
    public virtual string DeclareSingleTableAt(string name, string pointer, int count) => DeclareMemoryTable(name, pointer);

    /// <summary>Declares f32 numbers in memory for <see cref="LookupMemory"/>.</summary>
    public virtual string DeclareMemoryTable(string name, string pointer) => $"float* {name} = (float*)({pointer});";

    /// <summary>The numbers of a table in memory at int32 indices.</summary>
    public string LookupMemory(string table, string index) => LookupSingle(table, index, int.MaxValue);

    /// <summary>The lanes' numbers, from 0, as int32.</summary>
    public abstract string LaneIndices { get; }

    /// <summary>Fetches the cache line at <paramref name="pointer"/> ahead of its use, or an empty text.</summary>
    public abstract string Prefetch(string pointer);

    // Row kernels: lanes are inputs.

    /// <summary>Whether row kernels of this target use vectors; otherwise they are plain loops.</summary>
    public abstract bool HasRowVectors { get; }

    /// <summary>Widest byte vector of the row kernels.</summary>
    public abstract int RowBytes { get; }

    /// <summary>
    /// This target with byte vectors of half the width, whose products are added up in whole vectors of int32: what rows are multiplied with whose segments are half a vector. Null: narrower targets
    /// do as well.
    /// </summary>
    public virtual Target? Half => null;

    /// <summary>One stored code per input as int32.</summary>
    public abstract string LoadCodes(string pointer);

    /// <summary>Whether int32 lanes are shifted by counts of their own: <see cref="ShiftedLanes"/>, <see cref="ShiftedWindows(string, IReadOnlyList{int})"/>.</summary>
    public virtual bool ShiftsLanes => false;

    /// <summary>A vector of 16 bytes in every 128 bits.</summary>
    public virtual string Repeat(string bytes) => throw NotInVectors();

    /// <summary>
    /// Bytes of a vector that is the same in every 128 bits, at <paramref name="indices"/> (0xFF for a byte of 0), four of them an int32, each shifted left by its own of <paramref name="shifts"/>.
    /// </summary>
    public virtual string ShiftedLanes(string repeated, IReadOnlyList<int> indices, IReadOnlyList<int> shifts) => throw NotInVectors();

    /// <summary>Every 128 bits of a vector of bytes shifted right by their own of <paramref name="shifts"/>, bits of one byte into the next; where <see cref="ShiftsLanes"/>.</summary>
    public virtual string ShiftedWindows(string bytes, IReadOnlyList<int> shifts) => throw NotInVectors();

    /// <summary>int32 lanes, negated where those of <paramref name="sign"/> are negative, which are 0 only where the others are.</summary>
    public virtual string Negated(string int32, string sign) => $"({int32} ^ ({sign} >> 31)) - ({sign} >> 31)";

    /// <summary>
    /// Whether f32 weights are computed lane by lane at once where they can be, and multiplied as they are decoded. Otherwise they are looked up, and a tile is decoded.
    /// </summary>
    public virtual bool DecodesInRegisters => HasRowVectors;

    /// <summary>F32 entries that <see cref="LookupSingle"/> looks up in registers; longer tables stand in memory.</summary>
    public virtual int SingleTableRegisters => 0;

    public abstract string Divide(string a, string b);

    public abstract string Abs(string single);

    /// <summary>The larger of finite numbers; which of two zeros is open.</summary>
    public abstract string LargerOf(string a, string b);

    /// <summary>The smaller of finite numbers; which of two zeros is open.</summary>
    public abstract string SmallerOf(string a, string b);

    /// <summary>The largest lane of finite numbers, as a float.</summary>
    public abstract string LargestLane(string single);

    /// <summary>The smallest lane of finite numbers, as a float.</summary>
    public abstract string SmallestLane(string single);

    /// <summary><c>value > bound ? value : bound</c>, so the bound for a NaN.</summary>
    public abstract string AtLeast(string value, string bound);

    /// <summary><c>value &lt; bound ? value : bound</c>, of numbers.</summary>
    public abstract string AtMost(string value, string bound);

    /// <summary>All ones per int32 lane where a > b, false for a NaN.</summary>
    public abstract string GreaterThan(string a, string b);

    /// <summary>The f32 of a bit pattern with the sign of <paramref name="sign"/>.</summary>
    public abstract string CopySign(int bits, string sign);

    /// <summary>The nearest integer as f32, ties to even.</summary>
    public abstract string RoundSingle(string single);

    /// <summary>The integer part as f32.</summary>
    public abstract string TruncateSingle(string single);

    /// <summary>The nearest int32, ties to even, of numbers up to 2^22.</summary>
    public abstract string RoundToInt32(string single);

    /// <summary>The integer part as int32, of numbers up to 2^22.</summary>
    public abstract string TruncateToInt32(string single);

    /// <summary>Int32 lanes of 0 … 255 of four vectors as bytes, in order.</summary>
    public abstract string NarrowToBytes(string a, string b, string c, string d);

    /// <summary>Whether <see cref="RoundAwayToBytes"/> takes less than to round each vector for itself and <see cref="NarrowToBytes"/>.</summary>
    public virtual bool RoundsToBytes => false;

    /// <summary>Four vectors of f32, rounded half away from zero, as signed bytes, in order: -128 and 127 for what is beyond, -128 for a NaN; of targets that say so.</summary>
    public virtual string RoundAwayToBytes(string a, string b, string c, string d) => throw new System.NotSupportedException($"{Name} rounds every vector for itself.");

    /// <summary>Sum over the lanes.</summary>
    public abstract string SumLanes(string single);

    /// <summary>An int32 in the first lane, 0 in the others; of targets with row vectors, as the rest of these.</summary>
    public virtual string FirstLaneInt32(string value) => throw NotInVectors();

    /// <summary>f32 in the first lanes of as many equal parts of a vector, 0 in the others.</summary>
    public virtual string FirstLanesSingle(IReadOnlyList<string> values) => throw NotInVectors();

    /// <summary>As many equal parts of one vector, each from the vector of its number, in whose lanes all are alike.</summary>
    public virtual string JoinParts(IReadOnlyList<string> singles) => throw NotInVectors();

    /// <summary>Eight bytes as int16 in 128 bits.</summary>
    public virtual string LoadEight(string pointer, bool signed) => throw NotInVectors();

    /// <summary>The products of two times eight int16 in 128 bits, neighbours added in four int32.</summary>
    public virtual string DotEight(string a, string b) => throw NotInVectors();

    /// <summary>Four int32 in the first lanes, 0 in the others.</summary>
    public virtual string FromLower(string four) => throw NotInVectors();
}

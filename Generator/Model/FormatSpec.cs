using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Generator.Model;

/// <summary>
/// One declared format, complete and valid: what the attributes say, with every default filled in and every bit placed.
/// It holds no Roslyn type, compares by value, and is all that planning, emission and the test oracle know of a format.
/// </summary>
/// <param name="Type">Where the declaring type stands.</param>
/// <param name="Block">The unit of storage.</param>
/// <param name="Codes">The element code.</param>
/// <param name="Codebook">The table the codes index, or none.</param>
/// <param name="Parameters">Scales, minima and zero points in declared order.</param>
/// <param name="Slices">Where every stored bit of codes and in-block parameters stands.</param>
/// <param name="Encode">How weights become parameters and codes.</param>
/// <param name="Digits">Runs of inputs whose codes are digits of stored words, in input order; else empty.</param>
/// <param name="Signs">The signs of the codebook's values, or none.</param>
internal sealed record FormatSpec(
    TypeSpec Type,
    BlockSpec Block,
    CodeSpec Codes,
    CodebookSpec? Codebook,
    EquatableArray<ParameterSpec> Parameters,
    EquatableArray<SliceSpec> Slices,
    EncodeSpec Encode,
    EquatableArray<DigitRun> Digits = default,
    SignSpec? Signs = null)
{
    /// <summary>Entries of the codes that a block stores: vectors, words of digits, or one code per input.</summary>
    public int StoredCodes => Digits.Count == 0 ? Block.Inputs / Codes.Length : Digits.Sum(static run => run.Words);

    /// <summary>Bits of such an entry.</summary>
    public int StoredCodeBits => Digits.Count == 0 ? Codes.Bits : Digits[0].Bits;

    /// <summary>Whether what is stored are the codes of single inputs, of at most 8 bits.</summary>
    public bool StoresCodes => Digits.Count == 0 && Codes.Length == 1 && Signs is null && Selector < 0;

    /// <summary>Index of the quantity that chooses among tables, in <see cref="Parameters"/>, or -1.</summary>
    public int Selector
    {
        get
        {
            for (int i = 0; i < Parameters.Count; i++)
            {
                if (Parameters[i].Role == ParameterRole.Selector)
                {
                    return i;
                }
            }

            return -1;
        }
    }

    /// <summary>Bits of the index of <see cref="Codebook"/> above those of a code.</summary>
    public int SelectorBits => Selector < 0 ? 0 : Parameters[Selector].Type.Bits;

    /// <summary>The index of the table that is stored with the matrix, or -1.</summary>
    public int Learned => Parameters.ToList().FindIndex(static parameter => parameter.Role == ParameterRole.Codebook);

    /// <summary>Whether every input has a table of its own.</summary>
    public bool HasInputTables => Learned >= 0 && Parameters[Learned].Extent == ParameterExtent.Column;

    /// <summary>Whether all rows share a table that is stored with the matrix.</summary>
    public bool HasMatrixTable => Learned >= 0 && Parameters[Learned].Extent == ParameterExtent.Tensor;

    /// <summary>The format of activations that products take, or none where it is the kernels' own.</summary>
    public ActivationSpec? Activations { get; init; }

    /// <summary>Whether the type is more than this cell (a <see cref="StructureSpec"/>), so that the cell alone is not its format.</summary>
    public bool IsCore { get; init; }
}

/// <summary>The declared format of the activations of a product.</summary>
/// <param name="Type">Where it is declared.</param>
/// <param name="ScaleInputs">The least number of inputs that share a scale of its blocks; 0 where all of a row do.</param>
internal sealed record ActivationSpec(TypeSpec Type, int ScaleInputs);

/// <summary>The declaring type.</summary>
/// <param name="Namespace">Its namespace, empty for the global one.</param>
/// <param name="Name">Its name.</param>
/// <param name="Containers">The types it is nested in, outermost first, as "struct Name" style declarations without modifiers.</param>
/// <param name="Accessibility">"public" or "internal".</param>
/// <param name="IsRecord">Whether the declaration says record struct.</param>
/// <param name="IsReadOnly">Whether the declaration says readonly.</param>
internal sealed record TypeSpec(
    string Namespace,
    string Name,
    EquatableArray<string> Containers,
    string Accessibility,
    bool IsRecord,
    bool IsReadOnly);

/// <summary>The unit of storage.</summary>
/// <param name="Inputs">
/// Consecutive inputs of a row in one stored block. A whole-row format has a virtual block here: the least multiple of 8 inputs
/// (so whole bytes), at least 128, that its layout repeats with; only codes are stored, parameters are side arrays.
/// </param>
/// <param name="Bytes">Bytes of one block.</param>
/// <param name="Ragged">What becomes of a row whose length is no multiple of the block.</param>
/// <param name="IsWholeRow">Whether the declaration says that the row is one block.</param>
internal sealed record BlockSpec(int Inputs, int Bytes, RaggedRule Ragged, bool IsWholeRow);

/// <summary>As <c>KernelGen.RaggedRows</c>.</summary>
internal enum RaggedRule
{
    Pad,
    Short,
    Reject,
}

/// <summary>The element code.</summary>
/// <param name="Bits">Bits of a code: 1 to 8, up to 16 of a vector, 16 or 32 of a plain float.</param>
/// <param name="Kind">How the bits are read as a number.</param>
/// <param name="Offset">Added to that number.</param>
/// <param name="Length">Inputs a code stands for: more than 1 where it is the index of a vector.</param>
/// <param name="Float">The type of codes that are plain floats, or none.</param>
internal sealed record CodeSpec(int Bits, CodeNumber Kind, int Offset, int Length = 1, StoredType? Float = null);

/// <summary>A run of inputs whose codes are digits of words; see <c>KernelGen.DigitsAttribute</c>.</summary>
/// <param name="Radix">The radix.</param>
/// <param name="Count">Digits a word has room for.</param>
/// <param name="Used">Digits in use, from the first, which is most significant.</param>
/// <param name="Bits">Bits of a word, the same in all runs of a format.</param>
/// <param name="Fraction">Whether a word is the number as a fraction of radix^Count, rounded up, else the number.</param>
/// <param name="Stripe">Inputs of one word stand this far apart.</param>
/// <param name="First">The first input.</param>
/// <param name="Inputs">Inputs of the run.</param>
/// <param name="FirstWord">The first word among those of the block.</param>
/// <param name="Mirror">Whether a word is the number less its middle, as a magnitude below a sign.</param>
internal sealed record DigitRun(int Radix, int Count, int Used, int Bits, bool Fraction, int Stripe, int First, int Inputs, int FirstWord, bool Mirror = false)
{
    /// <summary>Numbers of a word: Radix^Count.</summary>
    public long Numbers => Enumerable.Repeat((long)Radix, Count).Aggregate(1L, static (a, b) => a * b);

    /// <summary>Words of the run.</summary>
    public int Words => Inputs / Used;
}

/// <summary>Signs stored apart from the codes.</summary>
/// <param name="Parameter">Index of the quantity in <see cref="FormatSpec.Parameters"/>; it has the role <see cref="ParameterRole.Sign"/>.</param>
/// <param name="Parity">The input of each entry whose sign makes the minus signs even and is not stored, or -1.</param>
internal sealed record SignSpec(int Parameter, int Parity);

/// <summary>As <c>KernelGen.CodeKind</c>.</summary>
internal enum CodeNumber
{
    Unsigned,
    Signed,
    SignMagnitude,
    Sign,
    InvertedSign,
    Trit,

    /// <summary>A plain float of <see cref="CodeSpec.Float"/>.</summary>
    Float,
}

/// <summary>A constant table.</summary>
/// <param name="ValueBits">
/// The f32 bit patterns of its 2^b entries, in code order; those of one vector after another, or of one table that a selector chooses after another.
/// </param>
/// <param name="Mantissa">The low bits of a code that are a minifloat's mantissa, or -1 where the values are no minifloats.</param>
internal sealed record CodebookSpec(EquatableArray<int> ValueBits, int Mantissa = -1)
{
    /// <summary>The entries that are numbers: all but a minifloat's infinities and NaN, which no encoder writes.</summary>
    public IEnumerable<float> Numbers => ValueBits.Where(FloatBits.IsFinite).Select(FloatBits.ToSingle);
}

/// <summary>A scale, minimum or zero point.</summary>
/// <param name="Role">What it does to the value.</param>
/// <param name="Name">The name slices and side arrays use.</param>
/// <param name="Type">The stored type.</param>
/// <param name="Extent">What one entry covers.</param>
/// <param name="Inputs">Inputs one entry covers when <paramref name="Extent"/> is in the block (the block's for one per block); 0 for a side array.</param>
/// <param name="Multiply">Factor of the affine transform, f32.</param>
/// <param name="Add">Addend of the affine transform, f32.</param>
/// <param name="Negative">Whether the transformed number is negated.</param>
/// <param name="Table">The f32 bits of every stored number where the type is a scalar of its own (<see cref="StoredClass.Table"/>), else empty.</param>
/// <param name="Steps">How the encoder finds the stored scalar of <paramref name="Table"/>, upward by number.</param>
internal sealed record ParameterSpec(
    ParameterRole Role,
    string Name,
    StoredType Type,
    ParameterExtent Extent,
    int Inputs,
    float Multiply,
    float Add,
    bool Negative,
    EquatableArray<int> Table = default,
    EquatableArray<ScalarStep> Steps = default)
{
    /// <summary>
    /// Outputs that share an entry where it is stored, 0 for equal slabs of them. Kernels know one entry for each: several are
    /// taken apart when a matrix is loaded, or, per input, around the kernels.
    /// </summary>
    public int Outputs { get; init; } = 1;

    /// <summary>
    /// Blocks that share an entry where it is stored. Kernels know one entry for each, a field of the block: it is put there when a matrix is loaded.
    /// </summary>
    public int Blocks { get; init; } = 1;

    /// <summary>Whether those blocks are counted through the whole matrix, row after row; else through each row.</summary>
    public bool IsFlat { get; init; }

    /// <summary>Whether outputs or blocks share an entry where it is stored.</summary>
    public bool IsShared => Outputs != 1 || Blocks != 1;

    /// <summary>Whether the number is added to the product of its role's other levels; else it is a factor of it.</summary>
    public bool IsAdded { get; init; }

    /// <summary>Numbers of an entry: those of a table, one after another; else 1.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Bytes of an entry in a side record; numbers per input are f32 there, whatever their stored type.</summary>
    public int SideBytes => Count * (Extent == ParameterExtent.Column ? 4 : (Type.Bits + 7) / 8);

    /// <summary>Whether the parameter is a side array.</summary>
    public bool IsSide => Extent != ParameterExtent.Block;

    /// <summary>Whether weights are decoded with it as a number: signs belong to the codes, sums to products.</summary>
    public bool IsFactor => Role is ParameterRole.Scale or ParameterRole.Min or ParameterRole.Zero;
}

/// <summary>A stored scalar and the numbers it is stored for: those above the previous step's, up to this step's limit.</summary>
/// <param name="Code">The stored scalar.</param>
/// <param name="LastBits">The f32 bits of the largest number it stands for; without meaning in the last step.</param>
internal readonly record struct ScalarStep(int Code, int LastBits);

/// <summary>What a parameter does to the value of a code.</summary>
internal enum ParameterRole
{
    Scale,
    Min,
    Zero,

    /// <summary>Signs of the codes' values, a bit per input.</summary>
    Sign,

    /// <summary>The sum of the values of the codes, for products.</summary>
    Sum,

    /// <summary>That sum times the scale.</summary>
    ScaledSum,

    /// <summary>Which of several tables the codes index.</summary>
    Selector,

    /// <summary>Unused bits.</summary>
    Pad,
    /// <summary>The table that codes index, stored with the matrix.</summary>
    Codebook,
}

/// <summary>What one entry of a parameter covers.</summary>
internal enum ParameterExtent
{
    /// <summary>The block or a part of it: a field of the block.</summary>
    Block,

    /// <summary>A row: a side array of shape [O].</summary>
    Row,

    /// <summary>The matrix: a side array of shape [1].</summary>
    Tensor,

    /// <summary>An input: a side array of shape [I]. Of a cell only its table is such; scales and the like are applied around the kernels.</summary>
    Column,
}

/// <summary>As <c>KernelGen.ScalarType</c>, with integers as a class and a width.</summary>
/// <param name="Class">The class of the type.</param>
/// <param name="Bits">Stored bits.</param>
internal sealed record StoredType(StoredClass Class, int Bits);

/// <summary>Classes of stored types.</summary>
internal enum StoredClass
{
    Float32,
    Float16,
    BFloat16,
    E8M0,
    Exponent8,
    Unsigned,
    Signed,

    /// <summary>A code of up to 8 bits that indexes a table.</summary>
    Table,
}

/// <summary>
/// Some bits of some entries of one quantity, at explicit positions: entry First + i0 + n0*(i1 + n1*…), bits FromBit …
/// FromBit+Bits-1, at block bit At + Σ i_d * Stride_d. Bits never straddle more than two bytes.
/// </summary>
/// <param name="Quantity">Index into <see cref="FormatSpec.Parameters"/>, or <see cref="CodesQuantity"/>.</param>
/// <param name="First">The first entry placed.</param>
/// <param name="FromBit">The lowest bit of the entries that is placed.</param>
/// <param name="Bits">Bits of each entry placed (a 32-bit float is one slice of 32 bits).</param>
/// <param name="At">Block bit of the first entry's bits.</param>
/// <param name="Map">Count and stride of each dimension, innermost first.</param>
internal sealed record SliceSpec(int Quantity, int First, int FromBit, int Bits, int At, EquatableArray<Dimension> Map)
{
    /// <summary>The quantity index of the codes.</summary>
    public const int CodesQuantity = -1;

    /// <summary>Entries this slice places.</summary>
    public int Count
    {
        get
        {
            int count = 1;
            foreach (Dimension dimension in Map)
            {
                count *= dimension.Count;
            }

            return count;
        }
    }

    /// <summary>The block bit at which this slice's bits of an entry stand.</summary>
    /// <param name="entry">An entry in [First, First + Count).</param>
    /// <returns>The bit's position in the block.</returns>
    public int BitOf(int entry)
    {
        int index = entry - First;
        int bit = At;
        foreach (Dimension dimension in Map)
        {
            bit += index % dimension.Count * dimension.Stride;
            index /= dimension.Count;
        }

        return bit;
    }
}

/// <summary>One dimension of a slice's map.</summary>
/// <param name="Count">Entries along it.</param>
/// <param name="Stride">Bits from one to the next.</param>
internal readonly record struct Dimension(int Count, int Stride);

/// <summary>As <c>KernelGen.EncodeAttribute</c>, defaults filled in.</summary>
internal sealed record EncodeSpec(
    EncodeRange Range,
    EncodeRounding Rounding,
    bool Reciprocal,
    bool UnroundedScale,
    float MinScale,
    int Limit,
    bool ReciprocalFirst = false,
    bool WholeRow = false,
    int Rounds = 0,
    float ScaleEpsilon = 0,
    float LogEpsilon = 0,
    int RowLimit = 0,
    bool RowIntegers = false,
    bool StoredScaleFirst = false,
    int ProductLimit = 0,
    int Shrinks = 0,
    float LeastRange = 0);

/// <summary>As <c>KernelGen.RangeRule</c>.</summary>
internal enum EncodeRange
{
    AbsMax,
    SignedMax,
    MinMax,
    MinMaxWithZero,
    AbsMean,
    ExponentCeiling,
    ExponentFloor,
    AbsMedian,
    CentredAbsMean,
    StandardDeviation,
    ExponentReciprocal,
}

/// <summary>As <c>KernelGen.CodeRounding</c>.</summary>
internal enum EncodeRounding
{
    HalfToEven,
    HalfAwayFromZero,
    HalfUp,
    TowardZero,
    HalfToEvenCode,
    WithoutCarry,
    Logarithmic,
}

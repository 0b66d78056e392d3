using System;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Diagnostics;

/// <summary>
/// Every diagnostic the generator reports: KG00xx about declarations, KG01xx about the settings of the consuming project,
/// KG02xx about budgets. Each has a page docs/rules/KGnnnn.md.
/// </summary>
internal static class Rules
{
    private const string Category = "KernelGen";

    private const string HelpRoot = "https://github.com/kernelgen/kernelgen/blob/main/docs/rules/";

    public static readonly DiagnosticDescriptor TypeNotPartial = new(
        "KG0001",
        "A format's type must be partial",
        "'{0}' declares a format but is not partial; the generator adds the kernels to it, so write 'partial' before its 'struct'",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0001.md");

    public static readonly DiagnosticDescriptor TypeNotStruct = new(
        "KG0002",
        "A format is declared on a struct",
        "'{0}' is a {1}; a format is declared on a struct or a record struct",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0002.md");

    public static readonly DiagnosticDescriptor TypeGeneric = new(
        "KG0003",
        "A format's type must not be generic",
        "'{0}' has type parameters; a format's kernels are generated for exactly one type, so declare one struct for each",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0003.md");

    public static readonly DiagnosticDescriptor TypeFileLocal = new(
        "KG0004",
        "A format's type must not be file-local",
        "'{0}' is file-local, so generated code in other files cannot name it; remove the 'file' modifier",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0004.md");

    public static readonly DiagnosticDescriptor ContainerUnsupported = new(
        "KG0005",
        "A type that contains a format must be partial and not generic",
        "'{0}' is nested in '{1}', which {2}; generated code cannot extend it there",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0005.md");

    public static readonly DiagnosticDescriptor TypeInaccessible = new(
        "KG0006",
        "A format's type must be public or internal",
        "'{0}' is {1}; the kernels and the catalogue are generated outside its container and cannot name it, so make it internal or public",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0006.md");

    public static readonly DiagnosticDescriptor AttributesSpread = new(
        "KG0007",
        "A format's attributes stand on one declaration",
        "KernelGen attributes of '{0}' stand on more than one of its partial declarations; fields follow each other in the order they are written, so write all of them on the one with [Block]",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0007.md");

    public static readonly DiagnosticDescriptor BlockMissing = new(
        "KG0008",
        "A format needs a [Block]",
        "'{0}' has KernelGen attributes but no [Block]; without it they declare no format",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0008.md");

    public static readonly DiagnosticDescriptor CodesMissing = new(
        "KG0009",
        "A format needs [Codes]",
        "'{0}' has a [Block] but no [Codes]; say how many bits an element code has and how they are read",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0009.md");

    public static readonly DiagnosticDescriptor UndefinedValue = new(
        "KG0010",
        "The value is not a member of its enum",
        "{0} is not a member of {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0010.md");

    public static readonly DiagnosticDescriptor BlockInputs = new(
        "KG0011",
        "A block has 1 to 4096 inputs, or is a row",
        "A block of {0} inputs is not supported; give 1 to 4096 inputs, or Extent.Row for a whole row",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0011.md");

    public static readonly DiagnosticDescriptor RaggedUnsupported = new(
        "KG0012",
        "The block cannot end a row that way",
        "RaggedRows.{0} is not possible here: {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0012.md");

    public static readonly DiagnosticDescriptor WholeRowLayout = new(
        "KG0013",
        "A whole-row block stores its codes only",
        "In a block that is a whole row, {0}: {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0013.md");

    public static readonly DiagnosticDescriptor CodeBits = new(
        "KG0020",
        "A code has 1 to 8 bits",
        "A code of {0} bits is not supported; give 1 to 8, up to 16 with [Vector], or 16 or 32 with a [Minifloat] that is a plain float",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0020.md");

    public static readonly DiagnosticDescriptor CodeKindBits = new(
        "KG0021",
        "The kind of code needs another width",
        "CodeKind.{0} needs {1}, not {2}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0021.md");

    public static readonly DiagnosticDescriptor CodeRange = new(
        "KG0022",
        "Code values stay within -255 and 255",
        "The codes mean {0} to {1}, beyond the supported -255 to 255; choose another Offset",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0022.md");

    public static readonly DiagnosticDescriptor StripeBits = new(
        "KG0023",
        "Only 1, 2, 4 and 8 bits can be striped or stored high bits first",
        "{0} bits do not fill a byte evenly, so {1} has no meaning; use Stripe = 1 without HighFirst, planes of 1, 2, 4 or 8 bits, or slices",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0023.md");

    public static readonly DiagnosticDescriptor StripeBlock = new(
        "KG0024",
        "The stripes must fill the block",
        "A stripe of {0} with {1} bits places {2} inputs at a time, which does not divide the block's {3}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0024.md");

    public static readonly DiagnosticDescriptor CodesPlacedTwice = new(
        "KG0025",
        "The codes are placed in one way",
        "The codes are placed by {0} and by {1}; keep one of them",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0025.md");

    public static readonly DiagnosticDescriptor PlaneCoverage = new(
        "KG0026",
        "Planes hold every code bit once",
        "{0}; together the planes hold each of the {1} code bits exactly once",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0026.md");

    public static readonly DiagnosticDescriptor CodebookSize = new(
        "KG0027",
        "A codebook has one value for each code",
        "{0}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0027.md");

    public static readonly DiagnosticDescriptor CodebookValue = new(
        "KG0028",
        "Codebook values are finite f32 numbers",
        "Codebook value {0} at index {1} is not a finite f32 number",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0028.md");

    public static readonly DiagnosticDescriptor CodebookCodes = new(
        "KG0029",
        "Codes that index a codebook are plain unsigned numbers",
        "With a codebook the code is an index, so {0} has no meaning; {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0029.md");

    public static readonly DiagnosticDescriptor ParameterExtent = new(
        "KG0030",
        "A parameter's extent must fit the block",
        "Per = {0} is not supported: {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0030.md");

    public static readonly DiagnosticDescriptor ParameterNesting = new(
        "KG0031",
        "Extents inside a block nest",
        "An extent of {0} inputs and one of {1} overlap without nesting; the smaller must divide the larger",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0031.md");

    public static readonly DiagnosticDescriptor ParameterTransform = new(
        "KG0032",
        "The affine transform must be finite and must not erase the parameter",
        "{0} = {1} is not supported; {2}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0032.md");

    public static readonly DiagnosticDescriptor ExponentTransform = new(
        "KG0033",
        "An exponent is only moved by powers of two",
        "{0} = {1} does not fit a power-of-two scale; Multiply must be a positive power of two and Add must be 0",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0033.md");

    public static readonly DiagnosticDescriptor TransformOverflow = new(
        "KG0034",
        "The affine transform leaves the range of f32",
        "The largest stored {0} times Multiply plus Add is beyond f32",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0034.md");

    public static readonly DiagnosticDescriptor ParameterSign = new(
        "KG0035",
        "Sign is +1 or -1",
        "Sign = {0} is not supported; give 1 or -1 and put factors into Multiply",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0035.md");

    public static readonly DiagnosticDescriptor ParameterName = new(
        "KG0036",
        "A parameter's name is an identifier",
        "'{0}' cannot name a parameter: {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0036.md");

    public static readonly DiagnosticDescriptor ParameterNameTwice = new(
        "KG0037",
        "Parameter names are unique",
        "Two parameters are named '{0}'; give one of them another Name",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0037.md");

    public static readonly DiagnosticDescriptor ParameterComputed = new(
        "KG0038",
        "Exponents and wrapped numbers are stored as small integers",
        "{0} does not fit this parameter: {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0038.md");

    public static readonly DiagnosticDescriptor LevelUnsupported = new(
        "KG0039",
        "Added and Flat have something to work on",
        "{0} is not possible here: {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0039.md");

    public static readonly DiagnosticDescriptor SliceQuantity = new(
        "KG0040",
        "A slice names a quantity of the block",
        "A slice cannot place '{0}': {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0040.md");

    public static readonly DiagnosticDescriptor SliceMap = new(
        "KG0041",
        "A slice's map is pairs of a positive count and a stride",
        "The map is not a list of (count, stride) pairs: {0}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0041.md");

    public static readonly DiagnosticDescriptor SliceRange = new(
        "KG0042",
        "A slice stays within its quantity",
        "The slice places {0}, but '{1}' has {2}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0042.md");

    public static readonly DiagnosticDescriptor SlicePosition = new(
        "KG0043",
        "A slice stays within the block limit",
        "The slice reaches bit {0}; bits of a block run from 0 to {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0043.md");

    public static readonly DiagnosticDescriptor SliceAlignment = new(
        "KG0044",
        "Wide slices start on a byte",
        "A slice of {0} bits must start on byte boundaries; align At and the strides to 8, or split it into slices of at most 8 bits",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0044.md");

    public static readonly DiagnosticDescriptor BitsPlacedTwice = new(
        "KG0045",
        "Every bit of a quantity is placed once",
        "Bit {0} of entry {1} of '{2}' is placed twice",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0045.md");

    public static readonly DiagnosticDescriptor BitsNotPlaced = new(
        "KG0046",
        "Every bit of a quantity is placed",
        "Bit {0} of entry {1} of '{2}' is stored nowhere; slices hold all bits of the quantity they name",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0046.md");

    public static readonly DiagnosticDescriptor BitShared = new(
        "KG0047",
        "A bit of the block belongs to one quantity",
        "'{0}' takes bit {1} of the block, which '{2}' holds already",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0047.md");

    public static readonly DiagnosticDescriptor BlockHole = new(
        "KG0048",
        "The block has no unused bits",
        "Bit {0} of the block belongs to nothing, though bit {1} is used; a block stores every bit of its declared fields and no others",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0048.md");

    public static readonly DiagnosticDescriptor EncodeContradiction = new(
        "KG0050",
        "The encoder cannot work for this format",
        "{0} is not possible here: {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0050.md");

    public static readonly DiagnosticDescriptor EncodeLimit = new(
        "KG0051",
        "Limit is a magnitude the code can hold",
        "Limit = {0} is not supported; {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0051.md");

    public static readonly DiagnosticDescriptor EncodeMinScale = new(
        "KG0052",
        "MinScale is a finite f32 number, 0 or greater",
        "MinScale = {0} is not supported; give 0 or a positive, finite f32 number",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0052.md");

    public static readonly DiagnosticDescriptor EncoderUnsupported = new(
        "KG0053",
        "No encoder is known for these parameters",
        "The format has no encoder: {0}; stored weights are read and multiplied, and Quantize throws",
        Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0053.md");

    public static readonly DiagnosticDescriptor ActivationsUnsupported = new(
        "KG0054",
        "Activations take a format whose values are small integers",
        "'{0}' cannot be the format of activations: {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0054.md");

    public static readonly DiagnosticDescriptor VectorUnsupported = new(
        "KG0060",
        "A vector of values has a length and a codebook",
        "{0}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0060.md");

    public static readonly DiagnosticDescriptor CodebookFileUnusable = new(
        "KG0061",
        "A codebook file holds numbers",
        "The codebook file '{0}' cannot be used: {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0061.md");

    public static readonly DiagnosticDescriptor SignsUnsupported = new(
        "KG0062",
        "Signs belong to whole groups of inputs",
        "{0}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0062.md");

    public static readonly DiagnosticDescriptor DigitsUnsupported = new(
        "KG0063",
        "Digits fill the words and the block",
        "{0}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0063.md");

    public static readonly DiagnosticDescriptor MinifloatUnsupported = new(
        "KG0064",
        "A minifloat fits its code",
        "{0}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0064.md");

    public static readonly DiagnosticDescriptor ScalarUnsupported = new(
        "KG0065",
        "A parameter's scalar type is codes with a table",
        "'{0}' is no scalar type: {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0065.md");

    public static readonly DiagnosticDescriptor SumUnsupported = new(
        "KG0066",
        "A stored sum fits its type",
        "{0}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0066.md");

    public static readonly DiagnosticDescriptor SelectorUnsupported = new(
        "KG0067",
        "A selector chooses among given tables of single inputs",
        "{0}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0067.md");

    public static readonly DiagnosticDescriptor PadUnsupported = new(
        "KG0068",
        "Unused bits are a field of the block",
        "{0}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0068.md");

    public static readonly DiagnosticDescriptor LearnedUnsupported = new(
        "KG0069",
        "A learned codebook is a table of floats for unsigned codes",
        "{0}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0069.md");

    public static readonly DiagnosticDescriptor OuterEmpty = new(
        "KG0070",
        "An outer product has a vector",
        "[Outer] names neither Row nor Column, so it multiplies by nothing; give the type of one or both",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0070.md");

    public static readonly DiagnosticDescriptor OuterType = new(
        "KG0071",
        "Vectors of an outer product are floats",
        "{0} of [Outer] must be Float32, Float16 or BFloat16",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0071.md");

    public static readonly DiagnosticDescriptor ColumnParameter = new(
        "KG0072",
        "A parameter per input stands alone in its role",
        "Per = Extent.Column is not possible here: {0}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0072.md");

    public static readonly DiagnosticDescriptor PartitionExtent = new(
        "KG0073",
        "A partition assigns columns",
        "A partition of extent {0} is not supported; give Extent.Column",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0073.md");

    public static readonly DiagnosticDescriptor PartitionParts = new(
        "KG0074",
        "A partition has 2 to 256 parts",
        "A partition of {0} parts is not supported; give 2 to {1} formats",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0074.md");

    public static readonly DiagnosticDescriptor PartUnknown = new(
        "KG0075",
        "A part is a declared format",
        "'{0}' cannot be a part: {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0075.md");

    public static readonly DiagnosticDescriptor PartCycle = new(
        "KG0076",
        "A composition does not contain itself",
        "'{0}' contains itself through '{1}'",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0076.md");

    public static readonly DiagnosticDescriptor PartUnsupported = new(
        "KG0077",
        "The format cannot be a part",
        "'{0}' cannot be a part: it {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0077.md");

    public static readonly DiagnosticDescriptor CompositionAttribute = new(
        "KG0078",
        "A composition has no cell of its own",
        "[{0}] has no meaning on '{1}', which is composed of others by [Partition] or [Terms]; move it to one of them",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0078.md");

    public static readonly DiagnosticDescriptor PostNormEpsilon = new(
        "KG0079",
        "The epsilon of a norm is a positive number",
        "[PostNorm({0})] is not supported; give a positive number that f32 can hold",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0079.md");

    public static readonly DiagnosticDescriptor TermCount = new(
        "KG0080",
        "A sum has 2 to 256 terms",
        "[Terms] names {0} formats, {1} times; a sum has 2 to {2} terms",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0080.md");

    public static readonly DiagnosticDescriptor OutputsUnsupported = new(
        "KG0081",
        "Outputs can share the parameter",
        "PerOutputs = {0} is not possible here: {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0081.md");

    public static readonly DiagnosticDescriptor GatherUnsupported = new(
        "KG0084",
        "A stored order is one of the outputs",
        "{0}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0084.md");

    public static readonly DiagnosticDescriptor UnsafeBlocks = new(
        "KG0101",
        "Generated kernels need unsafe code",
        "Kernels are generated as unsafe code; set <AllowUnsafeBlocks>true</AllowUnsafeBlocks> in the project",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0101.md");

    public static readonly DiagnosticDescriptor LanguageVersion = new(
        "KG0102",
        "Generated kernels need C# 12 or later",
        "The project compiles as C# {0}; generated kernels need C# 12 or later, so set <LangVersion>latest</LangVersion>",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0102.md");

    public static readonly DiagnosticDescriptor RuntimeMissing = new(
        "KG0103",
        "Generated kernels need .NET 10 and the KernelGen runtime",
        "The project does not see '{0}'; generated kernels need <TargetFramework>net10.0</TargetFramework> or later and a reference to the KernelGen package",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0103.md");

    public static readonly DiagnosticDescriptor TargetUnknown = new(
        "KG0104",
        "KernelGenTargets names an unknown target",
        "'{0}' in <KernelGenTargets> is no target; the targets are {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0104.md");

    public static readonly DiagnosticDescriptor BlockBytes = new(
        "KG0201",
        "A block has at most 16384 bytes",
        "The fields take {0} bytes, beyond the limit of {1} for one block; declare a smaller block",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpRoot + "KG0201.md");

    private static readonly DiagnosticDescriptor[] All =
    [
        TypeNotPartial,
        TypeNotStruct,
        TypeGeneric,
        TypeFileLocal,
        ContainerUnsupported,
        TypeInaccessible,
        AttributesSpread,
        BlockMissing,
        CodesMissing,
        UndefinedValue,
        BlockInputs,
        RaggedUnsupported,
        WholeRowLayout,
        CodeBits,
        CodeKindBits,
        CodeRange,
        StripeBits,
        StripeBlock,
        CodesPlacedTwice,
        PlaneCoverage,
        CodebookSize,
        CodebookValue,
        CodebookCodes,
        ParameterExtent,
        ParameterNesting,
        ParameterTransform,
        ExponentTransform,
        TransformOverflow,
        ParameterSign,
        ParameterName,
        ParameterNameTwice,
        ParameterComputed,
        LevelUnsupported,
        SliceQuantity,
        SliceMap,
        SliceRange,
        SlicePosition,
        SliceAlignment,
        BitsPlacedTwice,
        BitsNotPlaced,
        BitShared,
        BlockHole,
        EncodeContradiction,
        EncodeLimit,
        EncodeMinScale,
        EncoderUnsupported,
        ActivationsUnsupported,
        VectorUnsupported,
        CodebookFileUnusable,
        SignsUnsupported,
        DigitsUnsupported,
        MinifloatUnsupported,
        ScalarUnsupported,
        SumUnsupported,
        SelectorUnsupported,
        PadUnsupported,
        LearnedUnsupported,
        OuterEmpty,
        OuterType,
        ColumnParameter,
        PartitionExtent,
        PartitionParts,
        PartUnknown,
        PartCycle,
        PartUnsupported,
        CompositionAttribute,
        PostNormEpsilon,
        TermCount,
        OutputsUnsupported,
        GatherUnsupported,
        UnsafeBlocks,
        LanguageVersion,
        RuntimeMissing,
        TargetUnknown,
        BlockBytes,
    ];

    public static DiagnosticDescriptor ById(string id) => Array.Find(All, rule => rule.Id == id);
}

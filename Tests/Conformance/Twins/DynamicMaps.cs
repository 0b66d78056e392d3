namespace KernelGen.Conformance.Twins;

/// <summary>bitsandbytes' signed dynamic map of 8 bits.</summary>
[Block(16)]
[Scale(ScalarType.Float32)]
[Codes(8), Codebook(CodebookFamily.Dynamic)]
[Encode(RangeRule.AbsMax)]
internal readonly partial record struct Dynamic8;

/// <summary>bitsandbytes' unsigned dynamic map of 8 bits.</summary>
[Block(16)]
[Scale(ScalarType.Float32)]
[Codes(8), Codebook(CodebookFamily.DynamicUnsigned)]
[Encode(RangeRule.AbsMax)]
internal readonly partial record struct Dynamic8Unsigned;

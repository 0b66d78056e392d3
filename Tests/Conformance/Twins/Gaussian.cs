namespace KernelGen.Conformance.Twins;

/// <summary>NormalFloat of 4 bits over 16 inputs, bitsandbytes' nibble order.</summary>
[Block(16)]
[Scale(ScalarType.Float32)]
[Codes(4, HighFirst = true)]
[Codebook(CodebookFamily.NormalFloat)]
[Encode(RangeRule.AbsMax)]
internal readonly partial record struct NF4Block16;

/// <summary>NormalFloat of 3 bits over 16 inputs.</summary>
[Block(16)]
[Scale(ScalarType.Float32)]
[Codes(3)]
[Codebook(CodebookFamily.NormalFloat)]
[Encode(RangeRule.AbsMax)]
internal readonly partial record struct NF3Block16;

/// <summary>NormalFloat of 2 bits over 16 inputs.</summary>
[Block(16)]
[Scale(ScalarType.Float32)]
[Codes(2)]
[Codebook(CodebookFamily.NormalFloat)]
[Encode(RangeRule.AbsMax)]
internal readonly partial record struct NF2Block16;

/// <summary>KVQuant keys: NormalFloat of 3 bits between the least and the greatest value of 8 tokens of a channel.</summary>
[Block(8)]
[Scale(ScalarType.Float32)]
[Min(ScalarType.Float32)]
[Codes(3)]
[Codebook(CodebookFamily.NormalFloat)]
[Encode(RangeRule.MinMax)]
internal readonly partial record struct KvQuantKey;

/// <summary>Low-precision adapters of 1 bit: the medians of two equally probable halves of a Gaussian.</summary>
[Block(16)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Min(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(1)]
[Codebook(-0.67448975, 0.67448975)]
[Encode(RangeRule.StandardDeviation, ScaleEpsilon = 1e-5)]
internal readonly partial record struct Adapter1;

/// <summary>Low-precision adapters of 2 bits.</summary>
[Block(16)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Min(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(2)]
[Codebook(-1.265720325, -0.377754161, 0.377754161, 1.265720325)]
[Encode(RangeRule.StandardDeviation, ScaleEpsilon = 1e-5)]
internal readonly partial record struct Adapter2;

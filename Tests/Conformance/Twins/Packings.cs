namespace KernelGen.Conformance.Twins;

/// <summary>Eight 4-bit codes, low nibble first (GPTQ's words, torch's bytes).</summary>
[Block(8)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(4)]
internal readonly partial record struct NibblesLowFirst;

/// <summary>Eight 4-bit codes, high nibble first (bitsandbytes, DGQ).</summary>
[Block(8)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(4, HighFirst = true)]
internal readonly partial record struct NibblesHighFirst;

/// <summary>Eight 4-bit codes in AWQ's order: nibble k holds code 0, 2, 4, 6, 1, 3, 5, 7.</summary>
[Block(8)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(4), Slice("codes", 4, 0, 2, 16, 4, 4)]
internal readonly partial record struct NibblesAwq;

/// <summary>Thirty-two 3-bit codes without a gap (GPTQ, SqueezeLLM).</summary>
[Block(32)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(3)]
internal readonly partial record struct ThreeBitStream;

/// <summary>Zero points as GPTQ's first checkpoints store them: less one, modulo 16.</summary>
[Block(8)]
[Scale(ScalarType.Float32), ZeroPoint(ScalarType.UInt4, Per = 4, Add = 1, Wrap = true)]
[Codes(4)]
internal readonly partial record struct GptqZeroV1;

/// <summary>Zero points as its second format stores them.</summary>
[Block(8)]
[Scale(ScalarType.Float32), ZeroPoint(ScalarType.UInt4, Per = 4)]
[Codes(4)]
internal readonly partial record struct GptqZeroV2;

/// <summary>Ten 3-bit codes in a word of 32 bits (EfficientQAT).</summary>
[Block(10)]
[Codes(3)]
internal readonly partial record struct ThreeBitWords;

/// <summary>Forty codes in four words of ten, those of a word four apart, the first highest (HQQ).</summary>
[Block(40)]
[Codes(3), Slice("codes", 3, 27, 4, 32, 10, -3), Pad(2, Per = 10), Slice("pad", 2, 30, 4, 32)]
internal readonly partial record struct ThreeBitStrided;

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

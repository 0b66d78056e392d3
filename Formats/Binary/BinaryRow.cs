namespace KernelGen.Formats;

/// <summary>
/// Signs around the mean of a row: <c>w = α * B + μ</c>, B in {-1, +1}, α and μ an f16 per row. 1 bit per weight and 32 per row.
/// </summary>
/// <remarks>
/// Layout: a bit a weight in input order, 1 for +1; α and μ are a side array of shape [O]. Encoder: μ = mean x, α = mean|x - μ|, B the sign of x - μ. Source: Rastegari et al., XNOR-Net (2016), with the mean of
/// Huang et al., BiLLM: Pushing the Limit of Post-Training Quantization for LLMs (2024), first order.
/// </remarks>
[Block(Extent.Row)]
[Scale(ScalarType.Float16, Per = Extent.Row), Min(ScalarType.Float16, Per = Extent.Row)]
[Codes(1, CodeKind.Sign)]
[Encode(RangeRule.CentredAbsMean)]
public readonly partial record struct BinaryRow;

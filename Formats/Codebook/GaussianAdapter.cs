namespace KernelGen.Formats;

/// <summary>
/// Low-precision adapters of 2 bits: <c>w = σ * T[q] + μ</c>, μ and σ f32 of the matrix, T the medians of four equally probable parts of a Gaussian. 2 bits per weight and 64 for the matrix.
/// </summary>
/// <remarks>
/// Layout: the codes in input order, low bits first; the side array of the matrix is σ, μ. Encoder: μ the mean, σ the unbiased standard deviation, the entry nearest to (x - μ) / (σ + 1e-5). Source: Jie et al., Revisiting the Parameter
/// Efficiency of Adapters from the Perspective of Precision Redundancy (2023).
/// </remarks>
[Block(Extent.Row)]
[Scale(ScalarType.Float32, Per = Extent.Tensor), Min(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(2), Codebook(-1.265720325, -0.377754161, 0.377754161, 1.265720325)]
[Encode(RangeRule.StandardDeviation, ScaleEpsilon = 1e-5)]
public readonly partial record struct GaussianAdapter2;

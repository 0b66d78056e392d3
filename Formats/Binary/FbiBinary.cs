namespace KernelGen.Formats;

/// <summary>
/// FBI-LLM: signs with a scale and a shift per input: <c>w = α[i] * B + β[i]</c>, B in {-1, +1}, α and β f16. 1 + 32 / O bits per weight.
/// </summary>
/// <remarks>
/// Tensors: "blocks", a bit per weight in input order, 1 for +1; "scale" (α) and "min" (β) of shape [I]. In a product the shift is one number
/// for each row of activations, x · β. Encoder: β the mean of a column, α the mean magnitude of what is left, B its sign
/// (KernelGen.Encoders); they are then trained. Source: Ma et al., FBI-LLM: Scaling Up Fully Binarized LLMs from Scratch via Autoregressive
/// Distillation (2024).
/// </remarks>
[Block(Extent.Row), Codes(1, CodeKind.Sign)]
[Scale(ScalarType.Float16, Per = Extent.Column), Min(ScalarType.Float16, Per = Extent.Column)]
public readonly partial record struct FbiBinary;

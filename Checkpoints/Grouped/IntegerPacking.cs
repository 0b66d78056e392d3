namespace KernelGen.Checkpoints;

/// <summary>How a checkpoint packs the integers of a layer, O outputs by I inputs, b bits each, in groups of g inputs.</summary>
public enum IntegerPacking
{
    /// <summary>
    /// GPTQ, first format: <c>qweight</c> [I b / 32, O] and <c>qzeros</c> [groups, O b / 32], 32-bit words that are streams of b-bit numbers, lowest bits
    /// first, along the inputs and along the outputs; the stored zero point is (z - 1) mod 2^b.
    /// </summary>
    Gptq,

    /// <summary>GPTQ, second format: as <see cref="Gptq"/>, but zero points are stored as they are.</summary>
    GptqV2,

    /// <summary>EfficientQAT: as <see cref="GptqV2"/>, but a word holds ⌊32 / b⌋ whole numbers: ten of 3 bits.</summary>
    EfficientQat,

    /// <summary>
    /// AWQ, GEMM layout: <c>qweight</c> [I, O / 8] and <c>qzeros</c> [groups, O / 8], words of eight 4-bit numbers of consecutive outputs in the order 0, 2, 4, 6,
    /// 1, 3, 5, 7 from the lowest bits up.
    /// </summary>
    Awq,

    /// <summary>
    /// AWQ's second layout (llm-awq, "gemv_fast"): <c>qweight</c> [O / 4, I] of 16-bit words, 4 bits; tiles of four outputs by 64 inputs, one output after another,
    /// in which every 32 inputs are reordered; <c>scaled_zeros</c> or <c>qzeros</c> [groups or more, O] are the f16 numbers -s z.
    /// </summary>
    AwqV2,

    /// <summary>
    /// AWQ, GEMV layout: <c>qweight</c> [O, I / 8], <c>qzeros</c> [O, groups / 8 or more], words of eight 4-bit numbers of a row, the first lowest, and
    /// <c>scales</c> [O, groups or more].
    /// </summary>
    AwqGemv,
}

namespace KernelGen.Conformance.Twins;

/// <summary>BitMoD of 3 bits: in each group the special value is 3, -3, 6 or -6.</summary>
[Block(16)]
[Scale(ScalarType.Float32), Selector(2)]
[Codes(3)]
[Codebook(
    -4, -2, -1, 0, 1, 2, 3, 4,
    -4, -3, -2, -1, 0, 1, 2, 4,
    -4, -2, -1, 0, 1, 2, 4, 6,
    -6, -4, -2, -1, 0, 1, 2, 4)]
internal readonly partial record struct BitModFp3;

/// <summary>BitMoD of 4 bits: the special value is 10, -10, 16 or -16.</summary>
[Block(16)]
[Scale(ScalarType.Float32), Selector(2)]
[Codes(4)]
[Codebook(
    -12, -8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 8, 10, 12,
    -12, -10, -8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 8, 12,
    -12, -8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 8, 12, 16,
    -16, -12, -8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 8, 12)]
internal readonly partial record struct BitModFp4;

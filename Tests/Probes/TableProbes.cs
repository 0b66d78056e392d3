namespace KernelGen.Probes;

/// <summary>A table of 256 arbitrary values.</summary>
[Block(32)]
[Scale(ScalarType.Float32)]
[Codes(8)]
[Codebook(
    0.7374, 1.451, 1.771, 2.655, 1.439, 2.534, -2.826, -0.2063, 2.66, 0.8938, 2.405, -2.321, -0.1856, -1.521, 0.2626,
    0.4436, -2.921, -0.0, -1.323, 2.498, 1.594, -2.042, 1.783, -2.167, 0.7047, -2.24, -2.989, 2.228, -1.743, -1.707, 2.895,
    2.234, -1.264, 2.769, 0.2353, 1.067, -1.771, 2.646, 1.144, 2.799, 2.362, -1.207, -0.8329, -2.004, -2.126, -2.609,
    -1.192, 0.6187, -2.98, 1.068, -0.9726, -1.14, 1.911, -0.1155, -1.105, -0.1127, 1.228, -2.658, 2.851, -2.863, 1.499,
    2.069, -2.892, 1.726, -0.8029, 0.4711, -2.946, -2.72, -1.914, 2.731, -1.821, 1.534, 2.578, 2.652, -0.9337, -0.8712,
    0.1482, 1.654, -2.352, 1.49, 1.783, 2.158, -2.78, 2.675, -2.453, -0.9556, 0.665, 2.509, -0.9602, 2.545, 0.2709, -1.125,
    -1.099, -1.935, -2.531, -2.107, 1.135, 2.98, -2.031, -2.709, 2.92, 0.2012, -0.5647, -1.576, 0.5638, 1.958, -0.266,
    -0.4695, -2.666, 2.496, -2.804, -0.03861, 2.031, -2.217, 1.39, 2.699, 0.7824, 1.728, -2.36, -0.3927, -2.105, 2.068,
    -1.231, -0.2811, 2.996, 2.114, 2.856, -0.2788, -0.07105, 1.377, -0.1257, -1.254, -0.5773, -2.121, -0.738, 2.93, 2.759,
    0.7618, -0.004065, -0.9691, -2.465, -1.366, 1.692, 2.204, -0.832, 1.716, 1.649, 1.168, 0.9841, 1.558, -0.8194, 1.227,
    -1.315, -0.08589, 1.618, 1.145, -1.237, 2.673, 0.8982, 0.484, -2.931, 0.2819, -1.496, 1.03, -0.2224, 1.9, 0.8846, 1.786,
    -0.9127, 0.8644, 1.427, 1.969, -0.8997, 2.057, 2.219, 1.13, 2.857, 2.739, 0.1088, 0.176, -2.003, 2.02, 2.624, -0.1366,
    1.149, 1.318, 1.382, -1.969, 1.682, 0.4851, 0.9933, -0.4752, 0.7424, 1.648, 0.8212, 1.322, -2.834, -2.04, -0.3536,
    0.9007, -1.686, 1.116, 0.7852, -2.749, -0.1705, -1.643, -2.675, -2.199, -1.096, -1.911, -1.84, -2.786, -0.208, -0.7182,
    0.6708, 0.541, -1.573, 2.419, -2.996, -0.5677, -1.329, -0.5397, -2.31, 1.988, -0.7567, -2.784, 0.6814, -2.431, 0.2713,
    -0.9638, 0.4854, 2.75, 1.911, -0.4854, 1.878, 0.8538, -0.7833, -2.147, 0.5756, 0.3832, 2.743, 2.808, 0.6517, -0.8933,
    2.361, -2.994, -2.352, 0.3949, 0.691, -2.156, 0.7767, 2.348, -0.7449, -0.4099, -1.642, -1.251)]
public readonly partial record struct Table8;

/// <summary>Signs and magnitudes of 5 bits in a table, too far apart for unsigned bytes.</summary>
[Block(32)]
[Scale(ScalarType.Float16), ZeroPoint(ScalarType.UInt4, Per = 16), Min(ScalarType.Float16)]
[Codes(5)]
[Codebook(
    0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 70, 80, 90, 100, 110, 127,
    0, -1, -2, -3, -5, -8, -13, -21, -34, -55, -70, -80, -90, -100, -110, -127)]
public readonly partial record struct MirroredTable;

/// <summary>A table of 64 arbitrary values under an exponent.</summary>
[Block(32)]
[Scale(ScalarType.E8M0)]
[Codes(6)]
[Codebook(
    26.46, -6.732, 25.82, 23.17, 5.365, -13.45, 26.93, -0.2069, -4.732, -10.13, 27.12, -0.4617, -11.96, -1.292, -21.17,
    6.814, -3.166, -11.59, 15.78, 18.3, -27.26, 1.824, -12.67, 24.37, 15.79, -14.24, -13.01, -19.33, 27.37, -11.58, 6.05,
    -1.421, 8.113, 5.816, 13.63, -21.38, 14.58, -11.16, 1.876, -9.177, -11.38, 1.673, -1.997, -7.782, 13.72, 5.085, -25.96,
    -13.86, -2.486, 23.33, 21.72, 2.553, -27.18, 15.59, -4.047, 4.236, 11.66, 7.405, -1.015, 23.06, -6.414, -6.056, 19.71,
    -17.0)]
[Encode(RangeRule.ExponentFloor)]
public readonly partial record struct Table6;

/// <summary>Eight arbitrary values with a scale and a minimum.</summary>
[Block(16)]
[Scale(ScalarType.Float16), Min(ScalarType.Float16)]
[Codes(3)]
[Codebook(
    -0.4071, 0.66, -0.8679, 0.6726, 0.3892, -0.1344, -0.4273, 0.5615)]
[Encode(RangeRule.MinMax)]
public readonly partial record struct Table3;

/// <summary>Integers that span more than seven bits.</summary>
[Block(32)]
[Scale(ScalarType.Float16)]
[Codes(4)]
[Codebook(
    -128, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 127)]
public readonly partial record struct WideTable;

/// <summary>Integers from 100 to 300.</summary>
[Block(32)]
[Scale(ScalarType.Float16)]
[Codes(2)]
[Codebook(
    100, 150, 220, 300)]
public readonly partial record struct ShiftedTable;

/// <summary>E2M1 with halves, both zeros.</summary>
[Block(32)]
[Scale(ScalarType.E8M0)]
[Codes(4)]
[Codebook(
    0.0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6)]
[Encode(RangeRule.ExponentFloor)]
public readonly partial record struct HalfTable;

/// <summary>A table under a scale of the row, whole rows.</summary>
[Block(Extent.Row)]
[Scale(ScalarType.Float16, Per = Extent.Row)]
[Codes(4)]
[Codebook(CodebookFamily.NormalFloat)]
public readonly partial record struct RowTable;

/// <summary>A table under two levels of scales.</summary>
[Block(128)]
[Scale(ScalarType.Float16)]
[Scale(ScalarType.UInt6, Per = 32, Add = -32)]
[Codes(4)]
[Codebook(
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113)]
[Encode(RangeRule.SignedMax)]
public readonly partial record struct NestedTable;

/// <summary>A table for the matrix, with a scale and a minimum in blocks that are no multiple of a vector.</summary>
[Block(20)]
[Scale(ScalarType.Float16), Min(ScalarType.BFloat16, Per = 10)]
[Codes(2)]
[LearnedCodebook(ScalarType.Float32, Per = Extent.Tensor)]
public readonly partial record struct LearnedTensor2;

/// <summary>A table of 32 numbers a row after a scale of the row, with integer sub-scales.</summary>
[Block(64)]
[Scale(ScalarType.Float32, Per = Extent.Row), LearnedCodebook(ScalarType.BFloat16)]
[Codes(5)]
[Scale(ScalarType.UInt4, Per = 32)]
public readonly partial record struct LearnedRow5;

/// <summary>A table of two numbers a row, and an integer zero point.</summary>
[Block(Extent.Row)]
[Codes(1)]
[LearnedCodebook(ScalarType.Float32), ZeroPoint(ScalarType.Int8, Per = Extent.Row)]
public readonly partial record struct LearnedRow1;

/// <summary>The longest table.</summary>
[Block(32)]
[Codes(6)]
[LearnedCodebook(ScalarType.Float16)]
public readonly partial record struct LearnedRow6;

/// <summary>A table of two numbers an input, under a scale per row and with a minimum for the matrix.</summary>
[Block(Extent.Row)]
[Codes(1)]
[LearnedCodebook(ScalarType.Float32, Per = Extent.Column)]
[Scale(ScalarType.Float16, Per = Extent.Row), Min(ScalarType.BFloat16, Per = Extent.Tensor)]
public readonly partial record struct ColumnTable1;

/// <summary>A table of 32 numbers an input in blocks that are no multiple of a vector, with scales inside.</summary>
[Block(24)]
[Scale(ScalarType.Float16, Per = 12), LearnedCodebook(ScalarType.BFloat16, Per = Extent.Column)]
[Codes(5)]
public readonly partial record struct ColumnTable5;

/// <summary>Three bits, a table per input and nothing else, in blocks of 32.</summary>
[Block(32)]
[Codes(3)]
[LearnedCodebook(ScalarType.Float32, Per = Extent.Column)]
public readonly partial record struct ColumnTable3;

/// <summary>The longest table per input.</summary>
[Block(Extent.Row)]
[Codes(6)]
[LearnedCodebook(ScalarType.Float16, Per = Extent.Column)]
public readonly partial record struct ColumnTable6;

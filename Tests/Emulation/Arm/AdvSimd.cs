using System;
using System.Runtime.Intrinsics;

namespace KernelGen.Emulation.Arm;

/// <summary>Advanced SIMD (NEON).</summary>
[Emulates(typeof(System.Runtime.Intrinsics.Arm.AdvSimd))]
public static unsafe class AdvSimd
{
    public static bool IsSupported => true;

    /// <summary>saddlp: neighbours added in twice the width.</summary>
    public static Vector128<int> AddPairwiseWidening(Vector128<short> value)
    {
        Vector128<int> result = default;
        for (int i = 0; i < 4; i++)
        {
            Lanes.Of(ref result)[i] = value[2 * i] + value[(2 * i) + 1];
        }

        return result;
    }

    public static Vector128<byte> And(Vector128<byte> left, Vector128<byte> right) => left & right;

    /// <summary>fcvtns: the nearest integer, ties to even, saturated; 0 of NaN.</summary>
    public static Vector128<int> ConvertToInt32RoundToEven(Vector128<float> value)
    {
        Vector128<int> result = default;
        Lanes.Map<float, int>(Lanes.Of(ref value), Lanes.Of(ref result), static v => (int)Math.Clamp(double.IsNaN(v) ? 0 : Math.Round((double)v), int.MinValue, int.MaxValue));
        return result;
    }

    /// <summary>fcvtzs: toward zero, saturating, 0 for NaN.</summary>
    public static Vector128<int> ConvertToInt32RoundToZero(Vector128<float> value)
    {
        Vector128<int> result = default;
        Lanes.Map<float, int>(Lanes.Of(ref value), Lanes.Of(ref result), static v => (int)Math.Clamp(double.IsNaN(v) ? 0 : Math.Truncate((double)v), int.MinValue, int.MaxValue));
        return result;
    }

    /// <summary>fmaxnm: the number of a number and a NaN, +0 of two zeros that differ.</summary>
    public static Vector128<float> MaxNumber(Vector128<float> left, Vector128<float> right)
    {
        Vector128<float> result = default;
        Lanes.Map<float, float, float>(Lanes.Of(ref left), Lanes.Of(ref right), Lanes.Of(ref result), float.MaxNumber);
        return result;
    }

    /// <summary>fmla: the addend first, one rounding.</summary>
    public static Vector128<float> FusedMultiplyAdd(Vector128<float> addend, Vector128<float> left, Vector128<float> right)
    {
        Vector128<float> result = default;
        Lanes.Map<float, float, float, float>(
            Lanes.Of(ref left), Lanes.Of(ref right), Lanes.Of(ref addend), Lanes.Of(ref result), MathF.FusedMultiplyAdd);
        return result;
    }

    public static Vector128<int> LoadAndReplicateToVector128(int* address) => Vector128.Create(*address);

    public static Vector128<float> LoadAndReplicateToVector128(float* address) => Vector128.Create(*address);

    public static Vector64<byte> LoadVector64(byte* address) => Vector64.Load(address);

    public static Vector64<sbyte> LoadVector64(sbyte* address) => Vector64.Load(address);

    public static Vector64<short> LoadVector64(short* address) => Vector64.Load(address);

    public static Vector64<ushort> LoadVector64(ushort* address) => Vector64.Load(address);

    /// <summary>cmtst: all ones where the two share a bit.</summary>
    public static Vector128<byte> CompareTest(Vector128<byte> left, Vector128<byte> right) => ~Vector128.Equals(left & right, Vector128<byte>.Zero);

    /// <summary>mla: wraps.</summary>
    public static Vector128<int> MultiplyAdd(Vector128<int> addend, Vector128<int> left, Vector128<int> right)
    {
        Vector128<int> result = default;
        Lanes.Map<int, int, int, int>(
            Lanes.Of(ref addend), Lanes.Of(ref left), Lanes.Of(ref right), Lanes.Of(ref result), static (a, l, r) => unchecked(a + (l * r)));
        return result;
    }

    /// <summary>smull of 8 bytes.</summary>
    public static Vector128<short> MultiplyWideningLower(Vector64<sbyte> left, Vector64<sbyte> right)
    {
        Vector128<short> result = default;
        Lanes.Map<sbyte, sbyte, short>(Lanes.Of(ref left), Lanes.Of(ref right), Lanes.Of(ref result), static (l, r) => (short)(l * r));
        return result;
    }

    /// <summary>smull of 4 int16.</summary>
    public static Vector128<int> MultiplyWideningLower(Vector64<short> left, Vector64<short> right)
    {
        Vector128<int> result = default;
        Lanes.Map<short, short, int>(Lanes.Of(ref left), Lanes.Of(ref right), Lanes.Of(ref result), static (l, r) => l * r);
        return result;
    }

    /// <summary>smlal of 8 bytes: wraps.</summary>
    public static Vector128<short> MultiplyWideningLowerAndAdd(Vector128<short> addend, Vector64<sbyte> left, Vector64<sbyte> right)
    {
        Vector128<short> result = default;
        Lanes.Map<short, sbyte, sbyte, short>(
            Lanes.Of(ref addend), Lanes.Of(ref left), Lanes.Of(ref right), Lanes.Of(ref result), static (a, l, r) => unchecked((short)(a + (l * r))));
        return result;
    }

    /// <summary>smull2 of 16 bytes' upper half.</summary>
    public static Vector128<short> MultiplyWideningUpper(Vector128<sbyte> left, Vector128<sbyte> right) =>
        MultiplyWideningLower(left.GetUpper(), right.GetUpper());

    /// <summary>smull2 of 8 int16's upper half.</summary>
    public static Vector128<int> MultiplyWideningUpper(Vector128<short> left, Vector128<short> right) =>
        MultiplyWideningLower(left.GetUpper(), right.GetUpper());

    /// <summary>smlal2 of 16 bytes' upper half.</summary>
    public static Vector128<short> MultiplyWideningUpperAndAdd(Vector128<short> addend, Vector128<sbyte> left, Vector128<sbyte> right) =>
        MultiplyWideningLowerAndAdd(addend, left.GetUpper(), right.GetUpper());

    /// <summary>shl of bytes by 0…7.</summary>
    public static Vector128<byte> ShiftLeftLogical(Vector128<byte> value, byte count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 7);
        Vector128<byte> result = default;
        Lanes.Map<byte, byte>(Lanes.Of(ref value), Lanes.Of(ref result), v => unchecked((byte)(v << count)));
        return result;
    }

    /// <summary>ushll of 4 uint16 by 0…15; shll by 16 has another encoding, which the framework does not pick.</summary>
    public static Vector128<uint> ShiftLeftLogicalWideningLower(Vector64<ushort> value, byte count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 15);
        Vector128<uint> result = default;
        Lanes.Map<ushort, uint>(Lanes.Of(ref value), Lanes.Of(ref result), v => (uint)v << count);
        return result;
    }

    /// <summary>ushr of bytes by 1…8.</summary>
    public static Vector128<byte> ShiftRightLogical(Vector128<byte> value, byte count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 8);
        Vector128<byte> result = default;
        Lanes.Map<byte, byte>(Lanes.Of(ref value), Lanes.Of(ref result), v => (byte)(v >> count));
        return result;
    }

    /// <summary>sxtl of 8 bytes.</summary>
    public static Vector128<short> SignExtendWideningLower(Vector64<sbyte> value)
    {
        Vector128<short> result = default;
        Lanes.Map<sbyte, short>(Lanes.Of(ref value), Lanes.Of(ref result), static v => v);
        return result;
    }

    /// <summary>sxtl2 of 4 int16.</summary>
    public static Vector128<int> SignExtendWideningUpper(Vector128<short> value) => SignExtendWideningLower(value.GetUpper());

    /// <summary>sxtl of 4 int16.</summary>
    public static Vector128<int> SignExtendWideningLower(Vector64<short> value)
    {
        Vector128<int> result = default;
        Lanes.Map<short, int>(Lanes.Of(ref value), Lanes.Of(ref result), static v => v);
        return result;
    }

    /// <summary>uxtl of 8 bytes.</summary>
    public static Vector128<ushort> ZeroExtendWideningLower(Vector64<byte> value)
    {
        Vector128<ushort> result = default;
        Lanes.Map<byte, ushort>(Lanes.Of(ref value), Lanes.Of(ref result), static v => v);
        return result;
    }

    /// <summary>uxtl of 4 uint16.</summary>
    public static Vector128<uint> ZeroExtendWideningLower(Vector64<ushort> value)
    {
        Vector128<uint> result = default;
        Lanes.Map<ushort, uint>(Lanes.Of(ref value), Lanes.Of(ref result), static v => v);
        return result;
    }

    /// <summary>What only 64-bit Arm has.</summary>
    [Emulates(typeof(System.Runtime.Intrinsics.Arm.AdvSimd.Arm64))]
    public static class Arm64
    {
        public static bool IsSupported => true;

        /// <summary>addp: sums of neighbours, the left vector's below the right one's, wrapping.</summary>
        public static Vector128<int> AddPairwise(Vector128<int> left, Vector128<int> right) => unchecked(
            Vector128.Create(left[0] + left[1], left[2] + left[3], right[0] + right[1], right[2] + right[3]));

        /// <summary>fmla by element 0…3.</summary>
        public static Vector128<float> FusedMultiplyAddBySelectedScalar(
            Vector128<float> addend, Vector128<float> left, Vector128<float> right, byte rightIndex)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(rightIndex, 3);
            return FusedMultiplyAdd(addend, left, Vector128.Create(right[rightIndex]));
        }

        /// <summary>uzp1: the even lanes of the left vector, then of the right one.</summary>
        public static Vector128<byte> UnzipEven(Vector128<byte> left, Vector128<byte> right)
        {
            Vector128<byte> result = default;
            for (int i = 0; i < 16; i++)
            {
                Lanes.Of(ref result)[i] = i < 8 ? left[2 * i] : right[(2 * i) - 16];
            }

            return result;
        }

        /// <summary>uzp1 of int16.</summary>
        public static Vector128<short> UnzipEven(Vector128<short> left, Vector128<short> right)
        {
            Vector128<short> result = default;
            for (int i = 0; i < 8; i++)
            {
                Lanes.Of(ref result)[i] = i < 4 ? left[2 * i] : right[(2 * i) - 8];
            }

            return result;
        }

        /// <summary>tbl of one register: 0 for indices past it.</summary>
        public static Vector128<byte> VectorTableLookup(Vector128<byte> table, Vector128<byte> byteIndexes) => Lookup(byteIndexes, table);

        /// <summary>tbl of two registers.</summary>
        public static Vector128<byte> VectorTableLookup((Vector128<byte>, Vector128<byte>) table, Vector128<byte> byteIndexes) =>
            Lookup(byteIndexes, table.Item1, table.Item2);

        /// <summary>tbl of four registers.</summary>
        public static Vector128<byte> VectorTableLookup(
            (Vector128<byte>, Vector128<byte>, Vector128<byte>, Vector128<byte>) table, Vector128<byte> byteIndexes) =>
            Lookup(byteIndexes, table.Item1, table.Item2, table.Item3, table.Item4);

        /// <summary>zip1: the lower halves, byte by byte.</summary>
        public static Vector128<byte> ZipLow(Vector128<byte> left, Vector128<byte> right) => Zip(left, right, 0);

        /// <summary>zip2: the upper halves.</summary>
        public static Vector128<byte> ZipHigh(Vector128<byte> left, Vector128<byte> right) => Zip(left, right, 8);

        /// <summary>zip1 of 32 bits.</summary>
        public static Vector128<int> ZipLow(Vector128<int> left, Vector128<int> right) => Vector128.Create(left[0], right[0], left[1], right[1]);

        /// <summary>zip2 of 32 bits.</summary>
        public static Vector128<int> ZipHigh(Vector128<int> left, Vector128<int> right) => Vector128.Create(left[2], right[2], left[3], right[3]);

        /// <summary>zip1 of 64 bits.</summary>
        public static Vector128<long> ZipLow(Vector128<long> left, Vector128<long> right) => Vector128.Create(left[0], right[0]);

        /// <summary>zip2 of 64 bits.</summary>
        public static Vector128<long> ZipHigh(Vector128<long> left, Vector128<long> right) => Vector128.Create(left[1], right[1]);

        private static Vector128<byte> Zip(Vector128<byte> left, Vector128<byte> right, int first)
        {
            Vector128<byte> result = default;
            for (int i = 0; i < 16; i++)
            {
                Lanes.Of(ref result)[i] = i % 2 == 0 ? left[first + (i / 2)] : right[first + (i / 2)];
            }

            return result;
        }

        private static Vector128<byte> Lookup(Vector128<byte> indexes, params ReadOnlySpan<Vector128<byte>> table)
        {
            Vector128<byte> result = default;
            for (int i = 0; i < 16; i++)
            {
                int index = indexes[i];
                Lanes.Of(ref result)[i] = index < 16 * table.Length ? table[index / 16][index % 16] : (byte)0;
            }

            return result;
        }
    }
}

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Disassembly;

/// <summary>Recognises the arm64 instructions that checks ask for, by the fixed bits of their encodings (Arm Architecture Reference Manual, C4.1).</summary>
internal static class Arm64
{
    private static readonly (string Name, uint Mask, uint Bits)[] Vector =
    [
        ("sdot", 0xFFE0FC00, 0x4E809400),  // SDOT (vector)
        ("sdot", 0xFFC0F400, 0x4F80E000),  // SDOT (by element)
        ("tbl", 0xBFE09C00, 0x0E000000),   // TBL
        ("smull", 0xBF20FC00, 0x0E20C000), // SMULL, SMULL2
        ("smlal", 0xBF20FC00, 0x0E208000), // SMLAL, SMLAL2
        ("fmla", 0xBFA0FC00, 0x0E20CC00),  // FMLA (vector)
        ("fmla", 0xBF80F400, 0x0F801000),  // FMLA (by element)
    ];

    /// <summary>The instructions of a method.</summary>
    public static IReadOnlyList<Instruction> Decode(int address, byte[] code) =>
        [.. Enumerable.Range(0, code.Length / 4).Select(i => One(address + (4 * i), BinaryPrimitives.ReadUInt32LittleEndian(code.AsSpan(4 * i))))];

    private static Instruction One(int at, uint bits)
    {
        string name = Vector.FirstOrDefault(known => (bits & known.Mask) == known.Bits).Name ?? "";
        bool isCall = (bits & 0xFC000000) == 0x94000000 || (bits & 0xFFFFFC1F) == 0xD63F0000; // BL, BLR
        bool leaves = (bits & 0xFC000000) == 0x14000000 || (bits & 0xFFFFFC1F) is 0xD61F0000 or 0xD65F0000; // B; BR, RET
        return new Instruction(at, name, name.Length > 0 ? "v" : "", Target(at, bits), !leaves, isCall, IsSpill(bits));
    }

    private static int Target(int at, uint bits) =>
        (bits & 0xFC000000) == 0x14000000 ? at + (Signed(bits, 0, 26) * 4) // B
        : (bits & 0xFF000000) == 0x54000000 || (bits & 0x7E000000) == 0x34000000 ? at + (Signed(bits, 5, 19) * 4) // B.cond, CBZ, CBNZ
        : (bits & 0x7E000000) == 0x36000000 ? at + (Signed(bits, 5, 14) * 4) // TBZ, TBNZ
        : -1;

    /// <summary>Loads and stores of SIMD registers whose base is the stack or the frame pointer.</summary>
    private static bool IsSpill(uint bits)
    {
        uint register = (bits >> 5) & 31;
        bool isAccess = (bits & 0x3F000000) is 0x3D000000 or 0x3C000000 || (bits & 0x3E000000) == 0x2C000000; // LDR, STR; LDUR, STUR; LDP, STP
        return isAccess && register is 29 or 31;
    }

    private static int Signed(uint bits, int first, int count) => (int)(bits << (32 - first - count)) >> (32 - count);
}

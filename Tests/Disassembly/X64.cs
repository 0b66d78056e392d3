using System;
using System.Collections.Generic;
using System.Linq;
using Iced.Intel;

namespace KernelGen.Disassembly;

/// <summary>Decodes x64 code.</summary>
internal static class X64
{
    /// <summary>The instructions of a method.</summary>
    public static IReadOnlyList<Instruction> Decode(int address, byte[] code)
    {
        List<Instruction> result = [];
        Decoder decoder = Decoder.Create(64, code, (ulong)address);
        while (decoder.IP < (ulong)(address + code.Length))
        {
            Iced.Intel.Instruction i = decoder.Decode();
            string register = Enumerable.Range(0, i.OpCount).Select(operand => i.GetOpKind(operand) == OpKind.Register ? Width(i.GetOpRegister(operand)) : null).Max() ?? "";
            bool branches = i.FlowControl is FlowControl.ConditionalBranch or FlowControl.UnconditionalBranch && i.Op0Kind == OpKind.NearBranch64;
            result.Add(new Instruction(
                (int)i.IP,
                i.Mnemonic.ToString().ToLowerInvariant(),
                register,
                branches ? (int)i.NearBranchTarget : -1,
                i.FlowControl is not (FlowControl.UnconditionalBranch or FlowControl.IndirectBranch or FlowControl.Return or FlowControl.Interrupt or FlowControl.Exception),
                i.FlowControl is FlowControl.Call or FlowControl.IndirectCall,
                register.Length > 0 && i.MemoryBase.GetFullRegister() is Register.RSP or Register.RBP));
        }

        return result;
    }

    // Alphabetical order is the order of their widths.
    private static string? Width(Register register) => register.IsZMM() ? "zmm" : register.IsYMM() ? "ymm" : register.IsXMM() ? "xmm" : null;
}

namespace KernelGen.Disassembly;

/// <summary>What a check wants to know of a machine instruction.</summary>
/// <param name="Address">Where it stands.</param>
/// <param name="Mnemonic">Its name, or an empty text where it is none of those that are looked for.</param>
/// <param name="Register">The widest vector registers it works on ("xmm", "ymm", "zmm", "v"), or an empty text.</param>
/// <param name="Target">Where it branches to inside the method, or -1.</param>
/// <param name="FallsThrough">Whether the next instruction can follow.</param>
/// <param name="IsCall">Whether it calls.</param>
/// <param name="IsSpill">Whether it moves a vector register to or from the stack.</param>
internal readonly record struct Instruction(int Address, string Mnemonic, string Register, int Target, bool FallsThrough, bool IsCall, bool IsSpill);

namespace KernelGen.Checkpoints;

/// <summary>A layer of integers in groups, its packing undone: <c>w = s (q - z)</c>, or <c>w = s q + m</c> where there are minima.</summary>
/// <param name="Outputs">Rows O.</param>
/// <param name="Inputs">Row length I.</param>
/// <param name="Bits">Bits of a code.</param>
/// <param name="GroupSize">Inputs of a group, I at most; the last may have fewer.</param>
/// <param name="Order">The inputs in the order of their groups, where that is not their own.</param>
/// <param name="Scales">Scales [groups, O], f16 bits.</param>
/// <param name="Zeros">Zero points [groups, O]; empty where there are minima.</param>
/// <param name="Minima">Minima [groups, O], f16 bits; empty where there are zero points.</param>
/// <param name="Code">The code of an input and output.</param>
internal sealed record GroupedWeights(
    long Outputs, int Inputs, int Bits, int GroupSize, int[]? Order, ushort[] Scales, byte[] Zeros, ushort[] Minima, CodeReader Code);

/// <summary>Reads a code.</summary>
/// <param name="input">The input.</param>
/// <param name="output">The output.</param>
/// <returns>The code.</returns>
internal delegate uint CodeReader(long input, long output);

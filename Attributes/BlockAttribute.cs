using System;

namespace KernelGen;

/// <summary>
/// Declares a quantization format: the type it stands on becomes the format, and its block is the unit of storage. A row of K
/// inputs is stored as ceil(K / Inputs) consecutive blocks; inside a block the fields stand, byte by byte, in the order in
/// which the other attributes are written, with no padding, least significant bit first. A field starts at the byte after the
/// furthest bit placed so far, also where slices placed it.
/// </summary>
/// <param name="inputs">
/// Consecutive inputs of one row in a block (1 to 4096), or <see cref="Extent.Row"/>: the whole row is one block whose
/// parameters are side arrays.
/// </param>
[AttributeUsage(AttributeTargets.Struct, Inherited = false)]
public sealed class BlockAttribute(int inputs) : Attribute
{
    /// <summary>Consecutive inputs of one row in a block, or <see cref="Extent.Row"/>.</summary>
    public int Inputs { get; } = inputs;

    /// <summary>What becomes of a row whose length is no multiple of the block.</summary>
    public RaggedRows Ragged { get; set; } = RaggedRows.Pad;
}

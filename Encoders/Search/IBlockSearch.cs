using System;

namespace KernelGen.Encoders;

/// <summary>Searches some blocks of a row at a time. Keeps scratch memory: one per thread.</summary>
internal unsafe interface IBlockSearch : IDisposable
{
    /// <summary>Blocks that are searched together.</summary>
    int Blocks { get; }

    /// <summary>Encodes blocks.</summary>
    /// <param name="row">The row, finite.</param>
    /// <param name="inputs">Its length.</param>
    /// <param name="importance">Importance by input, zeros past the row's end up to whole <see cref="Blocks"/>; null where all inputs of these blocks are there and count alike.</param>
    /// <param name="firstBlock">The first block.</param>
    /// <param name="kernels">Packs blocks.</param>
    /// <param name="to">Gets the blocks.</param>
    /// <param name="count">Blocks to write, at most <see cref="Blocks"/>.</param>
    void Encode(float* row, long inputs, float* importance, long firstBlock, KernelSet kernels, byte* to, long count);
}

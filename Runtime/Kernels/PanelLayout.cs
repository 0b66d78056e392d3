namespace KernelGen;

/// <summary>
/// The packed layout of weights for a family of targets: panels of <see cref="Rows"/> rows (8, or 16 for 512-bit vectors)
/// interleaved so that a vector's lanes are rows. A panel is a header of <see cref="HeaderBytes"/> bytes (row parameters as f32) and then one packed block after another along K.
/// </summary>
/// <param name="Rows">Rows interleaved in a panel.</param>
/// <param name="BlockInputs">Inputs of a packed block: a multiple of the format's block.</param>
/// <param name="BlockBytes">Bytes of a packed block of all rows of the panel.</param>
/// <param name="HeaderBytes">Bytes before the first packed block.</param>
/// <param name="Int8TileBytes">Bytes a packed block takes in the decoded int8 tile.</param>
/// <param name="Int8ScaleBytes">Bytes of scales beside it.</param>
/// <param name="Arrangement">A hash of what the bytes of a panel mean beside the format: panels of equal hash are interchangeable.</param>
public sealed record PanelLayout(int Rows, int BlockInputs, int BlockBytes, int HeaderBytes, int Int8TileBytes, int Int8ScaleBytes, ulong Arrangement)
{
    /// <summary>Packed blocks along a row of <paramref name="inputs"/> weights.</summary>
    /// <param name="inputs">Row length K.</param>
    /// <returns>ceil(K / BlockInputs).</returns>
    public long Blocks(long inputs) => checked(inputs + BlockInputs - 1) / BlockInputs;

    /// <summary>Bytes of one panel for rows of <paramref name="inputs"/> weights, a multiple of 64.</summary>
    /// <param name="inputs">Row length K.</param>
    /// <returns>Bytes from one panel's start to the next's.</returns>
    public long PanelBytes(long inputs) => checked((HeaderBytes + (Blocks(inputs) * BlockBytes) + 63) / 64 * 64);
}

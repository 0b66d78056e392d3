namespace KernelGen;

/// <summary>What becomes of a row whose length is no multiple of the block. Bits per weight count the padding.</summary>
public enum RaggedRows
{
    /// <summary>The last block is stored whole; the encoder treats the missing inputs as absent and stores their codes as the code nearest zero.</summary>
    Pad,

    /// <summary>
    /// The last block stores only the bytes its codes need. Possible where the code planes are the block's only fields and
    /// run in input order; whole-row blocks always end this way.
    /// </summary>
    Short,

    /// <summary>Rows must be a multiple of the block; any other length is refused when the matrix is made.</summary>
    Reject,
}

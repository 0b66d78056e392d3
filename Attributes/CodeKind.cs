namespace KernelGen;

/// <summary>How the bits of a code are read as a number.</summary>
public enum CodeKind
{
    /// <summary>An unsigned integer 0 … 2^b - 1; an index where the format has a codebook.</summary>
    Unsigned,

    /// <summary>A two's complement integer -2^(b-1) … 2^(b-1) - 1.</summary>
    Signed,

    /// <summary>The high bit is the sign, the rest the magnitude; -0 decodes to 0.</summary>
    SignMagnitude,

    /// <summary>One bit: 1 means +1 and 0 means -1.</summary>
    Sign,

    /// <summary>One bit: 0 means +1 and 1 means -1.</summary>
    InvertedSign,

    /// <summary>Two bits: 0, 1, 2 mean -1, 0, +1. The code 3 is never written and decodes to +2.</summary>
    Trit,
}

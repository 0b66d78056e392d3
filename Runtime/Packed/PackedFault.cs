namespace KernelGen;

/// <summary>Why packed weights were rejected.</summary>
public enum PackedFault
{
    /// <summary>They do not begin as packed weights do.</summary>
    NotPacked,

    /// <summary>They were written in another byte order.</summary>
    ByteOrder,

    /// <summary>They were written in a version of the file format that this library does not read.</summary>
    Version,

    /// <summary>The header was changed after it was written.</summary>
    Header,

    /// <summary>They hold another format than the one asked for.</summary>
    Format,

    /// <summary>No kernels of the format in this program read such panels: another version of the generator made them.</summary>
    Layout,

    /// <summary>The panels are for another family of targets than the kernels chosen.</summary>
    Target,

    /// <summary>Sizes contradict the shape, the format or each other.</summary>
    Sizes,

    /// <summary>They end before their end.</summary>
    Truncated,

    /// <summary>The panels or side parameters were changed after they were written.</summary>
    Checksum,
}

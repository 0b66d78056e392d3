namespace KernelGen;

/// <summary>FNV-1a, the hash of <see cref="FormatDescriptor.LayoutHash"/>.</summary>
internal static class NodeHash
{
    /// <summary>The hash of nothing.</summary>
    public const ulong Empty = 14695981039346656037;

    /// <summary>Goes on with a text.</summary>
    /// <param name="before">The hash so far.</param>
    /// <param name="text">The text.</param>
    /// <returns>The hash.</returns>
    public static ulong Add(ulong before, string text)
    {
        foreach (char c in text)
        {
            before = unchecked((before ^ c) * 1099511628211);
        }

        return before;
    }
}

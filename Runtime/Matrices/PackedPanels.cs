namespace KernelGen;

/// <summary>
/// The packed panels of a matrix and the kernels that packed them, whose layout they have. They are the matrix's own memory or
/// lie in memory that the matrix's owner keeps as long as the matrix is in use.
/// </summary>
/// <param name="kernels">The kernels.</param>
/// <param name="panels">The panels, one after another.</param>
/// <param name="memory">The memory they are in, or null where the matrix's owner keeps it.</param>
internal sealed unsafe class PackedPanels(KernelSet kernels, byte* panels, NativeBuffer? memory)
{
    /// <summary>The kernels that packed, and pack a panel anew when its rows change.</summary>
    public KernelSet Kernels { get; } = kernels;

    /// <summary>The panels, one after another.</summary>
    public byte* Pointer { get; } = panels;

    /// <summary>How the panels are laid out.</summary>
    public PanelLayout Layout => Kernels.Panel;

    /// <summary>Keeps the memory until <see cref="Release"/>.</summary>
    /// <exception cref="System.ObjectDisposedException">It was freed.</exception>
    public void Hold() => memory?.Hold();

    /// <summary>Ends a <see cref="Hold"/>.</summary>
    public void Release() => memory?.Release();

    /// <summary>Frees the memory, at once or when those who hold it release it.</summary>
    public void Dispose() => memory?.Dispose();
}

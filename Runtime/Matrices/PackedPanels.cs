namespace KernelGen;

/// <summary>The packed panels of a matrix and the kernels that packed them, whose layout they have.</summary>
/// <param name="kernels">The kernels.</param>
/// <param name="memory">The panels, one after another.</param>
internal sealed class PackedPanels(KernelSet kernels, NativeBuffer memory)
{
    /// <summary>The kernels that packed, and pack a panel anew when its rows change.</summary>
    public KernelSet Kernels { get; } = kernels;

    /// <summary>The panels, one after another.</summary>
    public NativeBuffer Memory { get; } = memory;

    /// <summary>How the panels are laid out.</summary>
    public PanelLayout Layout => Kernels.Panel;
}

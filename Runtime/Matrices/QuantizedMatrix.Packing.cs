using System;
using System.Threading;

namespace KernelGen;

public unsafe partial class QuantizedMatrix
{
    private NativeBuffer? _panels;

    /// <summary>Whether the matrix is packed.</summary>
    public bool IsPacked => Volatile.Read(ref _panels) is not null;

    /// <summary>Bytes <see cref="Pack"/> takes beside the stored rows.</summary>
    public long PackedByteCount => checked(PanelCount * Format.Panel.PanelBytes(Inputs));

    private long PanelCount => (Outputs + Format.Panel.Rows - 1) / Format.Panel.Rows;

    /// <summary>
    /// Keeps the weights a second time, rows interleaved in panels, which products read faster. Does nothing where the matrix is
    /// packed already. The panels are the same for every target.
    /// </summary>
    /// <param name="target">The kernels that pack, or null to let <see cref="TargetSelection"/> choose.</param>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    /// <remarks>Products before and after packing may differ within the error bound: a layout has its own order of sums.</remarks>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    /// <exception cref="OutOfMemoryException">The system has no memory for the panels.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public void Pack(KernelTarget? target = null, int threads = 0)
    {
        Enter();
        try
        {
            KernelSet kernels = TargetSelection.Select(Format, target);
            if (IsPacked)
            {
                return;
            }

            NativeBuffer panels = new(PackedByteCount);
            PackWork work = new() { Product = Weights(kernels), Panels = panels.Pointer, PanelBytes = Format.Panel.PanelBytes(Inputs) };
            WorkerPool.Shared.Run(work, PanelCount, threads);
            if (Interlocked.CompareExchange(ref _panels, panels, null) is not null)
            {
                panels.Dispose();
            }
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Drops the packed panels, at once or when the products that read them have ended. The stored rows stay.</summary>
    public void Unpack() => Interlocked.Exchange(ref _panels, null)?.Dispose();

    /// <summary>The panels, held until released, or null where the matrix is not packed.</summary>
    private NativeBuffer? HoldPanels()
    {
        while (Volatile.Read(ref _panels) is { } panels)
        {
            try
            {
                panels.Hold();
                return panels;
            }
            catch (ObjectDisposedException)
            {
                // Unpacked between the two lines above; look again.
            }
        }

        return null;
    }

    private void RepackPanel(long panel)
    {
        if (HoldPanels() is { } panels)
        {
            Weights(TargetSelection.Select(Format)).PackPanel(panel, panels.Pointer + (panel * Format.Panel.PanelBytes(Inputs)));
            panels.Release();
        }
    }

    /// <summary>A product with the weights filled in and nothing else.</summary>
    private ProductContext Weights(KernelSet kernels) => new()
    {
        Format = Format,
        Kernels = kernels,
        Blocks = _blocks,
        RowBytes = RowByteCount,
        RowSides = _rowSides,
        TensorSide = _tensorSide,
        Outputs = Outputs,
        Inputs = Inputs,
    };

    /// <summary>An item is a panel.</summary>
    private struct PackWork : IRangeWork
    {
        public ProductContext Product;
        public byte* Panels;
        public long PanelBytes;

        public readonly void Run(long first, long end, int participant)
        {
            for (long panel = first; panel < end; panel++)
            {
                Product.PackPanel(panel, Panels + (panel * PanelBytes));
            }
        }
    }
}

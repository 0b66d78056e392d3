using System;
using System.Threading;

namespace KernelGen;

public unsafe partial class QuantizedMatrix
{
    private PackedPanels? _panels;

    /// <summary>Whether the matrix is packed.</summary>
    public bool IsPacked => Volatile.Read(ref _panels) is not null;

    /// <summary>The layout of the packed panels, or null where the matrix is not packed.</summary>
    public PanelLayout? PackedLayout => Volatile.Read(ref _panels)?.Layout;

    /// <summary>
    /// Bytes the panels take beside the stored rows: those there are, or, where the matrix is not packed, those that
    /// <see cref="Pack"/> would make.
    /// </summary>
    /// <exception cref="KernelTargetException">The matrix is not packed, and the environment names a target that cannot run here.</exception>
    public long PackedByteCount => PackedBytes(PackedLayout ?? TargetSelection.Select(Format).Panel);

    /// <summary>
    /// Keeps the weights a second time, rows interleaved in panels, which products read faster. Does nothing where the matrix is
    /// packed already in the layout of the target; panels in another layout are replaced.
    /// </summary>
    /// <param name="target">The kernels that pack, or null to let <see cref="TargetSelection"/> choose.</param>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    /// <remarks>
    /// <para>
    /// Panels have 16 rows for targets with 512-bit vectors and 8 for all others, four times as many where GEMV looks sums up (<see cref="KernelSet.Panel"/>). A product by kernels
    /// of another layout does not read them: it computes as if the matrix were not packed.
    /// </para>
    /// <para>Products before and after packing may differ within the error bound: a layout has its own order of sums.</para>
    /// </remarks>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    /// <exception cref="StoredRowsMissingException">The matrix was opened from packed weights of another layout.</exception>
    /// <exception cref="OutOfMemoryException">The system has no memory for the panels.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public void Pack(KernelTarget? target = null, int threads = 0)
    {
        Enter();
        try
        {
            KernelSet kernels = TargetSelection.Select(Format, target);
            PackedPanels? before = Volatile.Read(ref _panels);
            if (before?.Layout == kernels.Panel)
            {
                return;
            }

            if (!_hasRows)
            {
                throw RowsMissing($"Packing for {kernels.Target}");
            }

            NativeBuffer panels = new(PackedBytes(kernels.Panel));
            PackWork work = new() { Product = Weights(kernels), Panels = panels.Pointer, PanelBytes = kernels.Panel.PanelBytes(Inputs) };
            WorkerPool.Shared.Run(work, PanelCount(kernels.Panel), threads);

            // Another thread may have packed, unpacked or packed otherwise meanwhile: its result stands.
            bool kept = ReferenceEquals(Interlocked.CompareExchange(ref _panels, new PackedPanels(kernels, panels.Pointer, panels), before), before);
            if (kept)
            {
                before?.Dispose();
            }
            else
            {
                panels.Dispose();
            }
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>
    /// Packs where panels take at most <paramref name="growth"/> times the bytes of the stored weights, side arrays counted. Panels may hold codes that are
    /// wider than the stored ones where reading those is faster (the bytes of vectors, not their indices, say): so re-coding is refused.
    /// Not packed, products read the stored rows.
    /// </summary>
    /// <param name="growth">The most that panels may take, as a multiple of <see cref="ByteCount"/>; 1.1 refuses every re-coding to wider codes.</param>
    /// <param name="target">The kernels that pack, or null to let <see cref="TargetSelection"/> choose.</param>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    /// <returns>Whether panels in the layout of the target are kept now.</returns>
    /// <remarks>The panels are rounded up to whole panels and packed blocks: few or short rows may exceed a bound that long ones do not.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="growth"/> is negative or no number.</exception>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    /// <exception cref="StoredRowsMissingException">The matrix was opened from packed weights of another layout.</exception>
    /// <exception cref="OutOfMemoryException">The system has no memory for the panels.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public bool PackWithin(double growth, KernelTarget? target = null, int threads = 0)
    {
        if (!(growth >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(growth), growth, "The growth of packed weights is a multiple of the stored bytes: 0 or more.");
        }

        PanelLayout layout = TargetSelection.Select(Format, target).Panel;
        if (PackedLayout != layout && PackedBytes(layout) > growth * ByteCount)
        {
            return false;
        }

        Pack(target, threads);
        return true;
    }

    /// <summary>Drops the packed panels, at once or when the products that read them have ended. The stored rows stay.</summary>
    /// <exception cref="StoredRowsMissingException">The matrix has nothing but its panels.</exception>
    public void Unpack()
    {
        if (!_hasRows)
        {
            throw RowsMissing("Dropping the panels");
        }

        DropPanels();
    }

    private void DropPanels() => Interlocked.Exchange(ref _panels, null)?.Dispose();

    /// <summary>The panels, held until released, or null where the matrix is not packed.</summary>
    private PackedPanels? HoldPanels()
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
                // Unpacked or replaced between the two lines above; look again.
            }
        }

        return null;
    }

    /// <summary>Packs the panel of a row anew, where the matrix is packed.</summary>
    private void RepackPanelOf(long row)
    {
        if (HoldPanels() is { } panels)
        {
            long panel = row / panels.Layout.Rows;
            Weights(panels.Kernels).PackPanel(panel, panels.Pointer + (panel * panels.Layout.PanelBytes(Inputs)));
            panels.Release();
        }
    }

    private long PanelCount(PanelLayout layout) => (Outputs + layout.Rows - 1) / layout.Rows;

    private long PackedBytes(PanelLayout layout) => checked(PanelCount(layout) * layout.PanelBytes(Inputs));

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

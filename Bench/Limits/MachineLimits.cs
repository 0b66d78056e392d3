using System;
using System.Collections.Generic;

namespace KernelGen.Bench.Limits;

/// <summary>All limits at one thread count, over one shared buffer.</summary>
/// <example><code>
/// using NativeBuffer memory = new(MachineLimits.MemoryBytes);
/// using MachineLimits limits = new(threads: 2, memory);
/// PairedRatio ratio = PairedRatio.Measure(limits.Dram, MeasureKernelOnce, rounds: 15);
/// </code></example>
public sealed class MachineLimits : IDisposable
{
    /// <summary>Bytes that <see cref="Dram"/> reads, all threads together: 1 GiB, more than any cache holds.</summary>
    public const long MemoryBytes = 1L << 30;

    private const long L2Traffic = 2L << 30;
    private const long L3Traffic = 1L << 30;

    /// <summary>Creates the limits and the threads that measure them.</summary>
    /// <param name="threads">The number of threads.</param>
    /// <param name="memory">What the read limits share, <see cref="MemoryBytes"/> long; it may serve several objects and is not disposed here.</param>
    public MachineLimits(int threads, NativeBuffer memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        Team = new ThreadTeam(threads);
        long share = memory.Length / threads;
        Dram = new ReadLimit("DRAM read", Team, memory, share, passes: 1);

        long l2 = Math.Min(CacheSizes.L2 / 2, share);
        long l3 = Math.Min(Math.Max(CacheSizes.L3 / 2 / threads, CacheSizes.L2), share);
        L2 = new ReadLimit("L2 read", Team, memory, l2, (int)Math.Max(1, L2Traffic / l2));
        L3 = new ReadLimit("L3 read", Team, memory, l3, (int)Math.Max(4, L3Traffic / l3));

        Float32 = new Float32PeakLimit(Team, wide: false);
        Float32Wide = new Float32PeakLimit(Team, wide: true);
        Int8Deep8 = new Int8PeakLimit(Team, 8);
        Int8Deep4 = new Int8PeakLimit(Team, 4);
        Int8Deep2 = new Int8PeakLimit(Team, 2);
        Int8Deep1 = new Int8PeakLimit(Team, 1);
    }

    /// <summary>The threads; a caller may time its kernels on the same ones.</summary>
    public ThreadTeam Team { get; }

    /// <summary>Reading the memory once, each thread its own part.</summary>
    public ReadLimit Dram { get; }

    /// <summary>Reading half of the level-2 cache again and again, each thread its own.</summary>
    public ReadLimit L2 { get; }

    /// <summary>Reading half of the level-3 cache again and again, each thread its own part.</summary>
    public ReadLimit L3 { get; }

    /// <summary>Fused multiply-add in f32.</summary>
    public Float32PeakLimit Float32 { get; }

    /// <summary>The same in vectors of 512 bits, where the machine has them.</summary>
    public Float32PeakLimit Float32Wide { get; }

    /// <summary>8-bit products, eight of them summed in int16.</summary>
    public Int8PeakLimit Int8Deep8 { get; }

    /// <summary>8-bit products, four of them summed in int16.</summary>
    public Int8PeakLimit Int8Deep4 { get; }

    /// <summary>8-bit products, two of them summed in int16.</summary>
    public Int8PeakLimit Int8Deep2 { get; }

    /// <summary>8-bit products, each one widened.</summary>
    public Int8PeakLimit Int8Deep1 { get; }

    /// <summary>All of them.</summary>
    public IReadOnlyList<MachineLimit> All => [Dram, L3, L2, Float32, Float32Wide, Int8Deep8, Int8Deep4, Int8Deep2, Int8Deep1];

    /// <summary>Ends the threads.</summary>
    public void Dispose() => Team.Dispose();
}

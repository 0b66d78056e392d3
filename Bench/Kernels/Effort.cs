using System;
using KernelGen.Bench.Limits;

namespace KernelGen.Bench.Kernels;

/// <summary>How much work a figure is made of. The values given here make figures to quote; tests of the program itself take less.</summary>
internal sealed record Effort
{
    /// <summary>Bytes that the limit of memory bandwidth reads.</summary>
    public long MemoryBytes { get; init; } = MachineLimits.MemoryBytes;

    /// <summary>Declared bytes of distinct weights that GEMV walks round, at least.</summary>
    public long RingBytes { get; init; } = 512L << 20;

    /// <summary>The shortest time of one measurement of a kernel.</summary>
    public TimeSpan Sample { get; init; } = TimeSpan.FromMilliseconds(40);

    /// <summary>The time in which a kernel reaches its last tier.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The time one peer may take beside one kernel.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2.5);

    /// <summary>Measurements of a limit of which the best is reported.</summary>
    public int LimitRuns { get; init; } = 3;
}

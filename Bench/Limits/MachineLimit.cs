namespace KernelGen.Bench.Limits;

/// <summary>Something that the machine cannot do faster: a bandwidth or a peak, measured at one thread count.</summary>
/// <remarks>
/// A limit is measured again and again, in turn with the kernel that is held against it, because both move with the machine's
/// load: <see cref="PairedRatio"/> does so. The loops are compiled in full before their first run, so that no tier is measured.
/// </remarks>
public abstract class MachineLimit
{
    private readonly ThreadTeam _team;

    private protected MachineLimit(string name, string unit, ThreadTeam team)
    {
        Name = name;
        Unit = unit;
        _team = team;
    }

    /// <summary>What is measured, for instance <c>DRAM read</c>.</summary>
    public string Name { get; }

    /// <summary>The unit of <see cref="MeasureOnce"/>: <c>GB/s</c>, or <c>GFLOP/s</c> (a multiplication and an addition count two).</summary>
    public string Unit { get; }

    /// <summary>The number of threads that work at once.</summary>
    public int Threads => _team.Count;

    /// <summary>Whether this machine has the instructions; without them <see cref="MeasureOnce"/> is not a number.</summary>
    public virtual bool IsSupported => true;

    /// <summary>The bytes or operations of one measurement, all threads together.</summary>
    private protected abstract double Work { get; }

    /// <summary>Measures once, in some tens of milliseconds.</summary>
    /// <returns>The rate in <see cref="Unit"/>, all threads together.</returns>
    public double MeasureOnce() => IsSupported ? Work / _team.Time(Run) * 1e-9 : double.NaN;

    /// <inheritdoc/>
    public override string ToString() => $"{Name}, {Threads} threads";

    /// <summary>One thread's share of the work.</summary>
    private protected abstract void Run(int thread);
}

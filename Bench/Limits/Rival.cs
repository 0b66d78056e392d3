using System;
using System.Diagnostics;
using System.Threading;

namespace KernelGen.Bench.Limits;

/// <summary>Another implementation of a kernel's work, measured in turn with it.</summary>
/// <param name="name">Its name.</param>
/// <param name="measure">Measures it once and returns its rate in the kernel's unit.</param>
/// <param name="patience">The time after which it is measured no more: a rival a hundred times slower is known well enough by then.</param>
public sealed class Rival(string name, Func<double> measure, TimeSpan patience)
{
    // Threads that wait for work spin for some milliseconds before they sleep; another library's may do so on a processor that is needed.
    private const int Rest = 10;

    private TimeSpan _spent;

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>The kernel's rates over this one's.</summary>
    public PairedRatio Pairs { get; } = new();

    /// <summary>Measures once, for nothing.</summary>
    public void WarmUp() => Timed();

    /// <summary>Measures once, beside a rate of the kernel that was measured just before.</summary>
    /// <param name="kernel">The kernel's rate.</param>
    public void MeasureBeside(double kernel)
    {
        if (_spent < patience || Pairs.Count == 0)
        {
            Pairs.Add(kernel, Timed());
        }
    }

    private double Timed()
    {
        Thread.Sleep(Rest);
        long start = Stopwatch.GetTimestamp();
        double rate = measure();
        _spent += Stopwatch.GetElapsedTime(start);
        Thread.Sleep(Rest);
        return rate;
    }
}

using System;
using System.Diagnostics;
using System.Threading;

namespace KernelGen.Bench.Limits;

/// <summary>Threads that start together and are timed from the common start to the last one's end.</summary>
public sealed class ThreadTeam : IDisposable
{
    private readonly SemaphoreSlim[] _wake;
    private readonly long[] _started;
    private readonly long[] _ended;
    private Action<int>? _work;
    private Exception? _failure;
    private int _arrived;
    private int _finished;

    /// <summary>Starts the team; the caller of <see cref="Time"/> is its first member.</summary>
    /// <param name="count">The number of threads, the caller included.</param>
    public ThreadTeam(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Count = count;
        _started = new long[count];
        _ended = new long[count];
        _wake = new SemaphoreSlim[count - 1];
        for (int i = 0; i < _wake.Length; i++)
        {
            int member = i + 1;
            _wake[i] = new SemaphoreSlim(0);
            new Thread(() => Serve(member)) { IsBackground = true, Name = $"limits {member}" }.Start();
        }
    }

    /// <summary>The number of threads.</summary>
    public int Count { get; }

    /// <summary>Runs <paramref name="work"/> once on each thread.</summary>
    /// <param name="work">Receives the number of the thread, from 0.</param>
    /// <returns>Seconds from the common start to the last end.</returns>
    public double Time(Action<int> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        _work = work;
        _failure = null;
        _arrived = 0;
        _finished = 0;
        foreach (SemaphoreSlim wake in _wake)
        {
            wake.Release();
        }

        RunOne(0, work);
        Await(ref _finished);
        if (_failure is not null)
        {
            throw new InvalidOperationException("A measured thread failed.", _failure);
        }

        long first = long.MaxValue;
        long last = long.MinValue;
        for (int i = 0; i < Count; i++)
        {
            first = Math.Min(first, _started[i]);
            last = Math.Max(last, _ended[i]);
        }

        return Stopwatch.GetElapsedTime(first, last).TotalSeconds;
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        _work = null;
        foreach (SemaphoreSlim wake in _wake)
        {
            wake.Release();
        }
    }

    private void Serve(int member)
    {
        while (true)
        {
            _wake[member - 1].Wait();
            if (_work is not { } work)
            {
                _wake[member - 1].Dispose();
                return;
            }

            RunOne(member, work);
        }
    }

    private void RunOne(int member, Action<int> work)
    {
        Interlocked.Increment(ref _arrived);
        Await(ref _arrived);
        _started[member] = Stopwatch.GetTimestamp();
        try
        {
            work(member);
        }
#pragma warning disable CA1031 // Whatever it was, the caller of Time gets it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure = e;
        }

        _ended[member] = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _finished);
    }

    private void Await(ref int counter)
    {
        SpinWait spin = default;
        while (Volatile.Read(ref counter) < Count)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }
}

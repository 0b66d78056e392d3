using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;

namespace KernelGen.Bench.Threads;

/// <summary>Times of one kind of run.</summary>
/// <param name="Name">What was run.</param>
/// <param name="Threads">Threads, the caller included.</param>
/// <param name="Best">The shortest time, in microseconds.</param>
/// <param name="Median">The median.</param>
/// <param name="NinthDecile">The time that nine of ten runs stay below.</param>
internal sealed record PoolFigure(string Name, int Threads, double Best, double Median, double NinthDecile);

/// <summary>
/// Times runs of a <see cref="WorkerPool"/> that do nothing, so that only fork and join are left: <c>empty</c>, where the caller
/// may be done before another thread has come; <c>meet</c>, where every thread waits until all of them have come, so that the
/// time is that of the last one; and <c>meet-asleep</c>, the same after the threads have gone to sleep.
/// </summary>
internal static unsafe class ForkJoin
{
    // Longer than a pool's threads stay awake.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(0.3);

    public static IEnumerable<PoolFigure> Measure(int threads, int rounds)
    {
        using WorkerPool pool = new(threads);
        yield return Time("empty", pool, rounds, default, meet: false);
        yield return Time("meet", pool, rounds, default, meet: true);
        yield return Time("meet-asleep", pool, Math.Max(1, rounds / 4), Rest, meet: true);
    }

    private static PoolFigure Time(string name, WorkerPool pool, int rounds, TimeSpan rest, bool meet)
    {
        int threads = pool.Participants;
        double[] times = new double[rounds];
        int arrived = 0;
        Meeting work = new() { Arrived = &arrived, Expected = meet ? threads : 0 };
        for (int i = -(rounds / 4); i < rounds; i++)
        {
            arrived = 0;
            for (long before = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(before) < rest;)
            {
                Thread.SpinWait(4);
            }

            long start = Stopwatch.GetTimestamp();
            pool.Run(work, threads);
            if (i >= 0)
            {
                times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }
        }

        Array.Sort(times);
        return new PoolFigure(name, threads, times[0], times[rounds / 2], times[rounds * 9 / 10]);
    }

    /// <summary>An item is a thread's arrival.</summary>
    private struct Meeting : IRangeWork
    {
        public int* Arrived;
        public int Expected;

        public readonly void Run(long first, long end, int participant)
        {
            Interlocked.Increment(ref *Arrived);
            while (Volatile.Read(ref *Arrived) < Expected)
            {
                Thread.SpinWait(1);
            }
        }
    }
}

using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace KernelGen;

/// <summary>
/// Fork and join in a few microseconds: persistent background threads that spin for about 50 µs after their last work and then
/// sleep, and the caller, who takes part. A run allocates nothing.
/// </summary>
/// <remarks>
/// <para>
/// One run has the pool at a time. A caller who finds it taken (another thread's run, or a nested call from inside a run)
/// does its work alone on its own thread, at once: threads are never oversubscribed and nobody waits for a turn.
/// </para>
/// <para>
/// The items are cut into contiguous, balanced ranges, a few per thread, which are taken in order. A thread that wakes late
/// finds nothing left and holds nobody up.
/// </para>
/// </remarks>
public sealed unsafe class WorkerPool : IDisposable
{
    private const int RangesPerThread = 4;
    private const int SpinMicroseconds = 50;

    private static readonly long SpinTicks = Math.Max(1, Stopwatch.Frequency * SpinMicroseconds / 1_000_000);

    private readonly Worker[] _workers;

    // Set while a run owns the pool.
    private int _taken;

    // Bits 63..32: run number; 31..16: threads that may still join; 15..0: threads that joined and have not left.
    private PaddedLong _state;

    // The next range to take.
    private PaddedLong _next;

    // The run's work: written before _state opens it, read only between joining and leaving.
    private delegate*<void*, long, long, int, void> _body;
    private void* _work;
    private long _items;
    private long _ranges;
    private int _maxJoins;
    private Exception? _failure;
    private bool _stop;

    /// <summary>Makes a pool. Its threads start with the first run that can use them.</summary>
    /// <param name="participants">Threads that take part in a run, the caller included: 1 to 32767.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="participants"/> is out of range.</exception>
    public WorkerPool(int participants)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(participants, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(participants, short.MaxValue);
        _workers = new Worker[participants - 1];
    }

    /// <summary>The pool products use: one participant per processor the process may use, made on first use, never disposed.</summary>
    public static WorkerPool Shared => SharedPool.Instance;

    /// <summary>Threads that take part in a run at most, the caller included.</summary>
    public int Participants => _workers.Length + 1;

    /// <summary>How many threads a run takes at most when <paramref name="threads"/> are asked for.</summary>
    /// <param name="threads">Threads wanted, the caller included; 0 for all.</param>
    /// <returns>1 to <see cref="Participants"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is negative.</exception>
    public int Limit(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        return threads == 0 ? Participants : Math.Min(threads, Participants);
    }

    /// <summary>Does work on several threads and returns when all of it is done.</summary>
    /// <typeparam name="TWork">The kind of work.</typeparam>
    /// <param name="work">The work. It is copied; what it writes it writes through pointers or references it holds.</param>
    /// <param name="items">Items to do; 0 or fewer is no work.</param>
    /// <param name="threads">Most threads to use, the caller included; 0 for all.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is negative.</exception>
    /// <remarks>
    /// The first exception thrown by <see cref="IRangeWork.Run"/> on any thread is thrown here once all threads have left; ranges
    /// not yet begun are then skipped. On a disposed pool the caller does all the work.
    /// </remarks>
    public void Run<TWork>(TWork work, long items, int threads = 0)
        where TWork : struct, IRangeWork
    {
        int participants = (int)Math.Min(Limit(threads), items);
        if (participants <= 1 || _stop || Interlocked.CompareExchange(ref _taken, 1, 0) != 0)
        {
            if (items > 0)
            {
                work.Run(0, items, 0);
            }

            return;
        }

        // The copy lives in this frame until all threads have left, so its address is good for them, and references in it are
        // kept up to date by the garbage collector.
        TWork local = work;
        Fork(&Invoke<TWork>, Unsafe.AsPointer(ref local), items, participants);
    }

    /// <summary>Ends the pool's threads once they are idle. Runs on a disposed pool are done by their caller.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _stop, true);
        foreach (Worker worker in _workers)
        {
            worker?.Wake.Set();
        }
    }

    private static void Invoke<TWork>(void* work, long first, long end, int participant)
        where TWork : struct, IRangeWork => Unsafe.AsRef<TWork>(work).Run(first, end, participant);

    private void Fork(delegate*<void*, long, long, int, void> body, void* work, long items, int participants)
    {
        Exception? failure;
        try
        {
            StartWorkers();
            _body = body;
            _work = work;
            _items = items;
            _ranges = Math.Min(items, (long)participants * RangesPerThread);
            _maxJoins = participants - 1;
            Volatile.Write(ref _next.Value, 0);

            long run = (Volatile.Read(ref _state.Value) >> 32) + 1;
            Interlocked.Exchange(ref _state.Value, (run << 32) | ((long)(participants - 1) << 16));
            WakeWorkers(1);

            TakeRanges(0);
            Close();
            WaitUntilLeft();
            failure = _failure;
        }
        finally
        {
            _body = null;
            _work = null;
            _failure = null;
            Volatile.Write(ref _taken, 0);
        }

        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private void StartWorkers()
    {
        if (_workers.Length == 0 || _workers[^1] is not null)
        {
            return;
        }

        for (int i = 0; i < _workers.Length; i++)
        {
            if (_workers[i] is null)
            {
                Worker worker = new();
                Thread thread = new(() => Loop(worker)) { IsBackground = true, Name = $"KernelGen worker {i + 1}" };
                thread.Start();
                _workers[i] = worker;
            }
        }
    }

    /// <summary>
    /// Wakes up to so many sleepers if the run still wants them; those wake others. Waking one takes the waker 20 µs on some
    /// machines, so no thread wakes all.
    /// </summary>
    private void WakeWorkers(int most)
    {
        long state = Volatile.Read(ref _state.Value);
        int wanted = (int)((state >> 16) & 0xFFFF);
        if (wanted == 0)
        {
            return;
        }

        // Those awake see the new state by themselves.
        int asleep = 0;
        foreach (Worker worker in _workers)
        {
            asleep += Volatile.Read(ref worker.Asleep);
        }

        int coming = _workers.Length - asleep - (int)(state & 0xFFFF);
        int wake = Math.Min(most, Math.Min(asleep, wanted - coming));
        for (int i = 0; wake > 0 && i < _workers.Length; i++)
        {
            if (Volatile.Read(ref _workers[i].Asleep) != 0 && Interlocked.Exchange(ref _workers[i].Asleep, 0) != 0)
            {
                _workers[i].Wake.Set();
                wake--;
            }
        }
    }

    /// <summary>Takes ranges until none is left. Never throws.</summary>
    private void TakeRanges(int participant)
    {
        try
        {
            long ranges = _ranges;
            long items = _items;
            long length = items / ranges;
            long longer = items % ranges;
            while (true)
            {
                long range = Interlocked.Increment(ref _next.Value) - 1;
                if (range >= ranges)
                {
                    return;
                }

                long first = (range * length) + Math.Min(range, longer);
                long end = first + length + (range < longer ? 1 : 0);
                _body(_work, first, end, participant);
            }
        }
        catch (Exception exception)
        {
            // Thrown again at the caller. Ranges not yet begun are skipped.
            Interlocked.CompareExchange(ref _failure, exception, null);
            Interlocked.Exchange(ref _next.Value, long.MaxValue / 2);
        }
    }

    /// <summary>Lets nobody join any more.</summary>
    private void Close() => Interlocked.And(ref _state.Value, ~0xFFFF_0000L);

    private void WaitUntilLeft()
    {
        long start = Stopwatch.GetTimestamp();
        while ((Volatile.Read(ref _state.Value) & 0xFFFF) != 0)
        {
            // A thread that is still at work is nearly done, unless it lost its processor.
            if (Stopwatch.GetTimestamp() - start < SpinTicks)
            {
                Thread.SpinWait(4);
            }
            else
            {
                // Not Sleep: an interrupt must not end the wait while others still use this frame.
                Thread.Yield();
            }
        }
    }

    private void Loop(Worker self)
    {
        long seen = 0;
        while (!Volatile.Read(ref _stop))
        {
            long state = WaitForRun(self, seen);
            seen = state >> 32;
            if (TryJoin(ref state))
            {
                WakeWorkers(2);
                TakeRanges(_maxJoins - (int)((state >> 16) & 0xFFFF));
                Interlocked.Decrement(ref _state.Value);
            }
        }
    }

    /// <summary>The state of a run after <paramref name="seen"/>, waited for awake at first and then asleep.</summary>
    private long WaitForRun(Worker self, long seen)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            long state = Volatile.Read(ref _state.Value);
            if (state >> 32 != seen || Volatile.Read(ref _stop))
            {
                return state;
            }

            if (Stopwatch.GetTimestamp() - start < SpinTicks)
            {
                Thread.SpinWait(4);
                continue;
            }

            // Say that this thread sleeps, then look again: a run that began before it was said is seen here, one that
            // begins after wakes it.
            Interlocked.Exchange(ref self.Asleep, 1);
            state = Volatile.Read(ref _state.Value);
            if (state >> 32 != seen || Volatile.Read(ref _stop))
            {
                Interlocked.Exchange(ref self.Asleep, 0);
                return state;
            }

            self.Wake.WaitOne();
            Interlocked.Exchange(ref self.Asleep, 0);
            start = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Joins the run of <paramref name="state"/> if it still takes threads; the state becomes that after joining.</summary>
    private bool TryJoin(ref long state)
    {
        long run = state >> 32;
        while (state >> 32 == run && ((state >> 16) & 0xFFFF) != 0)
        {
            long joined = state - (1L << 16) + 1;
            long before = Interlocked.CompareExchange(ref _state.Value, joined, state);
            if (before == state)
            {
                state = joined;
                return true;
            }

            state = before;
        }

        return false;
    }

    private static class SharedPool
    {
        public static readonly WorkerPool Instance = new(Math.Clamp(Environment.ProcessorCount, 1, short.MaxValue));
    }

    private sealed class Worker
    {
        public readonly AutoResetEvent Wake = new(false);
        public int Asleep;
    }
}

using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace KernelGen.Tests.Runtime;

public sealed unsafe class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void EveryItemIsDoneOnceAndParticipantsAreDistinct(int participants)
    {
        using WorkerPool pool = new(participants);
        for (int items = 0; items < 70; items++)
        {
            for (int threads = 0; threads <= participants + 1; threads++)
            {
                int[] done = new int[items];
                int[] busy = new int[participants];
                pool.Run(new Count { Done = done, Busy = busy }, items, threads);
                Assert.All(done, d => Assert.Equal(1, d));
            }
        }
    }

    [Fact]
    public void ParticipantsStayBelowTheThreadsAskedFor()
    {
        using WorkerPool pool = new(4);
        for (int i = 0; i < 200; i++)
        {
            pool.Run(new Count { Done = new int[40], Busy = new int[2] }, 40, 2);
        }
    }

    [Fact]
    public void ThreadsReallyTakePart()
    {
        using WorkerPool pool = new(3);
        int[] threads = new int[3];
        for (int i = 0; i < 50; i++)
        {
            pool.Run(new Record { Threads = threads }, 3, 3);
        }

        HashSet<int> distinct = [.. threads];
        Assert.Equal(3, distinct.Count);
    }

    [Fact]
    public void SleepersWake()
    {
        using WorkerPool pool = new(3);
        for (int i = 0; i < 20; i++)
        {
            int[] done = new int[9];
            pool.Run(new Count { Done = done, Busy = new int[3], Milliseconds = 1 }, 9, 3);
            Assert.All(done, d => Assert.Equal(1, d));
            Thread.Sleep(i % 4);
        }
    }

    [Fact]
    public void CallersAtOnceEachGetTheirWorkDone()
    {
        using WorkerPool pool = new(3);
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            for (int i = 0; i < 500; i++)
            {
                int[] done = new int[1 + (i % 50)];
                pool.Run(new Count { Done = done, Busy = new int[3] }, done.Length);
                Assert.All(done, d => Assert.Equal(1, d));
            }
        });
    }

    [Fact]
    public void ACallerWhoFindsThePoolTakenWorksAlone()
    {
        using WorkerPool pool = new(3);
        using ManualResetEventSlim begun = new();
        using ManualResetEventSlim finish = new();
        Thread other = new(() => pool.Run(new Hold { Begun = begun, Finish = finish }, 3));
        other.Start();
        begun.Wait();
        List<(long First, long End, int Participant, int Thread)> calls = [];
        pool.Run(new Log { Calls = calls }, 50);
        finish.Set();
        other.Join();
        Assert.Equal([(0, 50, 0, Environment.CurrentManagedThreadId)], calls);
    }

    [Fact]
    public void NestedRunsAreDoneInline()
    {
        using WorkerPool pool = new(3);
        int[] done = new int[100];
        pool.Run(new Nested { Pool = pool, Done = done }, 10);
        Assert.All(done, d => Assert.Equal(1, d));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(57)]
    [InlineData(99)]
    public void ExceptionsReachTheCallerAndThePoolGoesOn(int bad)
    {
        using WorkerPool pool = new(3);
        for (int i = 0; i < 20; i++)
        {
            InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(() => pool.Run(new Throw { Bad = bad }, 100));
            Assert.Equal($"item {bad}", thrown.Message);
            int[] done = new int[30];
            pool.Run(new Count { Done = done, Busy = new int[3] }, 30);
            Assert.All(done, d => Assert.Equal(1, d));
        }
    }

    [Fact]
    public void ExceptionsOfOtherThreadsReachTheCallerOnceAllHaveLeft()
    {
        using WorkerPool pool = new(3);
        for (int i = 0; i < 30; i++)
        {
            int[] inside = new int[1];
            int[] arrived = new int[1];
            InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(
                () => pool.Run(new ThrowApart { Inside = inside, Arrived = arrived, OnlyOthers = i % 2 == 0 }, 3));
            Assert.StartsWith("participant", thrown.Message, StringComparison.Ordinal);
            Assert.Equal(0, inside[0]);
        }
    }

    [Fact]
    public void ThreadsAtWorkAreNeverMoreThanCallersAndWorkers()
    {
        const int Callers = 4;
        using WorkerPool pool = new(3);
        int[] now = new int[1];
        int[] most = new int[1];
        Thread[] callers = new Thread[Callers];
        for (int c = 0; c < Callers; c++)
        {
            callers[c] = new Thread(() =>
            {
                for (int i = 0; i < 300; i++)
                {
                    pool.Run(new Gauge { Now = now, Most = most }, 12);
                }
            });
            callers[c].Start();
        }

        Array.ForEach(callers, c => c.Join());
        Assert.Equal(0, now[0]);
        Assert.InRange(most[0], 1, Callers + pool.Participants - 1);
    }

    [Theory]
    [InlineData(2, 7)]
    [InlineData(3, 100)]
    [InlineData(3, 4096)]
    public void RangesAreBalancedAndCoverAllItemsOnce(int threads, int items)
    {
        using WorkerPool pool = new(threads);
        ConcurrentBag<(long First, long End)> ranges = [];
        pool.Run(new Ranges { Seen = ranges }, items);
        List<(long First, long End)> ordered = [.. ranges];
        ordered.Sort();
        long next = 0;
        long least = long.MaxValue;
        long greatest = 0;
        foreach ((long first, long end) in ordered)
        {
            Assert.Equal(next, first);
            next = end;
            least = Math.Min(least, end - first);
            greatest = Math.Max(greatest, end - first);
        }

        Assert.Equal(items, next);
        Assert.InRange(greatest - least, 0, 1);
        Assert.InRange(ordered.Count, Math.Min(threads, items), 4 * threads);
    }

    [Fact]
    public void DisposedPoolLeavesTheWorkToItsCaller()
    {
        WorkerPool pool = new(3);
        pool.Run(new Count { Done = new int[10], Busy = new int[3] }, 10);
        pool.Dispose();
        int[] done = new int[10];
        pool.Run(new Count { Done = done, Busy = new int[1] }, 10);
        Assert.All(done, d => Assert.Equal(1, d));
    }

    [Fact]
    public void BadNumbersAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerPool(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => WorkerPool.Shared.Run(new Throw { Bad = -1 }, 10, -1));
        Assert.Equal(Math.Max(1, Environment.ProcessorCount), WorkerPool.Shared.Participants);
    }

    [Fact]
    public void RunsAllocateNothing()
    {
        using WorkerPool pool = new(3);
        Shift work = new() { Done = new int[64] };
        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
            {
                pool.Run(work, 64);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // The first wait for a lock of the runtime's own makes it allocate something for the thread, once.
        Assert.InRange(Enumerable.Range(0, 5).Count(_ => Allocated() != 0), 0, 1);
    }

    [Fact]
    public void ReferencesInWorkSurviveCollections()
    {
        using WorkerPool pool = new(3);
        for (int i = 0; i < 30; i++)
        {
            int[] done = new int[40];
            pool.Run(new Count { Done = done, Busy = new int[3], Collect = true }, 40);
            Assert.All(done, d => Assert.Equal(1, d));
        }
    }

    private struct Count : IRangeWork
    {
        public int[] Done;
        public int[] Busy;
        public int Milliseconds;
        public bool Collect;

        public readonly void Run(long first, long end, int participant)
        {
            Assert.Equal(1, Interlocked.Increment(ref Busy[participant]));
            for (long i = first; i < end; i++)
            {
                Interlocked.Increment(ref Done[i]);
                if (Milliseconds > 0)
                {
                    Thread.Sleep(Milliseconds);
                }

                if (Collect && i % 16 == 0)
                {
                    GC.Collect(0);
                }
            }

            Interlocked.Decrement(ref Busy[participant]);
        }
    }

    private struct Record : IRangeWork
    {
        public int[] Threads;

        public readonly void Run(long first, long end, int participant)
        {
            Threads[participant] = Environment.CurrentManagedThreadId;
            Thread.Sleep(2);
        }
    }

    private struct Hold : IRangeWork
    {
        public ManualResetEventSlim Begun;
        public ManualResetEventSlim Finish;

        public readonly void Run(long first, long end, int participant)
        {
            Begun.Set();
            Finish.Wait();
        }
    }

    private struct Log : IRangeWork
    {
        public List<(long First, long End, int Participant, int Thread)> Calls;

        public readonly void Run(long first, long end, int participant) =>
            Calls.Add((first, end, participant, Environment.CurrentManagedThreadId));
    }

    private struct Nested : IRangeWork
    {
        public WorkerPool Pool;
        public int[] Done;

        public readonly void Run(long first, long end, int participant)
        {
            for (long i = first; i < end; i++)
            {
                Pool.Run(new Shift { Done = Done, Offset = 10 * i }, 10);
            }
        }
    }

    private struct Shift : IRangeWork
    {
        public int[] Done;
        public long Offset;

        public readonly void Run(long first, long end, int participant)
        {
            for (long i = first; i < end; i++)
            {
                Interlocked.Increment(ref Done[Offset + i]);
            }
        }
    }

    private struct ThrowApart : IRangeWork
    {
        public int[] Inside;
        public int[] Arrived;
        public bool OnlyOthers;

        public readonly void Run(long first, long end, int participant)
        {
            Interlocked.Increment(ref Inside[0]);
            Interlocked.Increment(ref Arrived[0]);
            try
            {
                for (SpinWait wait = default; OnlyOthers && participant == 0 && Volatile.Read(ref Arrived[0]) < 2;)
                {
                    wait.SpinOnce();
                }

                if (!OnlyOthers || participant != 0)
                {
                    throw new InvalidOperationException($"participant {participant}");
                }
            }
            finally
            {
                Interlocked.Decrement(ref Inside[0]);
            }
        }
    }

    private struct Gauge : IRangeWork
    {
        public int[] Now;
        public int[] Most;

        public readonly void Run(long first, long end, int participant)
        {
            int now = Interlocked.Increment(ref Now[0]);
            for (int most = Volatile.Read(ref Most[0]); now > most; most = Volatile.Read(ref Most[0]))
            {
                Interlocked.CompareExchange(ref Most[0], now, most);
            }

            Thread.SpinWait(50);
            Interlocked.Decrement(ref Now[0]);
        }
    }

    private struct Ranges : IRangeWork
    {
        public ConcurrentBag<(long First, long End)> Seen;

        public readonly void Run(long first, long end, int participant) => Seen.Add((first, end));
    }

    private struct Throw : IRangeWork
    {
        public long Bad;

        public readonly void Run(long first, long end, int participant)
        {
            if (Bad >= first && Bad < end)
            {
                throw new InvalidOperationException($"item {Bad}");
            }
        }
    }
}

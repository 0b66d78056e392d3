using System;
using System.Threading;
using KernelGen.Epilogues;
using KernelGen.Formats;
using Xunit;

namespace KernelGen.Tests.Runtime;

[Collection(Alone.Name)]
public sealed unsafe class AllocationTests
{
    [Fact]
    public void RunsOfThePoolAllocateNothingOnAnyThread()
    {
        using WorkerPool pool = new(3);
        int[] arrived = new int[1];
        Meet work = new() { Arrived = arrived };
        for (int i = 0; i < 50; i++)
        {
            arrived[0] = 0;
            pool.Run(work, 3);
        }

        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < 50; i++)
        {
            arrived[0] = 0;
            pool.Run(work, 3);
        }

        // Other threads of the process (the test host's, the JIT's) may allocate a little meanwhile; 50 runs of anything would show.
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 50 * 24 - 1);
    }

    [Theory]
    [InlineData(1, ComputeMode.Int8, false)]
    [InlineData(1, ComputeMode.Int8, true)]
    [InlineData(1, ComputeMode.Float32, false)]
    [InlineData(1, ComputeMode.Float32, true)]
    [InlineData(2, ComputeMode.Int8, false)]
    [InlineData(13, ComputeMode.Int8, false)]
    [InlineData(13, ComputeMode.Int8, true)]
    [InlineData(13, ComputeMode.Float32, false)]
    [InlineData(13, ComputeMode.Float32, true)]
    public void SecondProductAllocatesNothing(int m, ComputeMode mode, bool packed)
    {
        const int K = 172;
        const int N = 133;
        using WorkerPool pool = new(3);
        using QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Quantize(Data.Random(N * K, 1), N, K);
        if (packed)
        {
            matrix.Pack();
        }

        float[] x = Data.Random(m * K, 2);
        float[] y = new float[m * N];
        MultiplyOptions options = new() { Mode = mode, Threads = 3, Pool = pool };
        Product(epilogue: false);
        Product(epilogue: true);

        long native = ScratchCache.Allocations;
        long managed = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
        {
            Product(epilogue: i % 2 == 0);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - managed);
        Assert.Equal(native, ScratchCache.Allocations);

        void Product(bool epilogue)
        {
            if (epilogue)
            {
                matrix.Multiply(x, m, y, new Silu().Then(Clamp.Relu6), options);
            }
            else
            {
                matrix.Multiply(x, m, y, options);
            }
        }
    }

    [Theory]
    [InlineData(1, ComputeMode.Int8)]
    [InlineData(13, ComputeMode.Int8)]
    [InlineData(13, ComputeMode.Float32)]
    public void LaterProductsWithDeclaredActivationsAllocateNothing(int m, ComputeMode mode)
    {
        const int K = 172;
        const int N = 133;
        using WorkerPool pool = new(3);
        using QuantizedMatrix<Bfp4> matrix = QuantizedMatrix<Bfp4>.Quantize(Data.Random(N * K, 1), N, K);
        matrix.Pack();
        float[] x = Data.Random(m * K, 2);
        float[] y = new float[m * N];
        MultiplyOptions options = new() { Mode = mode, Activations = Bfp6.Descriptor, Threads = 3, Pool = pool };

        // Two buffers are rented at once, each of the size of the larger one after a few products.
        for (int i = 0; i < 4; i++)
        {
            matrix.Multiply(x, m, y, options);
        }

        long native = ScratchCache.Allocations;
        long managed = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
        {
            matrix.Multiply(x, m, y, options);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - managed);
        Assert.Equal(native, ScratchCache.Allocations);
    }

    /// <summary>Each of three threads waits for the others.</summary>
    private struct Meet : IRangeWork
    {
        public int[] Arrived;

        public readonly void Run(long first, long end, int participant)
        {
            Interlocked.Increment(ref Arrived[0]);
            while (Volatile.Read(ref Arrived[0]) < 3)
            {
                Thread.Yield();
            }
        }
    }
}

using System;
using System.Numerics;
using KernelGen;

namespace Quickstart;

/// <summary>
/// Empties the caches of weights, so that a product reads them from memory as it does in a model that fits no cache. Runs on the
/// pool's threads, which leaves them awake.
/// </summary>
internal sealed unsafe class CacheFlush : IDisposable
{
    private const int Chunk = 1 << 16;
    private const int Chunks = 1 << 11;

    private readonly NativeBuffer _other = new((long)Chunk * Chunks);

    /// <summary>Writes the other memory once; pages that were never written all share one, which fits any cache.</summary>
    public CacheFlush()
    {
        for (int i = 0; i < Chunks; i++)
        {
            new Span<byte>(_other.Pointer + ((long)i * Chunk), Chunk).Fill(1);
        }
    }

    /// <summary>Reads 128 MiB of other memory.</summary>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    public void Run(int threads)
    {
        long sum = 0;
        WorkerPool.Shared.Run(new Work { Memory = _other.Pointer, Sum = &sum }, Chunks, threads);
        if (sum == 0)
        {
            throw new InvalidOperationException("The memory was not read.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _other.Dispose();

    /// <summary>An item is a chunk.</summary>
    private struct Work : IRangeWork
    {
        public byte* Memory;
        public long* Sum;

        public readonly void Run(long first, long end, int participant)
        {
            Vector<long> sum = default;
            for (byte* p = Memory + (first * Chunk); p < Memory + (end * Chunk); p += 64)
            {
                sum |= *(Vector<long>*)p;
            }

            *Sum = sum[0];
        }
    }
}

using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace KernelGen.Bench.Limits;

/// <summary>The bandwidth of plain vector loads from a buffer: DRAM or a cache level, depending on the size.</summary>
public sealed class ReadLimit : MachineLimit
{
    private const long Piece = 64 * 1024;

    private readonly NativeBuffer _buffer;
    private readonly long _perThread;
    private readonly int _passes;
    private long _sink;

    /// <summary>Creates the limit over a share of <paramref name="buffer"/> for each thread.</summary>
    internal ReadLimit(string name, ThreadTeam team, NativeBuffer buffer, long bytesPerThread, int passes)
        : base(name, "GB/s", team)
    {
        _buffer = buffer;
        _perThread = bytesPerThread / Piece * Piece;
        _passes = passes;
        ArgumentOutOfRangeException.ThrowIfLessThan(_perThread, Piece, nameof(bytesPerThread));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_perThread * team.Count, buffer.Length, nameof(bytesPerThread));
    }

    private protected override double Work => (double)_perThread * Threads * _passes;

    private protected override unsafe void Run(int thread)
    {
        byte* start = _buffer.Pointer + (_perThread * thread);
        long sum = 0;
        for (int pass = 0; pass < _passes; pass++)
        {
            for (long at = 0; at < _perThread; at += Piece)
            {
                sum += Avx2.IsSupported ? Sum256(start + at, Piece) : Sum128(start + at, Piece);
            }
        }

        _sink = sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe long Sum256(byte* p, long length)
    {
        Vector256<long> a = Vector256<long>.Zero, b = a, c = a, d = a;
        for (byte* end = p + length; p < end; p += 128)
        {
            a = Avx2.Add(a, Avx.LoadVector256((long*)p));
            b = Avx2.Add(b, Avx.LoadVector256((long*)(p + 32)));
            c = Avx2.Add(c, Avx.LoadVector256((long*)(p + 64)));
            d = Avx2.Add(d, Avx.LoadVector256((long*)(p + 96)));
        }

        return Vector256.Sum(a + b + c + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe long Sum128(byte* p, long length)
    {
        Vector128<long> a = Vector128<long>.Zero, b = a, c = a, d = a;
        for (byte* end = p + length; p < end; p += 64)
        {
            a += Vector128.Load((long*)p);
            b += Vector128.Load((long*)(p + 16));
            c += Vector128.Load((long*)(p + 32));
            d += Vector128.Load((long*)(p + 48));
        }

        return Vector128.Sum(a + b + c + d);
    }
}

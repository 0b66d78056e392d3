using System.Threading;

namespace KernelGen;

/// <summary>
/// Scratch buffers kept between products. A product rents one buffer for itself and all its threads and hands it back; as
/// many are kept as products ran at once, at most <see cref="Slots"/>. A buffer that is too small is replaced by a larger one.
/// </summary>
internal static class ScratchCache
{
    private const int Slots = 16;

    private static readonly NativeBuffer?[] Kept = new NativeBuffer?[Slots];

    /// <summary>Buffers allocated since the process started.</summary>
    internal static long Allocations => Volatile.Read(ref s_allocations);

    private static long s_allocations;

    /// <summary>A buffer of at least so many bytes, with any content.</summary>
    /// <param name="bytes">Bytes needed.</param>
    /// <returns>The buffer; hand it back with <see cref="Return"/>.</returns>
    public static NativeBuffer Rent(long bytes)
    {
        for (int i = 0; i < Slots; i++)
        {
            if (Volatile.Read(ref Kept[i]) is null)
            {
                continue;
            }

            NativeBuffer? buffer = Interlocked.Exchange(ref Kept[i], null);
            if (buffer is not null)
            {
                if (buffer.Length >= bytes)
                {
                    return buffer;
                }

                buffer.Dispose();
                break;
            }
        }

        Interlocked.Increment(ref s_allocations);
        return new NativeBuffer(bytes);
    }

    /// <summary>Hands a rented buffer back.</summary>
    /// <param name="buffer">The buffer.</param>
    public static void Return(NativeBuffer buffer)
    {
        for (int i = 0; i < Slots; i++)
        {
            if (Volatile.Read(ref Kept[i]) is null && Interlocked.CompareExchange(ref Kept[i], buffer, null) is null)
            {
                return;
            }
        }

        buffer.Dispose();
    }

    /// <summary>Frees all buffers that are not rented now.</summary>
    public static void Clear()
    {
        for (int i = 0; i < Slots; i++)
        {
            Interlocked.Exchange(ref Kept[i], null)?.Dispose();
        }
    }
}

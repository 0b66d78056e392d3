using System;
using System.Buffers.Binary;
using System.Numerics;

namespace KernelGen;

/// <summary>
/// XXH64 with seed 0: the checksum of packed weights. It finds damage at several bytes a cycle and keeps no secret. Source: the
/// xxHash specification, https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md.
/// </summary>
internal unsafe struct XxHash64
{
    /// <summary>Bytes that are taken at once.</summary>
    public const int StripeBytes = 32;

    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;

    private ulong _a = unchecked(Prime1 + Prime2);
    private ulong _b = Prime2;
    private ulong _c;
    private ulong _d = unchecked(0 - Prime1);
    private long _length;

    /// <summary>A hash of nothing yet.</summary>
    public XxHash64()
    {
    }

    /// <summary>The hash of bytes, the same on machines of either byte order.</summary>
    /// <param name="bytes">The first byte, with any alignment.</param>
    /// <param name="length">How many.</param>
    /// <returns>XXH64.</returns>
    public static ulong Of(byte* bytes, long length)
    {
        XxHash64 hash = new();
        long stripes = length / StripeBytes * StripeBytes;
        hash.Append(bytes, stripes);
        return hash.Finish(bytes + stripes, length - stripes);
    }

    /// <summary>Takes whole stripes.</summary>
    /// <param name="bytes">The first byte.</param>
    /// <param name="length">How many, a multiple of <see cref="StripeBytes"/>.</param>
    public void Append(byte* bytes, long length)
    {
        (ulong a, ulong b, ulong c, ulong d) = (_a, _b, _c, _d);
        for (byte* end = bytes + length; bytes < end; bytes += StripeBytes)
        {
            a = Round(a, Word(bytes));
            b = Round(b, Word(bytes + 8));
            c = Round(c, Word(bytes + 16));
            d = Round(d, Word(bytes + 24));
        }

        (_a, _b, _c, _d) = (a, b, c, d);
        _length += length;
    }

    /// <summary>Takes the rest and returns the hash.</summary>
    /// <param name="rest">The bytes after the last whole stripe.</param>
    /// <param name="length">Fewer than <see cref="StripeBytes"/>.</param>
    /// <returns>XXH64.</returns>
    public readonly ulong Finish(byte* rest, long length)
    {
        ulong hash = Prime5;
        if (_length > 0)
        {
            hash = unchecked(BitOperations.RotateLeft(_a, 1) + BitOperations.RotateLeft(_b, 7) + BitOperations.RotateLeft(_c, 12) + BitOperations.RotateLeft(_d, 18));
            hash = Merge(Merge(Merge(Merge(hash, _a), _b), _c), _d);
        }

        hash = unchecked(hash + (ulong)(_length + length));
        byte* end = rest + length;
        for (; end - rest >= 8; rest += 8)
        {
            hash = unchecked((BitOperations.RotateLeft(hash ^ Round(0, Word(rest)), 27) * Prime1) + Prime4);
        }

        if (end - rest >= 4)
        {
            ulong word = rest[0] | ((ulong)rest[1] << 8) | ((ulong)rest[2] << 16) | ((ulong)rest[3] << 24);
            hash = unchecked((BitOperations.RotateLeft(hash ^ (word * Prime1), 23) * Prime2) + Prime3);
            rest += 4;
        }

        for (; rest < end; rest++)
        {
            hash = unchecked(BitOperations.RotateLeft(hash ^ (*rest * Prime5), 11) * Prime1);
        }

        hash = unchecked((hash ^ (hash >> 33)) * Prime2);
        hash = unchecked((hash ^ (hash >> 29)) * Prime3);
        return hash ^ (hash >> 32);
    }

    private static ulong Word(byte* bytes) => BitConverter.IsLittleEndian ? *(ulong*)bytes : BinaryPrimitives.ReverseEndianness(*(ulong*)bytes);

    private static ulong Round(ulong sum, ulong word) => unchecked(BitOperations.RotateLeft(sum + (word * Prime2), 31) * Prime1);

    private static ulong Merge(ulong hash, ulong sum) => unchecked(((hash ^ Round(0, sum)) * Prime1) + Prime4);
}

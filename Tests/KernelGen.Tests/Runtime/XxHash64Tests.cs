using System;
using System.Linq;
using System.Text;
using Xunit;

namespace KernelGen.Tests.Runtime;

public sealed unsafe class XxHash64Tests
{
    // Published values, of the reference implementation.
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void PublishedValues(string text, ulong expected) => Assert.Equal(expected, Of(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void PiecesGiveTheSameAsTheWhole()
    {
        byte[] bytes = [.. Enumerable.Range(0, 201).Select(i => (byte)(i * 37))];
        for (int length = 0; length <= bytes.Length; length++)
        {
            ulong whole = Of(bytes.AsSpan(0, length));
            int stripes = length / XxHash64.StripeBytes;
            fixed (byte* first = bytes)
            {
                XxHash64 hash = new();
                hash.Append(first, stripes / 2 * XxHash64.StripeBytes);
                hash.Append(first + (stripes / 2 * XxHash64.StripeBytes), (stripes - (stripes / 2)) * XxHash64.StripeBytes);
                Assert.Equal(whole, hash.Finish(first + (stripes * XxHash64.StripeBytes), length % XxHash64.StripeBytes));
            }

            for (int i = 0; i < length; i++)
            {
                bytes[i] ^= 0x40;
                Assert.NotEqual(whole, Of(bytes.AsSpan(0, length)));
                bytes[i] ^= 0x40;
            }
        }
    }

    private static ulong Of(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            return XxHash64.Of(first, bytes.Length);
        }
    }
}

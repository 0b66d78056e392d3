using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace KernelGen.Containers;

/// <summary>
/// A metadata value of a GGUF file: a number, a truth value, text, or an array of one type. It is a copy and stays
/// valid after the file is closed.
/// </summary>
public sealed partial class GgufValue
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private GgufValue(GgufValueType type, GgufValueType? elementType, object value, int count)
    {
        Type = type;
        ElementType = elementType;
        Stored = value;
        Count = count;
    }

    /// <summary>The type as stored.</summary>
    public GgufValueType Type { get; }

    /// <summary>The type of an array's elements; null when this is not an array.</summary>
    public GgufValueType? ElementType { get; }

    /// <summary>The number of elements of an array; 1 when this is not an array.</summary>
    public int Count { get; }

    /// <summary>
    /// A boxed primitive, the bytes of a string, or an array: T[] of numbers and bool, ReadOnlyMemory&lt;byte&gt;[] of strings, GgufValue[]
    /// of arrays.
    /// </summary>
    internal object Stored { get; }

    /// <summary>A stored truth value.</summary>
    /// <exception cref="InvalidOperationException">The value is of another type.</exception>
    public bool AsBool() => Stored is bool value ? value : throw Mismatch("a truth value");

    /// <summary>Any stored integer.</summary>
    /// <exception cref="InvalidOperationException">The value is not an integer.</exception>
    /// <exception cref="OverflowException">The integer is larger than <see cref="long.MaxValue"/>.</exception>
    public long AsInt64() => Stored switch
    {
        byte v => v,
        sbyte v => v,
        ushort v => v,
        short v => v,
        uint v => v,
        int v => v,
        ulong v => checked((long)v),
        long v => v,
        _ => throw Mismatch("an integer"),
    };

    /// <summary>Any stored integer that is not negative.</summary>
    /// <exception cref="InvalidOperationException">The value is not an integer.</exception>
    /// <exception cref="OverflowException">The integer is negative.</exception>
    public ulong AsUInt64() => Stored is ulong value ? value : checked((ulong)AsInt64());

    /// <summary>A stored 32-bit or 64-bit float.</summary>
    /// <exception cref="InvalidOperationException">The value is not a float.</exception>
    public double AsDouble() => Stored switch
    {
        float v => v,
        double v => v,
        _ => throw Mismatch("a float"),
    };

    /// <summary>Stored text.</summary>
    /// <exception cref="InvalidOperationException">The value is not text, or its bytes are not UTF-8.</exception>
    public string AsString() => Decode(AsUtf8());

    /// <summary>The bytes of stored text, exactly as in the file (which may break the rule that they are UTF-8).</summary>
    /// <exception cref="InvalidOperationException">The value is not text.</exception>
    public ReadOnlyMemory<byte> AsUtf8() => Stored is ReadOnlyMemory<byte> bytes ? bytes : throw Mismatch("text");

    /// <summary>The elements of an array of numbers or truth values.</summary>
    /// <typeparam name="T">Exactly the stored type: <c>float</c> for <see cref="GgufValueType.Float32"/> and so on.</typeparam>
    /// <exception cref="InvalidOperationException">The value is not an array of that type.</exception>
    public ReadOnlySpan<T> AsSpan<T>()
        where T : unmanaged
        => Stored.GetType() == typeof(T[]) ? (T[])Stored : throw Mismatch($"an array of {typeof(T).Name}");

    /// <summary>The elements of an array of text.</summary>
    /// <exception cref="InvalidOperationException">The value is not an array of text, or some bytes are not UTF-8.</exception>
    public string[] AsStrings() => Array.ConvertAll(Utf8Array(), Decode);

    /// <summary>The bytes of the elements of an array of text, exactly as in the file.</summary>
    /// <exception cref="InvalidOperationException">The value is not an array of text.</exception>
    public IReadOnlyList<ReadOnlyMemory<byte>> AsUtf8List() => Array.AsReadOnly(Utf8Array());

    /// <summary>The elements of an array of arrays.</summary>
    /// <exception cref="InvalidOperationException">The value is not an array of arrays.</exception>
    public IReadOnlyList<GgufValue> AsArrays() =>
        Stored is GgufValue[] items ? Array.AsReadOnly(items) : throw Mismatch("an array of arrays");

    /// <summary>The value as a person reads it; arrays are only described.</summary>
    public override string ToString() => Stored switch
    {
        ReadOnlyMemory<byte> bytes => Encoding.UTF8.GetString(bytes.Span),
        _ when Type == GgufValueType.Array => $"{ElementType}[{Count}]",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Stored}"),
    };

    internal static GgufValue Scalar(GgufValueType type, object value) => new(type, null, value, 1);

    internal static GgufValue ArrayOf(GgufValueType elementType, Array elements) => new(GgufValueType.Array, elementType, elements, elements.Length);

    private ReadOnlyMemory<byte>[] Utf8Array() => Stored as ReadOnlyMemory<byte>[] ?? throw Mismatch("an array of text");

    private static string Decode(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes.Span);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidOperationException("The stored text is not UTF-8: read its bytes instead.", e);
        }
    }

    private InvalidOperationException Mismatch(string wanted) =>
        new($"The value is {(ElementType is { } element ? $"an array of {element}" : Type)}, not {wanted}.");
}

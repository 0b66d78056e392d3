using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace KernelGen.Containers;

/// <content>Values to be written: a number's type is its argument's.</content>
public sealed partial class GgufValue
{
    /// <summary>A number of type <see cref="GgufValueType.UInt8"/>.</summary>
    /// <param name="value">The number.</param>
    public static GgufValue Of(byte value) => Scalar(GgufValueType.UInt8, value);

    /// <summary>A number of type <see cref="GgufValueType.Int8"/>.</summary>
    /// <param name="value">The number.</param>
    public static GgufValue Of(sbyte value) => Scalar(GgufValueType.Int8, value);

    /// <summary>A number of type <see cref="GgufValueType.UInt16"/>.</summary>
    /// <param name="value">The number.</param>
    public static GgufValue Of(ushort value) => Scalar(GgufValueType.UInt16, value);

    /// <summary>A number of type <see cref="GgufValueType.Int16"/>.</summary>
    /// <param name="value">The number.</param>
    public static GgufValue Of(short value) => Scalar(GgufValueType.Int16, value);

    /// <summary>A number of type <see cref="GgufValueType.UInt32"/>.</summary>
    /// <param name="value">The number.</param>
    public static GgufValue Of(uint value) => Scalar(GgufValueType.UInt32, value);

    /// <summary>A number of type <see cref="GgufValueType.Int32"/>.</summary>
    /// <param name="value">The number.</param>
    public static GgufValue Of(int value) => Scalar(GgufValueType.Int32, value);

    /// <summary>A number of type <see cref="GgufValueType.UInt64"/>.</summary>
    /// <param name="value">The number.</param>
    public static GgufValue Of(ulong value) => Scalar(GgufValueType.UInt64, value);

    /// <summary>A number of type <see cref="GgufValueType.Int64"/>.</summary>
    /// <param name="value">The number.</param>
    public static GgufValue Of(long value) => Scalar(GgufValueType.Int64, value);

    /// <summary>A number of type <see cref="GgufValueType.Float32"/>.</summary>
    /// <param name="value">The number.</param>
    public static GgufValue Of(float value) => Scalar(GgufValueType.Float32, value);

    /// <summary>A number of type <see cref="GgufValueType.Float64"/>.</summary>
    /// <param name="value">The number.</param>
    public static GgufValue Of(double value) => Scalar(GgufValueType.Float64, value);

    /// <summary>A truth value.</summary>
    /// <param name="value">The value.</param>
    public static GgufValue Of(bool value) => Scalar(GgufValueType.Bool, value);

    /// <summary>Text.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">The text contains half of a surrogate pair, or is longer than 2^28 bytes.</exception>
    public static GgufValue Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Scalar(GgufValueType.String, Encode(text, nameof(text)));
    }

    /// <summary>An array of numbers or truth values.</summary>
    /// <typeparam name="T">The number's type, one that <see cref="GgufValueType"/> has, or <c>bool</c>.</typeparam>
    /// <param name="values">The elements, which are copied.</param>
    /// <exception cref="ArgumentException">There is no such type of value, or there are more than 2^28 elements.</exception>
    public static GgufValue OfArray<T>(params ReadOnlySpan<T> values)
        where T : unmanaged
    {
        CheckCount(values.Length, nameof(values));
        GgufValueType type = true switch
        {
            _ when typeof(T) == typeof(byte) => GgufValueType.UInt8,
            _ when typeof(T) == typeof(sbyte) => GgufValueType.Int8,
            _ when typeof(T) == typeof(ushort) => GgufValueType.UInt16,
            _ when typeof(T) == typeof(short) => GgufValueType.Int16,
            _ when typeof(T) == typeof(uint) => GgufValueType.UInt32,
            _ when typeof(T) == typeof(int) => GgufValueType.Int32,
            _ when typeof(T) == typeof(float) => GgufValueType.Float32,
            _ when typeof(T) == typeof(ulong) => GgufValueType.UInt64,
            _ when typeof(T) == typeof(long) => GgufValueType.Int64,
            _ when typeof(T) == typeof(double) => GgufValueType.Float64,
            _ when typeof(T) == typeof(bool) => GgufValueType.Bool,
            _ => throw new ArgumentException($"GGUF has no values of type {typeof(T).Name}.", nameof(values)),
        };
        return ArrayOf(type, values.ToArray());
    }

    /// <summary>An array of text.</summary>
    /// <param name="texts">The elements.</param>
    /// <exception cref="ArgumentException">A text contains half of a surrogate pair or is longer than 2^28 bytes, or there are more than 2^28.</exception>
    public static GgufValue OfStrings(IEnumerable<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ReadOnlyMemory<byte>[] encoded = [.. texts.Select(text => Encode(text, nameof(texts)))];
        CheckCount(encoded.Length, nameof(texts));
        return ArrayOf(GgufValueType.String, encoded);
    }

    /// <summary>An array of arrays, which the specification allows and ggml does not read.</summary>
    /// <param name="arrays">The elements, each an array.</param>
    /// <exception cref="ArgumentException">An element is no array, or arrays would be nested more than four deep.</exception>
    public static GgufValue OfArrays(IEnumerable<GgufValue> arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        GgufValue[] elements = [.. arrays];
        CheckCount(elements.Length, nameof(arrays));
        if (elements.FirstOrDefault(static e => e.Type != GgufValueType.Array) is { } other)
        {
            throw new ArgumentException($"All elements of an array of arrays must be arrays; one is a {other.Type}.", nameof(arrays));
        }

        GgufValue value = ArrayOf(GgufValueType.Array, elements);
        return value.Depth <= GgufLimits.ArrayDepth
            ? value
            : throw new ArgumentException($"Arrays would be nested more than {GgufLimits.ArrayDepth} deep.", nameof(arrays));
    }

    private int Depth => Stored switch
    {
        GgufValue[] arrays => 1 + arrays.Select(static a => a.Depth).DefaultIfEmpty(0).Max(),
        _ => Type == GgufValueType.Array ? 1 : 0,
    };

    private static ReadOnlyMemory<byte> Encode(string text, string argument)
    {
        byte[] bytes;
        try
        {
            bytes = StrictUtf8.GetBytes(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException("The text contains half of a surrogate pair, which UTF-8 cannot store.", argument, e);
        }

        return bytes.Length <= GgufLimits.StringBytes
            ? bytes
            : throw new ArgumentException($"The text takes {bytes.Length} bytes; the limit is {GgufLimits.StringBytes}.", argument);
    }

    private static void CheckCount(long count, string argument)
    {
        if (count > GgufLimits.ArrayElements)
        {
            throw new ArgumentException($"An array of {count} elements was asked for; the limit is {GgufLimits.ArrayElements}.", argument);
        }
    }
}

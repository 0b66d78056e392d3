using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;

namespace KernelGen.Containers;

/// <summary>Reads the JSON header of a safetensors file token by token.</summary>
internal ref struct SafetensorsHeaderReader
{
    private const string Damaged = "The file is damaged or was written by a faulty program.";

    private readonly string _path;
    private readonly long _start;
    private Utf8JsonReader _json;

    public SafetensorsHeaderReader(string path, long start, ReadOnlySpan<byte> header)
    {
        _path = path;
        _start = start;
        _json = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = SafetensorsLimits.JsonDepth });
    }

    public OrderedDictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public List<SafetensorsEntry> Entries { get; } = [];

    public void ReadHeader()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        Next();
        Expect(JsonTokenType.StartObject, "The header");
        while (NextProperty())
        {
            long at = Here;
            string name = Name();
            if (!names.Add(name))
            {
                throw Fail(at, $"The name '{name}' occurs twice in the header.");
            }

            Next();
            if (name == "__metadata__")
            {
                ReadMetadata();
            }
            else
            {
                Entries.Add(ReadEntry(name, at));
            }
        }

        // Only white space may follow; the JSON reader reports anything else itself.
        if (TryNext())
        {
            throw Fail(Here, "The header goes on after its JSON object.");
        }
    }

    private readonly long Here => _start + _json.TokenStartIndex;

    private void ReadMetadata()
    {
        if (_json.TokenType == JsonTokenType.Null)
        {
            return;
        }

        Expect(JsonTokenType.StartObject, "'__metadata__'");
        while (NextProperty())
        {
            long at = Here;
            string key = Name();
            Next();
            Expect(JsonTokenType.String, $"The metadata entry '{key}'");
            if (!Metadata.TryAdd(key, Text()))
            {
                throw Fail(at, $"The metadata key '{key}' occurs twice.");
            }
        }
    }

    private SafetensorsEntry ReadEntry(string name, long at)
    {
        Expect(JsonTokenType.StartObject, $"The entry of tensor '{name}'");
        (SafetensorsType Type, ElementLayout Layout)? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (NextProperty())
        {
            long fieldAt = Here;
            string field = Name();
            if ((field == "dtype" && type is not null)
                || (field == "shape" && shape is not null)
                || (field == "data_offsets" && offsets is not null))
            {
                throw Fail(fieldAt, $"The field '{field}' of tensor '{name}' occurs twice.");
            }

            switch (field)
            {
                case "dtype":
                    type = ReadType(name);
                    break;
                case "shape":
                    shape = ReadNumbers(name, field, SafetensorsLimits.Dimensions);
                    break;
                case "data_offsets":
                    offsets = ReadNumbers(name, field, 2);
                    break;
                default:
                    SkipValue();
                    break;
            }
        }

        if (type is null || shape is null || offsets is not [long begin, long end])
        {
            throw Fail(at, $"Tensor '{name}' lacks a dtype, a shape or two data_offsets.");
        }

        CheckSize(name, at, type.Value.Layout, shape, begin, end);
        return new SafetensorsEntry(name, type.Value.Type, type.Value.Layout, shape, begin, end, at);
    }

    private readonly void CheckSize(string name, long at, ElementLayout layout, long[] shape, long begin, long end)
    {
        long elements = 1;
        foreach (long dimension in shape)
        {
            if (Math.BigMul(elements, dimension, out elements) != 0 || elements < 0)
            {
                throw Fail(at, $"Tensor '{name}' has more elements than a 64-bit number can count.");
            }
        }

        if (elements % layout.BlockLength != 0)
        {
            throw Fail(at, $"Tensor '{name}' has {elements} elements of {layout.Name}, which do not fill whole bytes.");
        }

        if (Math.BigMul(elements / layout.BlockLength, layout.BlockBytes, out long bytes) != 0 || bytes < 0)
        {
            throw Fail(at, $"Tensor '{name}' has more bytes than a 64-bit number can count.");
        }

        if (end < begin || end - begin != bytes)
        {
            throw Fail(at, $"The data_offsets of tensor '{name}' are {begin} and {end}, but its shape and dtype need {bytes} bytes.");
        }
    }

    private (SafetensorsType Type, ElementLayout Layout) ReadType(string name)
    {
        Next();
        Expect(JsonTokenType.String, $"The dtype of tensor '{name}'");
        long at = Here;
        string text = Text();
        return SafetensorsTypeInfo.TryGet(text, out SafetensorsType type, out ElementLayout layout)
            ? (type, layout)
            : throw Fail(at, $"Tensor '{name}' has the unknown dtype '{text}'.");
    }

    private long[] ReadNumbers(string name, string field, int limit)
    {
        Next();
        Expect(JsonTokenType.StartArray, $"The {field} of tensor '{name}'");
        long at = Here;
        var numbers = new List<long>();
        for (Next(); _json.TokenType != JsonTokenType.EndArray; Next())
        {
            if (numbers.Count == limit)
            {
                throw Fail(at, $"The {field} of tensor '{name}' has more than {limit} numbers.");
            }

            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetUInt64(out ulong number) || number > long.MaxValue)
            {
                throw Fail(Here, $"The {field} of tensor '{name}' contains something that is not a non-negative 63-bit integer.");
            }

            numbers.Add((long)number);
        }

        return [.. numbers];
    }

    /// <summary>Moves to the next property of the current object; false at the object's end.</summary>
    private bool NextProperty()
    {
        Next();
        return _json.TokenType == JsonTokenType.PropertyName;
    }

    private readonly string Name()
    {
        // An escape is never shorter than what it stands for, so the raw length is a bound before anything is copied.
        if (_json.ValueSpan.Length > 6 * ContainerLimits.NameBytes)
        {
            throw NameLength(_json.ValueSpan.Length);
        }

        string name = Text();
        int length = Encoding.UTF8.GetByteCount(name);
        return length is > 0 and <= ContainerLimits.NameBytes ? name : throw NameLength(length);
    }

    private readonly ModelFileException NameLength(int length) =>
        Fail(Here, $"A name of {length} bytes is not allowed: 1 to {ContainerLimits.NameBytes} are.");

    private readonly string Text()
    {
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw Fail(Here, "A string contains half of a surrogate pair.", e);
        }
    }

    private void Next()
    {
        if (!TryNext())
        {
            throw Fail(_start + _json.BytesConsumed, "The JSON of the header ends too early.");
        }
    }

    private bool TryNext()
    {
        try
        {
            return _json.Read();
        }
        catch (JsonException e)
        {
            throw Fail(_start + _json.BytesConsumed, "The header is not valid JSON, or is nested too deep.", e);
        }
    }

    private void SkipValue()
    {
        int depth = _json.CurrentDepth;
        do
        {
            Next();
        }
        while (_json.CurrentDepth > depth || _json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray);
    }

    private readonly void Expect(JsonTokenType type, string what)
    {
        if (_json.TokenType != type)
        {
            throw Fail(Here, $"{what} must be a {Describe(type)}.");
        }
    }

    private static string Describe(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => "JSON object",
        JsonTokenType.StartArray => "JSON array",
        _ => "JSON string",
    };

    private readonly ModelFileException Fail(long at, string problem, Exception? inner = null) =>
        new(_path, at, problem, Damaged, inner);
}

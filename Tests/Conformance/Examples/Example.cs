using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace KernelGen.Conformance.Examples;

/// <summary>One worked example: input, parameters, codes and decoded values, as float64 numbers of nine decimals.</summary>
internal sealed class Example
{
    private readonly JsonElement _root;

    private Example(string name, JsonElement root)
    {
        Name = name;
        _root = root;
    }

    /// <summary>The file's name without extension.</summary>
    public string Name { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>The example, or null where the file is JSON but no example.</returns>
    public static Example? Read(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("codes", out _) && root.TryGetProperty("decoded", out _)
                ? new(Path.GetFileNameWithoutExtension(path), root.Clone())
                : null;
        }
        catch (JsonException exception)
        {
            throw new UnusableDataException($"{Path.GetFileName(path)} is no JSON: {exception.Message}");
        }
    }

    /// <summary>A number.</summary>
    /// <param name="path">Property names from the root.</param>
    public double Number(params string[] path) => Numbers(path).Single();

    /// <summary>A text, or those of a list.</summary>
    /// <param name="path">Property names from the root.</param>
    public string[] Texts(params string[] path)
    {
        JsonElement element = Element(path);
        return [.. (element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray()] : (JsonElement[])[element])
            .Select(text => text.ValueKind == JsonValueKind.String ? text.GetString()! : throw new UnusableDataException($"{Name}.json: {string.Join('.', path)}: a text was expected, not {text.ValueKind}."))];
    }

    /// <summary>All numbers below a property, in reading order; hexadecimal strings count as numbers.</summary>
    /// <param name="path">Property names from the root.</param>
    public double[] Numbers(params string[] path) => [.. Flatten(Element(path))];

    /// <summary>All numbers below a property as f32.</summary>
    /// <param name="path">Property names from the root.</param>
    public float[] Floats(params string[] path) => [.. Numbers(path).Select(n => (float)n)];

    /// <summary>All numbers below a property as integers.</summary>
    /// <param name="path">Property names from the root.</param>
    public long[] Integers(params string[] path) => [.. Numbers(path).Select(n => (long)n)];

    /// <summary>Two numbers of each of a list of objects.</summary>
    /// <param name="first">The property of the first.</param>
    /// <param name="second">The property of the second.</param>
    /// <param name="path">Property names from the root to the list.</param>
    public (long[] First, long[] Second) Pairs(string first, string second, params string[] path)
    {
        JsonElement[] items = [.. Element(path).EnumerateArray()];
        return ([.. items.Select(item => item.GetProperty(first).GetInt64())], [.. items.Select(item => item.GetProperty(second).GetInt64())]);
    }

    /// <summary>Rows and columns of a one- or two-dimensional array of numbers.</summary>
    /// <param name="path">Property names from the root.</param>
    public (int Rows, int Columns) Shape(params string[] path)
    {
        JsonElement element = Element(path);
        return element.GetArrayLength() > 0 && element[0].ValueKind == JsonValueKind.Array
            ? (element.GetArrayLength(), element[0].GetArrayLength())
            : (1, element.GetArrayLength());
    }

    /// <summary>A matrix's numbers, column after column.</summary>
    /// <param name="path">Property names from the root.</param>
    public double[] Transposed(params string[] path)
    {
        (int rows, int columns) = Shape(path);
        double[] numbers = Numbers(path);
        return [.. Enumerable.Range(0, numbers.Length).Select(i => numbers[(i % rows * columns) + (i / rows)])];
    }

    /// <summary>The objects of an array, each as an example of its own.</summary>
    /// <param name="path">Property names from the root.</param>
    public IReadOnlyList<Example> Items(params string[] path) => [.. Element(path).EnumerateArray().Select(item => new Example(Name, item))];

    private JsonElement Element(string[] path)
    {
        JsonElement element = _root;
        foreach (string name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                throw new UnusableDataException($"{Name}.json has no {string.Join('.', path)}.");
            }
        }

        return element;
    }

    private IEnumerable<double> Flatten(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Flatten),
        JsonValueKind.Number => [element.GetDouble()],
        JsonValueKind.String when element.GetString() is ['0', 'x', .. string hex] => [Convert.ToInt64(hex, 16)],
        _ => throw new UnusableDataException($"{Name}.json: a number was expected, not {element.ValueKind}."),
    };
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace KernelGen.Conformance.Ggml;

/// <summary>
/// A folder of ggml vectors: input.f32, manifest.tsv, and per type the files TYPE.q, TYPE.deq.f32 and their TYPE.im forms
/// (quantized with an importance matrix).
/// </summary>
internal sealed class GgmlVectors
{
    private readonly string _folder;

    private GgmlVectors(string folder, float[] input, int rows, int inputs, IReadOnlyDictionary<string, Shape> shapes)
    {
        _folder = folder;
        Input = input;
        Rows = rows;
        Inputs = inputs;
        Shapes = shapes;
    }

    /// <summary>Block and row sizes of a type.</summary>
    /// <param name="BlockInputs">Weights in a block.</param>
    /// <param name="BlockBytes">Bytes of a block.</param>
    /// <param name="RowBytes">Bytes of a row.</param>
    internal sealed record Shape(long BlockInputs, long BlockBytes, long RowBytes);

    public float[] Input { get; }

    public int Rows { get; }

    public int Inputs { get; }

    public IReadOnlyDictionary<string, Shape> Shapes { get; }

    /// <summary>Every type of the manifest and every type that has a file, in ordinal order.</summary>
    public IEnumerable<string> Types => Shapes.Keys
        .Concat(Directory.EnumerateFiles(_folder, "*.q").Select(f => Path.GetFileName(f)[..^2]).Select(WithoutMatrix))
        .Distinct()
        .Order(StringComparer.Ordinal);

    public static GgmlVectors Read(string folder)
    {
        Dictionary<string, Shape> shapes = ReadManifest(Path.Combine(folder, "manifest.tsv"));
        Shape first = shapes.Values.First();
        long inputs = first.RowBytes / first.BlockBytes * first.BlockInputs;
        foreach ((string type, Shape shape) in shapes)
        {
            if (shape.RowBytes / shape.BlockBytes * shape.BlockInputs != inputs || shape.RowBytes % shape.BlockBytes != 0)
            {
                throw new UnusableDataException(
                    $"manifest.tsv: rows of {type} ({shape.RowBytes} bytes of blocks of {shape.BlockBytes}) do not hold the {inputs} columns of the first type.");
            }
        }

        float[] input = Floats(Path.Combine(folder, "input.f32"));
        if (input.Length == 0 || input.Length % inputs != 0)
        {
            throw new UnusableDataException($"input.f32 holds {input.Length} values, no multiple of the {inputs} columns of manifest.tsv.");
        }

        return new(folder, input, checked((int)(input.Length / inputs)), checked((int)inputs), shapes);
    }

    /// <summary>The importance of every input in the files TYPE.im, or null where there is none.</summary>
    public float[]? Importance
    {
        get
        {
            string path = Path.Combine(_folder, "imatrix.f32");
            if (!File.Exists(path))
            {
                return null;
            }

            float[] importance = Floats(path);
            return importance.Length == Inputs ? importance : throw new UnusableDataException($"imatrix.f32 holds {importance.Length} values; rows have {Inputs}.");
        }
    }

    /// <summary>The quantized bytes of a type, or null where there is no such file.</summary>
    /// <param name="type">The type.</param>
    /// <param name="suffix">Empty, or ".im" for those quantized with an importance matrix.</param>
    /// <returns>The bytes of all rows.</returns>
    public byte[]? Quantized(string type, string suffix)
    {
        string path = Path.Combine(_folder, $"{type}{suffix}.q");
        if (!File.Exists(path))
        {
            return null;
        }

        byte[] bytes = File.ReadAllBytes(path);
        return !Shapes.TryGetValue(type, out Shape? shape) || bytes.Length == shape.RowBytes * Rows
            ? bytes
            : throw new UnusableDataException($"{type}{suffix}.q holds {bytes.Length} bytes; {Rows} rows of {shape.RowBytes} are {Rows * shape.RowBytes}.");
    }

    /// <summary>ggml's decoded values, or null where there is no such file.</summary>
    public float[]? Decoded(string type, string suffix)
    {
        string path = Path.Combine(_folder, $"{type}{suffix}.deq.f32");
        if (!File.Exists(path))
        {
            return null;
        }

        float[] values = Floats(path);
        return values.Length == Input.Length
            ? values
            : throw new UnusableDataException($"{type}{suffix}.deq.f32 holds {values.Length} values; input.f32 holds {Input.Length}.");
    }

    private static Dictionary<string, Shape> ReadManifest(string path)
    {
        if (!File.Exists(path))
        {
            throw new UnusableDataException($"There is no '{path}'.");
        }

        Dictionary<string, Shape> shapes = [];
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            string[] cells = line.Split('\t');
            shapes[cells[0]] = new(Number("blk"), Number("bytes"), Number("row_bytes"));

            long Number(string name)
            {
                string? cell = cells.FirstOrDefault(c => c.StartsWith(name + "=", StringComparison.Ordinal));
                return cell is not null
                    && long.TryParse(cell.AsSpan(name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long value)
                    && value > 0
                        ? value
                        : throw new UnusableDataException($"manifest.tsv line {number}: no {name}=NUMBER.");
            }
        }

        return shapes.Count > 0 ? shapes : throw new UnusableDataException("manifest.tsv names no type.");
    }

    private static float[] Floats(string path)
    {
        if (!File.Exists(path))
        {
            throw new UnusableDataException($"There is no '{path}'.");
        }

        byte[] bytes = File.ReadAllBytes(path);
        return bytes.Length % 4 == 0
            ? MemoryMarshal.Cast<byte, float>(bytes).ToArray()
            : throw new UnusableDataException($"'{path}' holds {bytes.Length} bytes, no whole number of f32.");
    }

    private static string WithoutMatrix(string name) => name.EndsWith(".im", StringComparison.Ordinal) ? name[..^3] : name;
}

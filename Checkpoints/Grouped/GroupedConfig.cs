using System;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace KernelGen.Checkpoints;

/// <summary>What a checkpoint's configuration says about its quantized layers; null where it says nothing.</summary>
/// <param name="Source">The file it comes from, or what else says so.</param>
public sealed record GroupedConfig(string Source)
{
    /// <summary>The packing.</summary>
    public IntegerPacking? Packing { get; init; }

    /// <summary>Bits of a code: 2, 3, 4 or 8.</summary>
    public int? Bits { get; init; }

    /// <summary>Inputs of a group; -1 for whole rows of the weight matrix.</summary>
    public int? GroupSize { get; init; }

    /// <summary>Whether all zero points are 2^(bits - 1).</summary>
    public bool? Symmetric { get; init; }

    /// <summary>Whether inputs were quantized in the order of their activations, so that a group's inputs do not stand together.</summary>
    public bool? ActOrder { get; init; }

    /// <summary>Reads the configuration beside a model: <c>quantize_config.json</c>, else <c>quantization_config</c> of <c>config.json</c>.</summary>
    /// <param name="modelPath">The model file.</param>
    /// <returns>The configuration, or null where there is none.</returns>
    /// <exception cref="CheckpointException">There is one that is no JSON, or has a field that means nothing or is not supported.</exception>
    public static GroupedConfig? FindBeside(string modelPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        string folder = Path.GetDirectoryName(Path.GetFullPath(modelPath))!;
        string own = Path.Combine(folder, "quantize_config.json");
        if (File.Exists(own))
        {
            return Parse(own, File.ReadAllText(own), nested: false);
        }

        string shared = Path.Combine(folder, "config.json");
        return File.Exists(shared) ? Parse(shared, File.ReadAllText(shared), nested: true) : null;
    }

    private static GroupedConfig? Parse(string path, string text, bool nested)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text);
        }
        catch (JsonException exception)
        {
            throw new CheckpointException(path, "the file", "it is not JSON.", exception);
        }

        using (document)
        {
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new CheckpointException(path, "the file", "it is not a JSON object.");
            }

            return !nested ? Read(new Fields(path, root)) : root.TryGetProperty("quantization_config", out JsonElement inner) && inner.ValueKind == JsonValueKind.Object
                ? Read(new Fields(path, inner))
                : null;
        }
    }

    private static GroupedConfig Read(Fields fields)
    {
        int? bits = fields.Number("bits", "w_bit");
        if (bits is not (null or 2 or 3 or 4 or 8))
        {
            throw fields.Fail("bits", $"{bits} bits were declared; 2, 3, 4 and 8 are supported.");
        }

        int? group = fields.Number("group_size", "q_group_size");
        if (group is 0 or < -1)
        {
            throw fields.Fail("group_size", $"it is {group}; expected was a positive number, or -1 for whole rows.");
        }

        return new GroupedConfig(fields.Path)
        {
            Packing = ReadPacking(fields),
            Bits = bits,
            GroupSize = group,
            Symmetric = fields.Truth("sym"),
            ActOrder = fields.Truth("desc_act"),
        };
    }

    private static IntegerPacking? ReadPacking(Fields fields)
    {
        string? method = fields.Text("quant_method");
        string? format = fields.Text("checkpoint_format");
        string? version = fields.Text("version");
        return (method, format, version) switch
        {
            ("awq", _, null or "gemm") or (null, null, "gemm") => IntegerPacking.Awq,
            ("awq", _, "gemv_fast") or (null, null, "gemv_fast") => IntegerPacking.AwqV2,
            ("awq", _, "gemv") or (null, null, "gemv") => IntegerPacking.AwqGemv,
            ("awq", _, _) => throw fields.Fail("version", $"the layout '{version}' of AWQ is not supported; 'gemm', 'gemv' and 'gemv_fast' are."),
            ("efficientqat", _, _) => IntegerPacking.EfficientQat,
            ("gptq", null or "gptq", _) or (null, "gptq", _) => IntegerPacking.Gptq,
            ("gptq", "gptq_v2", _) or (null, "gptq_v2", _) => IntegerPacking.GptqV2,
            ("gptq" or null, not null, _) => throw fields.Fail("checkpoint_format", $"'{format}' is not supported; 'gptq' and 'gptq_v2' are."),
            (not null, _, _) => throw fields.Fail("quant_method", $"'{method}' is not supported; 'gptq', 'awq' and 'efficientqat' are."),
            _ => null,
        };
    }

    private sealed record Fields(string Path, JsonElement Object)
    {
        public int? Number(params string[] names) => Find(names, JsonValueKind.Number) is not { } found ? null : found.Value.TryGetInt32(out int number)
            ? number
            : throw Fail(found.Name, $"it is {found.Value}, not an integer.");

        public string? Text(string name) => Find([name], JsonValueKind.String)?.Value.GetString()!.ToLowerInvariant();

        public bool? Truth(string name) => Find([name], JsonValueKind.True, JsonValueKind.False)?.Value.GetBoolean();

        public CheckpointException Fail(string field, string problem) => new(Path, field, problem);

        private (string Name, JsonElement Value)? Find(string[] names, params JsonValueKind[] kinds)
        {
            foreach (string name in names)
            {
                if (Object.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
                {
                    return kinds.Contains(value.ValueKind) ? (name, value) : throw Fail(name, $"it is a {value.ValueKind}; expected was a {kinds[0]}.");
                }
            }

            return null;
        }
    }
}

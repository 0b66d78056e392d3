using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Containers;

namespace KernelGen.Checkpoints;

/// <summary>
/// The layers of a safetensors file that GPTQ, EfficientQAT or AWQ quantized: integers in groups of inputs, with scales and zero points in tensors
/// beside them. Each opens as a matrix in a declared format, code for code.
/// </summary>
/// <remarks>
/// What the configuration does not say is taken from the shapes; where both speak and disagree, the layer is refused. Without any
/// configuration zero points are those of GPTQ's first format, or, where words have unused bits, EfficientQAT's, and groups of AWQ's second layout,
/// whose shapes do not tell, are 128 inputs.
/// </remarks>
public sealed class GroupedLayers : IDisposable
{
    private const string Codes = ".qweight";

    private readonly SafetensorsFile _file;
    private readonly GroupedConfig? _config;

    private GroupedLayers(SafetensorsFile file, GroupedConfig? config)
    {
        _file = file;
        _config = config;
        Names = [.. file.Tensors.Where(static t => t.Name.EndsWith(Codes, StringComparison.Ordinal)).Select(static t => t.Name[..^Codes.Length]).Order(StringComparer.Ordinal)];
    }

    /// <summary>The names of the layers: what stands before <c>.qweight</c>.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Opens a file with the configuration beside it, if there is one.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The layers; dispose them. Matrices stay.</returns>
    /// <exception cref="ModelFileException">The file is not safetensors, or is damaged.</exception>
    /// <exception cref="CheckpointException">The configuration is unusable.</exception>
    public static GroupedLayers Open(string path) => Open(path, GroupedConfig.FindBeside(path));

    /// <summary>Opens a file with a configuration.</summary>
    /// <param name="path">The file.</param>
    /// <param name="config">The configuration, or null to take all from the shapes.</param>
    /// <returns>The layers; dispose them. Matrices stay.</returns>
    /// <exception cref="ModelFileException">The file is not safetensors, or is damaged.</exception>
    public static GroupedLayers Open(string path, GroupedConfig? config) => new(SafetensorsFile.Open(path), config);

    /// <summary>Opens a layer.</summary>
    /// <param name="name">Its name, one of <see cref="Names"/>.</param>
    /// <returns>
    /// A <see cref="QuantizedMatrix"/>, or, where groups are not runs of inputs (act-order), a <see cref="GatheredMatrix"/>; dispose it.
    /// </returns>
    /// <exception cref="CheckpointException">A tensor or a field of the configuration is missing, contradicts another, or asks for something that no declared format stores.</exception>
    public IWeightMatrix OpenLayer(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        LayerTensors tensors = new(_file, name);
        GroupedWeights weights = Read(tensors);
        (FormatDescriptor format, int group) = GroupedFormats.Choose(weights) ?? throw new CheckpointException(
            _config?.Source ?? _file.Path,
            "group_size",
            $"{name} has {weights.Bits}-bit codes in groups of {weights.GroupSize}; multiples of 32 and whole rows can be stored.");
        IWeightMatrix matrix = GroupedMatrix.Build(weights, format, group);
        GC.KeepAlive(_file);
        return matrix;
    }

    /// <summary>Unmaps the file.</summary>
    public void Dispose() => _file.Dispose();

    private GroupedWeights Read(LayerTensors tensors)
    {
        SafetensorsTensor codes = tensors.Matrix("qweight", SafetensorsType.I32, SafetensorsType.I16);
        IntegerPacking? packing = _config?.Packing;
        if (packing == IntegerPacking.AwqV2 || (packing is null && codes.Type == SafetensorsType.I16))
        {
            return AwqReader.ReadV2(tensors, _config);
        }

        // No shape tells this layout from a stream along the inputs: only the configuration does.
        if (packing == IntegerPacking.AwqGemv)
        {
            return AwqReader.ReadGemv(tensors, _config);
        }

        // Only the outputs of a layer and its scales agree in number; AWQ packs outputs into words, GPTQ inputs.
        bool isAwq = packing is null && tensors.Find("scales") is { IsMatrix: true } scales && scales.Columns != codes.Columns && scales.Columns == codes.Columns * 8;
        return packing == IntegerPacking.Awq || isAwq ? AwqReader.Read(tensors, _config) : GptqReader.Read(tensors, packing, _config);
    }
}

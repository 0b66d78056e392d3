using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using KernelGen.Containers;
using KernelGen.Encoders;

namespace KernelGen.Checkpoints;

/// <summary>Quantizes a model into a GGUF file.</summary>
/// <remarks>
/// <para>
/// Matrices of floats (two dimensions, two rows or more) whose rows are a multiple of the type's block are quantized; other matrices stay
/// as they are, as in ggml. Types whose encoder is a formula get ggml's bytes; the K types and IQ types are searched (<see cref="SearchedEncoder"/>), all
/// weights counting alike. Other tensors of floats, norms and biases, become F32. Everything else, weights that are quantized already
/// among it, is copied.
/// </para>
/// <para>
/// All metadata of a GGUF file is kept, its alignment too; <c>general.file_type</c> and <c>general.quantization_version</c> are set as llama.cpp
/// sets them. Of a safetensors file the texts of <c>__metadata__</c> are kept under <c>safetensors.</c>; it names no architecture, so ggml opens the result
/// but llama.cpp wants more.
/// </para>
/// </remarks>
public static class GgufExport
{
    private const string SafetensorsPrefix = "safetensors.";

    /// <summary>Quantizes a model and writes the file, whole or not at all.</summary>
    /// <param name="model">The model, GGUF or safetensors.</param>
    /// <param name="path">The file to write; one that is there is replaced.</param>
    /// <param name="format">The format, one of ggml's with an encoder.</param>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    /// <param name="progress">Called with each tensor's name before it is written; may be null.</param>
    /// <returns>What became of each tensor, in the order of the file.</returns>
    /// <exception cref="CheckpointException">
    /// The format is none of ggml's, is meant for activations or has no encoder; or a tensor has a type, name or shape that GGUF cannot store, or
    /// weights that are not finite.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static IReadOnlyList<ExportedTensor> Write(IModelFile model, string path, FormatDescriptor format, int threads = 0, Action<string>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(format);
        GgmlType? known = GgmlFormats.TypeOf(format);
        if (known is not { } type || GgufFileTypes.Of(type) is not { } fileType || !CanEncode(format))
        {
            string why = known is null ? "is none of ggml's types" : CanEncode(format) ? "is a type of activations, not of weights" : "has no encoder";
            throw new CheckpointException(path, format.Name, $"the format {why}, so no model can be written in it.");
        }

        GgufWriter writer = new();
        CopyMetadata(model, path, writer);
        writer.SetMetadata(GgufFileTypes.VersionKey, GgufValue.Of(GgufFileTypes.Version));
        writer.SetMetadata(GgufFileTypes.FileTypeKey, GgufValue.Of(fileType));
        List<ExportedTensor> exported = [];
        foreach (ModelTensor tensor in model.Tensors)
        {
            exported.Add(Add(writer, path, tensor, format, type, threads, progress));
        }

        writer.Write(path);
        GC.KeepAlive(model);
        return exported;
    }

    private static void CopyMetadata(IModelFile model, string path, GgufWriter writer)
    {
        if (model is GgufFile gguf)
        {
            foreach ((string key, GgufValue value) in gguf.Metadata)
            {
                writer.SetMetadata(key, value);
            }
        }
        else if (model is SafetensorsFile safetensors)
        {
            foreach ((string key, string value) in safetensors.Metadata)
            {
                try
                {
                    writer.SetMetadata(SafetensorsPrefix + key, GgufValue.Of(value));
                }
                catch (ArgumentException exception)
                {
                    throw new CheckpointException(path, key, exception.Message, exception);
                }
            }
        }
    }

    private static ExportedTensor Add(GgufWriter writer, string path, ModelTensor tensor, FormatDescriptor format, GgmlType type, int threads, Action<string>? progress)
    {
        GgmlType stored = TypeOf(tensor) ?? throw new CheckpointException(path, tensor.Name, $"GGUF has no type for {tensor.ElementType}.");
        bool isWeights = tensor is { IsMatrix: true, IsFloat: true, Rows: > 1 };
        GgmlType target = isWeights
            ? tensor.Columns % GgmlTypeInfo.Get(type).BlockLength == 0 ? type : stored
            : tensor.IsFloat && !tensor.IsMatrix ? GgmlType.F32 : stored;
        try
        {
            writer.AddTensor(tensor.Name, target, [.. tensor.Shape], stream =>
            {
                progress?.Invoke(tensor.Name);
                if (target == stored)
                {
                    Copy(tensor.Data, stream);
                }
                else if (isWeights)
                {
                    Quantize(tensor, format, GgmlFormats.IsSearched(type) || !format.HasEncoder, threads, path, stream);
                }
                else
                {
                    Widen(tensor, stream);
                }
            });
        }
        catch (ArgumentException exception)
        {
            throw new CheckpointException(path, tensor.Name, exception.Message, exception);
        }

        return new ExportedTensor(tensor.Name, stored, target);
    }

    /// <summary>The type a tensor has as it is, or null where GGUF has none.</summary>
    private static GgmlType? TypeOf(ModelTensor tensor) => tensor switch
    {
        GgufTensor gguf => gguf.Type,
        SafetensorsTensor safetensors => safetensors.Type switch
        {
            SafetensorsType.F32 => GgmlType.F32,
            SafetensorsType.F16 => GgmlType.F16,
            SafetensorsType.BF16 => GgmlType.BF16,
            SafetensorsType.F64 => GgmlType.F64,
            SafetensorsType.I8 => GgmlType.I8,
            SafetensorsType.I16 => GgmlType.I16,
            SafetensorsType.I32 => GgmlType.I32,
            SafetensorsType.I64 => GgmlType.I64,
            _ => null,
        },
        _ => null,
    };

    private static void Copy(MappedRegion region, Stream stream)
    {
        const int Piece = 1 << 20;
        for (long at = 0; at < region.Length; at += Piece)
        {
            stream.Write(region.Slice(at, Math.Min(Piece, region.Length - at)).AsSpan());
        }
    }

    private static bool CanEncode(FormatDescriptor format) => format.HasEncoder || SearchedEncoder.Accepts(format);

    private static unsafe void Quantize(ModelTensor tensor, FormatDescriptor format, bool search, int threads, string path, Stream stream)
    {
        using NativeBuffer weights = new(checked(tensor.ElementCount * sizeof(float)));
        float* first = (float*)weights.Pointer;
        for (long row = 0; row < tensor.Rows; row++)
        {
            tensor.TryReadRow(row, new Span<float>(first + (row * tensor.Columns), checked((int)tensor.Columns)));
        }

        try
        {
            using QuantizedMatrix matrix = search && SearchedEncoder.Accepts(format)
                ? SearchedEncoder.Encode(format, new WeightRows(first, tensor.Columns, tensor.Rows, tensor.Columns), default, new SearchOptions { Threads = threads })
                : QuantizedMatrix.Quantize(format, first, tensor.Columns, tensor.Rows, tensor.Columns, threads);
            for (long row = 0; row < matrix.Outputs; row++)
            {
                stream.Write(new ReadOnlySpan<byte>(matrix.Blocks + (row * matrix.RowByteCount), checked((int)matrix.RowByteCount)));
            }
        }
        catch (NonFiniteWeightException exception)
        {
            throw new CheckpointException(path, tensor.Name, exception.Message, exception);
        }
    }

    private static void Widen(ModelTensor tensor, Stream stream)
    {
        float[] row = new float[tensor.Columns];
        for (long r = 0; r < tensor.Rows; r++)
        {
            tensor.TryReadRow(r, row);
            stream.Write(MemoryMarshal.AsBytes(row.AsSpan()));
        }
    }
}

/// <summary>What became of a tensor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="From">The type it had.</param>
/// <param name="To">The type it was written in.</param>
public sealed record ExportedTensor(string Name, GgmlType From, GgmlType To);

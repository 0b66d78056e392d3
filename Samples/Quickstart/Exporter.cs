using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using KernelGen;
using KernelGen.Checkpoints;
using KernelGen.Containers;

namespace Quickstart;

/// <summary>Writes a model as GGUF, its matrices quantized.</summary>
internal static class Exporter
{
    /// <summary>Does it.</summary>
    /// <param name="settings">The model, the file to write, and the one format.</param>
    /// <param name="output">Where to say what became of the tensors; nothing where JSON was asked for.</param>
    /// <exception cref="ModelFileException">The model is no model file, or damaged.</exception>
    /// <exception cref="CheckpointException">It cannot be written in the format.</exception>
    public static void Run(Settings settings, TextWriter output)
    {
        FormatDescriptor format = ((CellCandidate)settings.Formats[0]).Format;
        using IModelFile model = ModelFile.Open(settings.File!);
        IReadOnlyList<ExportedTensor> tensors = [];
        Progress.Run(!settings.Json, model.Tensors.Count, step =>
            tensors = GgufExport.Write(model, settings.Export!, format, settings.Options.Threads, step));
        if (settings.Json)
        {
            return;
        }

        output.WriteLine(FormattableString.Invariant(
            $"{settings.Export}: {tensors.Count} tensors, {new FileInfo(settings.Export!).Length:N0} bytes; {settings.File}: {new FileInfo(settings.File!).Length:N0} bytes"));
        foreach (IGrouping<(GgmlType From, GgmlType To), string> kind in tensors.GroupBy(t => (t.From, t.To), t => t.Name).OrderByDescending(k => k.Count()))
        {
            string names = string.Join(", ", kind.Take(3)) + (kind.Count() > 3 ? ", …" : "");
            output.WriteLine($"  {kind.Count(),5} {kind.Key.From} -> {kind.Key.To}: {names}");
        }
    }
}

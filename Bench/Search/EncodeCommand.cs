using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using KernelGen.Bench.Kernels;
using KernelGen.Bench.Peers;
using KernelGen.Containers;
using KernelGen.Encoders;
using KernelGen.Formats;

namespace KernelGen.Bench.Search;

/// <summary><c>encode</c>: the searched encoders' speed and error, beside ggml's where its libraries are named.</summary>
internal static class EncodeCommand
{
    public static Command Create()
    {
        Option<string> format = new("--format")
        {
            Description = "Formats by name, separated by commas.",
            DefaultValueFactory = _ => "Q2_K,Q3_K,Q4_K,Q5_K,Q6_K,IQ4_NL,IQ4_XS,IQ2_XXS,IQ2_XS,IQ2_S,IQ3_XXS,IQ3_S,IQ1_S,IQ1_M",
        };
        Option<string?> model = new("--model") { Description = "A .gguf or .safetensors file whose float matrices of suitable row length are encoded; made-up weights if not given." };
        Option<string> weights = new("--weights") { Description = "Most weights to encode.", DefaultValueFactory = _ => "262144" };
        Option<double> seconds = new("--seconds") { Description = "Least time each encoder is repeated for.", DefaultValueFactory = _ => 1 };
        Option<string?> peer = new("--peer") { Description = "A folder with ggml's shared libraries, to compare with." };
        Option<bool> json = new("--json") { Description = "One JSON object a line." };
        Command command = new("encode", "Measures the searched encoders on one thread: weights a second, and the error over ggml's.") { format, model, weights, seconds, peer, json };
        command.SetAction(parsed =>
        {
            string[] searched = [.. FormatCatalogue.All.Where(SearchedEncoder.Accepts).Select(f => f.Name)];
            GgmlLibrary? library = parsed.GetValue(peer) is { } folder ? GgmlLibrary.Load(folder) : null;
            (float[] x, int inputs) = parsed.GetValue(model) is { } path
                ? ReadModel(path, OptionText.Number(parsed, weights))
                : (SampleWeights.Make(OptionText.Number(parsed, weights) / RowLength, RowLength), RowLength);
            foreach (string name in OptionText.Names(parsed, format, searched))
            {
                FormatDescriptor one = FormatCatalogue.All.First(f => f.Name == name);
                GgmlFormat? theirs = library is null ? null : GgmlFormat.Find(library, one, out _);
                foreach (EncodeFigure figure in EncodeBench.Measure(one, x, inputs, theirs, parsed.GetValue(seconds)))
                {
                    Write(parsed.InvocationConfiguration.Output, figure, parsed.GetValue(json));
                }
            }

            return 0;
        });
        return command;
    }

    /// <summary>A multiple of every block of the catalogue.</summary>
    private const int RowLength = 512;

    /// <summary>The matrices of a file, cut into rows of 512 where they are a multiple of that.</summary>
    private static (float[] Weights, int Inputs) ReadModel(string path, int most)
    {
        List<float> all = [];
        using IModelFile file = ModelFile.Open(path);
        foreach (ModelTensor tensor in file.Tensors.Where(t => t.IsMatrix && t.IsFloat && t.ElementCount % RowLength == 0))
        {
            float[] numbers = new float[tensor.ElementCount];
            if (all.Count < most && tensor.TryReadFloat32(numbers))
            {
                all.AddRange(numbers.Take((most - all.Count) / RowLength * RowLength));
            }
        }

        return all.Count > 0 ? ([.. all], RowLength) : throw new UsageException($"--model: '{path}' has no float matrix of a multiple of {RowLength} weights.");
    }

    private static void Write(TextWriter output, EncodeFigure f, bool json)
    {
        string importance = f.Importance ? "importance" : "plain";
        if (json)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"kind\":\"encode\",\"format\":\"{f.Format}\",\"objective\":\"{importance}\",\"rate\":{f.Rate:F2},\"nmse\":{f.Nmse:E4},\"peer\":{Number(f.PeerRate)},\"weighted\":{Number(f.Weighted)},\"squared\":{Number(f.Plain)},\"unit\":\"M/s\"}}"));
            return;
        }

        output.Write(string.Create(CultureInfo.InvariantCulture, $"{f.Format,-8} {importance,-10} {f.Rate,7:F1} M weights/s  nmse {f.Nmse:E3}"));
        output.WriteLine(f.PeerRate is null
            ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $"   ggml {f.PeerRate,6:F1} M/s ({f.Rate / f.PeerRate:F1}x)   error {f.Weighted:F4}x ggml's, squared {f.Plain:F4}x"));
    }

    private static string Number(double? value) => value?.ToString("F4", CultureInfo.InvariantCulture) ?? "null";
}

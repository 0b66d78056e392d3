using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;

namespace Quickstart;

/// <summary>One JSON object a line and format; null where there is no finite figure. Notes and rejections go to stderr.</summary>
/// <param name="output">Where lines go.</param>
internal sealed class JsonReport(TextWriter output) : IReport
{
    /// <inheritdoc/>
    public void Begin(Model model, TimedWeights timed)
    {
        foreach (string note in model.Notes)
        {
            Console.Error.WriteLine(note);
        }
    }

    /// <inheritdoc/>
    public void Add(Figures figures)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line))
        {
            json.WriteStartObject();
            json.WriteString("format", figures.Format.Name);
            Write("bits", figures.Bits, 5);
            Write("nmse", figures.Nmse, 15);
            Write("cosine", figures.Cosine, 15);
            json.WriteNumber("bytes", figures.Bytes);
            Write("gemv_gbs", figures.GemvGbs, 2);
            Write("gemm_gflops", figures.GemmGflops, 2);
            json.WriteString("target", figures.Target.ToString());
            json.WriteEndObject();

            void Write(string name, double? value, int digits)
            {
                if (value is { } number && double.IsFinite(number))
                {
                    json.WriteNumber(name, Math.Round(number, digits));
                }
                else
                {
                    json.WriteNull(name);
                }
            }
        }

        output.WriteLine(Encoding.UTF8.GetString(line.ToArray()));
        foreach ((string matrix, string reason) in figures.Rejections)
        {
            Console.Error.WriteLine($"{figures.Format.Name}, {matrix}: {reason}");
        }
    }

    /// <inheritdoc/>
    public void End(Model model, IReadOnlyList<Figures> all)
    {
    }
}

using System.IO;
using System.Text;
using System.Text.Json;

namespace KernelGen.Bench.Kernels;

/// <summary>One JSON object a line; notes go elsewhere.</summary>
internal sealed class JsonReport(TextWriter output, TextWriter notes) : IReport
{
    public void Limit(string name, int threads, double value, string unit) => Line(json =>
    {
        json.WriteString("kind", "limit");
        json.WriteString("name", name);
        json.WriteNumber("threads", threads);
        Number(json, "value", value);
        json.WriteString("unit", unit);
    });

    public void Kernel(KernelFigure figure) => Line(json =>
    {
        json.WriteString("kind", "kernel");
        json.WriteString("format", figure.Format);
        json.WriteString("op", figure.Op);
        json.WriteString("mode", figure.Mode?.ToString());
        json.WriteNumber("m", figure.M);
        json.WriteNumber("n", figure.N);
        json.WriteNumber("k", figure.K);
        json.WriteNumber("threads", figure.Threads);
        json.WriteString("target", figure.Target.ToString());
        Number(json, "best", figure.Best);
        Number(json, "median", figure.Median);
        json.WriteString("unit", figure.Unit);
        json.WriteString("limit", figure.Limit);
        Number(json, "percent", figure.Percent);
    });

    public void Peer(PeerFigure figure) => Line(json =>
    {
        json.WriteString("kind", "peer");
        json.WriteString("peer", figure.Peer);
        json.WriteString("format", figure.Format);
        json.WriteString("op", figure.Op);
        json.WriteNumber("m", figure.M);
        json.WriteNumber("n", figure.N);
        json.WriteNumber("k", figure.K);
        json.WriteNumber("threads", figure.Threads);
        Number(json, "best", figure.Best);
        json.WriteString("unit", figure.Unit);
        Number(json, "ratio", figure.Ratio);
    });

    public void Note(string text) => notes.WriteLine(text);

    private static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, System.Math.Round(value, 3));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private void Line(System.Action<Utf8JsonWriter> write)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
        output.Flush();
    }
}

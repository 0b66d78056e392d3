using System.Globalization;
using System.IO;

namespace KernelGen.Bench.Kernels;

/// <summary>A table for people.</summary>
internal sealed class TextReport(TextWriter output) : IReport
{
    private bool _inKernels;

    public void Limit(string name, int threads, double value, string unit)
    {
        _inKernels = false;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"limit  {name,-28} {threads} thread{(threads == 1 ? " " : "s")} {value,9:F1} {unit}"));
    }

    public void Kernel(KernelFigure figure)
    {
        if (!_inKernels)
        {
            _inKernels = true;
            output.WriteLine($"{"format",-14} {"op",-10} {"mode",-7} {"M",4} {"threads",7} {"target",-10} {"best",9} {"median",9} {"unit",-9} {"of limit",8}  limit");
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{figure.Format,-14} {figure.Op,-10} {figure.Mode?.ToString() ?? "-",-7} {figure.M,4} {figure.Threads,7} {figure.Target,-10} {figure.Best,9:F1} {figure.Median,9:F1} {figure.Unit,-9} {figure.Percent,6:F1} %  {figure.Limit}"));
    }

    public void Peer(PeerFigure figure) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{figure.Format,-14} {figure.Op,-10} {"",-7} {figure.M,4} {figure.Threads,7} {figure.Peer,-10} {figure.Best,9:F1} {"",9} {figure.Unit,-9} {figure.Ratio,6:F2} x  ours over {figure.Peer}"));

    public void Note(string text) => output.WriteLine($"note   {text}");
}

using System;
using System.IO;
using System.Linq;
using KernelGen.Conformance;
using Xunit;

namespace KernelGen.Tests.Conformance;

/// <summary>The conformance program over the reference folders, where they are present, and over unusable ones.</summary>
public class ConformanceTests
{
    [SharedFact("vectors/ggml")]
    public void GgmlVectorsAreExact() => RunsExact("ggml", SharedFiles.Find("vectors/ggml")!);

    [SharedFact("reference/examples")]
    public void WorkedExamplesAreExact() => RunsExact("examples", SharedFiles.Find("reference/examples")!);

    [Theory]
    [InlineData("")]
    [InlineData("ggml")]
    [InlineData("other", ".")]
    [InlineData("ggml", "/no/such/folder")]
    [InlineData("examples", "/no/such/folder")]
    public void UnusableArgumentsAreRefused(params string[] args)
    {
        StringWriter errors = new();
        Assert.Equal(2, Program.Run([.. args.Where(a => a.Length > 0)], TextWriter.Null, errors));
        Assert.NotEmpty(errors.ToString());
    }

    [Fact]
    public void AnEmptyFolderIsRefused()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            foreach (string mode in (string[])["ggml", "examples"])
            {
                StringWriter errors = new();
                Assert.Equal(2, Program.Run([mode, folder], TextWriter.Null, errors));
                Assert.NotEmpty(errors.ToString());
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void RunsExact(string mode, string folder)
    {
        StringWriter output = new();
        int code = Program.Run([mode, folder], output, TextWriter.Null);
        Assert.True(code == 0, output.ToString());
        Assert.Contains(" exact", output.ToString(), StringComparison.Ordinal);
    }
}

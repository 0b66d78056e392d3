using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using KernelGen;

namespace Quickstart;

/// <summary>The arguments. What is wrong with them goes to stderr, with exit code 2.</summary>
internal static class CommandLine
{
    private static readonly Argument<string?> File = new("file")
    {
        Description = "A .gguf or .safetensors file. Without one: made-up weights, the same in every run.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> Formats = new("--format") { Description = "Formats to try, separated by commas, or all (the default).", HelpName = "A,B" };

    private static readonly Option<string?> Target = new("--target") { Description = "Kernels to run. Default: the best of this machine.", HelpName = "T" };

    private static readonly Option<int> Threads = new("--threads") { Description = "Most threads to use; 0 for all.", HelpName = "N" };

    private static readonly Option<string?> Mode = new("--mode") { Description = "Arithmetic of products. Default: Int8.", HelpName = "Int8|Float32" };

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object a line for each format, and nothing else." };

    private static readonly Option<string?> Export = new("--export")
    {
        Description = "Quantize the file to the one format named by --format, a type of ggml, and write it as GGUF.",
        HelpName = "out.gguf",
    };

    /// <summary>Reads the arguments and does the work.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="work">The work: from settings to the exit code.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments, Func<Settings, int> work)
    {
        RootCommand root = new("Quantizes the matrices of a model in every declared format and prints size, error and speed.")
        {
            File, Formats, Target, Threads, Mode, Json, Export,
        };
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (string message in parsed.Errors.Select(error => error.Message))
            {
                Console.Error.WriteLine(message);
            }

            return 2;
        }

        root.SetAction(result =>
        {
            try
            {
                return work(Read(result));
            }
            catch (UsageException exception)
            {
                Console.Error.WriteLine(exception.Message);
                return 2;
            }
        });
        return parsed.Invoke();
    }

    private static Settings Read(ParseResult result)
    {
        int threads = result.GetValue(Threads);
        if (threads < 0)
        {
            throw new UsageException($"--threads {threads}: 0 for all, or a positive number.");
        }

        string? file = result.GetValue(File);
        if (file?.StartsWith("--", StringComparison.Ordinal) == true)
        {
            throw new UsageException($"There is no option {file}. Options: {string.Join(", ", result.CommandResult.Command.Options.Select(o => o.Name))}.");
        }

        string? export = result.GetValue(Export);
        IReadOnlyList<Candidate> formats = result.GetValue(Formats) is { } names ? ReadFormats(names) : KnownFormats.All;
        if (export is not null && (file is null || formats is not [CellCandidate]))
        {
            throw new UsageException("--export needs a model file and exactly one format of ggml: --export out.gguf --format Q4_K model.safetensors");
        }

        return new Settings
        {
            File = file,
            Export = export,
            Formats = formats,
            Options = new MultiplyOptions
            {
                Target = result.GetValue(Target) is { } target ? ReadName<KernelTarget>("--target", target) : null,
                Mode = result.GetValue(Mode) is { } mode ? ReadName<ComputeMode>("--mode", mode) : default,
                Threads = threads,
            },
            Json = result.GetValue(Json),
        };
    }

    private static List<Candidate> ReadFormats(string names)
    {
        List<Candidate> formats = [];
        if (Same(names, "all"))
        {
            return [.. KnownFormats.All];
        }

        foreach (string name in names.Split(',', StringSplitOptions.TrimEntries))
        {
            Candidate format = KnownFormats.All.FirstOrDefault(f => Same(f.Name, name)) ?? throw new UsageException(
                $"--format: there is no format '{name}'. Known formats: {string.Join(", ", KnownFormats.All)}.");
            if (!formats.Contains(format))
            {
                formats.Add(format);
            }
        }

        return formats;
    }

    private static T ReadName<T>(string option, string name)
        where T : struct, Enum
    {
        string known = Enum.GetNames<T>().FirstOrDefault(n => Same(n, name))
            ?? throw new UsageException($"{option}: there is no '{name}'. Known: {string.Join(", ", Enum.GetNames<T>())}.");
        return Enum.Parse<T>(known);
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}

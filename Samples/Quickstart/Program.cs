using System;
using System.IO;
using KernelGen;
using KernelGen.Checkpoints;
using KernelGen.Containers;

namespace Quickstart;

/// <summary>
/// Quantizes the matrices of a model in every declared format and prints what each costs and gains. The calls to learn from
/// are in <see cref="Evaluation"/> and <see cref="Example"/>; a format of one's own is <see cref="MyFormat"/>.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments) => CommandLine.Run(arguments, settings =>
    {
        try
        {
            if (settings.Export is not null)
            {
                Exporter.Run(settings, Console.Out);
                return 0;
            }

            using Model model = settings.File is null ? DefaultModel.Make() : FileModel.Open(settings.File);
            IReport report = settings.Json ? new JsonReport(Console.Out) : new TableReport(Console.Out, settings);
            Evaluation.Run(model, settings, report);
            return 0;
        }
        catch (Exception exception) when (exception
            is UsageException or ModelFileException or CheckpointException or KernelTargetException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(exception.Message);
            return 2;
        }
    });
}

using System;

namespace KernelGen.Containers;

/// <summary>Opens a model file by what is in it, whatever its name ends in.</summary>
public static class ModelFile
{
    /// <summary>Opens a GGUF or safetensors file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelFileException">The file is neither, or is damaged.</exception>
    public static IModelFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            return Read(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    internal static IModelFile Read(MappedFile file)
    {
        ReadOnlySpan<byte> start = file.Slice(0, Math.Min(file.Length, 9)).AsSpan();
        if (start.StartsWith("GGUF"u8))
        {
            return GgufFile.Read(file);
        }

        if (start.Length == 9 && start[8] == (byte)'{')
        {
            return SafetensorsFile.Read(file);
        }

        throw start switch
        {
            [] => Unreadable("The file is empty.", "Fetch it again."),
            [(byte)'P', (byte)'K', ..] => Unreadable("This is a zip archive, as PyTorch writes.", "Convert it to safetensors or GGUF."),
            _ => Unreadable("This is neither GGUF (which starts with 'GGUF') nor safetensors (whose byte 8 is '{').", "Check that it is a model file and complete."),
        };

        ModelFileException Unreadable(string problem, string advice) => new(file.Path, 0, problem, advice);
    }
}

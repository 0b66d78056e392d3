using System;
using System.Globalization;
using System.Text.RegularExpressions;
using KernelGen.Containers;

namespace KernelGen;

/// <summary>
/// Structured matrices in safetensors files. Each has a name; its tensors stand under "name.", and the metadata entry "name" says what they
/// are: <c>KernelGen.Formats.OneBit 0123456789ABCDEF 4096 x 4096</c>, the format's full name, its layout hash, outputs and inputs.
/// </summary>
public static partial class StructureStorage
{
    /// <summary>Adds a matrix to a file that is to be written.</summary>
    /// <param name="writer">The file.</param>
    /// <param name="name">The matrix's name.</param>
    /// <param name="matrix">The matrix.</param>
    /// <returns>The matrix's tensors, which must be disposed after the file has been written.</returns>
    /// <exception cref="ArgumentException">There are tensors of such names.</exception>
    public static TensorSet AddMatrix(this SafetensorsWriter writer, string name, StructuredMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(matrix);
        TensorSet tensors = matrix.ToTensors();
        try
        {
            writer.AddTensors(tensors, name + ".");
            writer.SetMetadata(name, FormattableString.Invariant($"{matrix.Format.FullName} {matrix.Format.LayoutHash:X16} {matrix.Outputs} x {matrix.Inputs}"));
            return tensors;
        }
        catch
        {
            tensors.Dispose();
            throw;
        }
    }

    /// <summary>Loads a matrix. Everything is checked: the format, every tensor's name, type and shape, the mask and all numbers.</summary>
    /// <param name="file">The file, which may be disposed afterwards.</param>
    /// <param name="name">The matrix's name.</param>
    /// <param name="format">The format it should have.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="ModelFileException">The file has no such matrix, or one whose tensors mean something else than the format says.</exception>
    /// <exception cref="StoredTensorException">A tensor is missing, unknown, of another type or shape, or holds what it must not.</exception>
    /// <exception cref="MatrixShapeException">The format cannot store such a matrix.</exception>
    public static StructuredMatrix LoadMatrix(this SafetensorsFile file, string name, StructureDescriptor format)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(format);
        if (!file.Metadata.TryGetValue(name, out string? entry))
        {
            throw new ModelFileException(file.Path, 0, $"There is no metadata entry '{name}', which would say what the tensors under '{name}.' are.", "Check the name.");
        }

        Match match = EntryPattern().Match(entry);
        if (!match.Success || !TryRead(match, "o", out long outputs) || !TryRead(match, "i", out long inputs))
        {
            throw new ModelFileException(file.Path, 0, $"The metadata entry '{name}' is '{entry}'; expected was a format, its hash, and outputs x inputs.", "Write the file again.");
        }

        if (match.Groups["hash"].Value != format.LayoutHash.ToString("X16", CultureInfo.InvariantCulture))
        {
            throw new ModelFileException(
                file.Path, 0, $"'{name}' is '{entry}'; {format.FullName} has the hash {format.LayoutHash:X16}, so its tensors mean something else.", "Load it as the format it was written in.");
        }

        using TensorSet tensors = file.ViewTensors(name + ".");
        StructuredMatrix matrix = StructuredMatrix.FromTensors(format, outputs, inputs, tensors);
        GC.KeepAlive(file);
        return matrix;
    }

    private static bool TryRead(Match match, string group, out long number) =>
        long.TryParse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    [GeneratedRegex("^[^ ]+ (?<hash>[0-9A-F]{16}) (?<o>[0-9]{1,18}) x (?<i>[0-9]{1,18})$")]
    private static partial Regex EntryPattern();
}

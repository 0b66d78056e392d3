using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection.PortableExecutable;

namespace KernelGen.Disassembly;

/// <summary>A ReadyToRun image and the compiler's map of it: the machine code of each method.</summary>
internal sealed class Image
{
    private const string Prefix = "KernelGen_Formats_KernelGen_Generated_";
    private const string Method = ",MethodWithGCInfo";

    private readonly Dictionary<string, (int Address, int Length)> _methods;
    private readonly PEReader _file;

    /// <summary>Reads the image and its map.</summary>
    /// <param name="path">The image, <c>NAME.dll</c>; its map is <c>NAME.map.csv</c> beside it.</param>
    public Image(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _methods = File.ReadLines(Path.ChangeExtension(path, ".map.csv"))
            .Where(line => line.EndsWith(Method, StringComparison.Ordinal))
            .Select(line => line[..^Method.Length].Split(',', 5))
            .Where(columns => columns[4].StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(
                columns => columns[4][Prefix.Length..],
                columns => (Convert.ToInt32(columns[0], 16), int.Parse(columns[1], CultureInfo.InvariantCulture)),
                StringComparer.Ordinal);
    }

    /// <summary>The names of the methods of an emitted class.</summary>
    public IEnumerable<string> MethodsOf(string emittedClass) => _methods.Keys
        .Where(name => name.StartsWith(emittedClass + "__", StringComparison.Ordinal))
        .Select(name => name[(emittedClass.Length + 2)..]);

    /// <summary>Whether there is such a method.</summary>
    public bool Has(string emittedClass, string method) => _methods.ContainsKey($"{emittedClass}__{method}");

    /// <summary>The address and the code of a method.</summary>
    public (int Address, byte[] Code) CodeOf(string emittedClass, string method)
    {
        (int address, int length) = _methods[$"{emittedClass}__{method}"];
        return (address, [.. _file.GetSectionData(address).GetContent(0, length)]);
    }
}

using System;
using System.Globalization;
using System.IO;

namespace KernelGen.Bench.Limits;

/// <summary>The sizes of the first processor's caches, where the system tells them.</summary>
public static class CacheSizes
{
    private const string Folder = "/sys/devices/system/cpu/cpu0/cache";

    /// <summary>The size of the level-2 cache in bytes; 1 MiB where it is not known.</summary>
    public static long L2 { get; } = Read(2) ?? 1 << 20;

    /// <summary>The size of the level-3 cache in bytes; 16 MiB where it is not known.</summary>
    public static long L3 { get; } = Read(3) ?? 16 << 20;

    private static long? Read(int level)
    {
        if (!Directory.Exists(Folder))
        {
            return null;
        }

        foreach (string index in Directory.EnumerateDirectories(Folder, "index*"))
        {
            if (Text(index, "level") == level.ToString(CultureInfo.InvariantCulture) && Text(index, "type") != "Instruction")
            {
                return Parse(Text(index, "size"));
            }
        }

        return null;
    }

    private static string Text(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : "";
    }

    private static long? Parse(string size)
    {
        int shift = size.EndsWith('K') ? 10 : size.EndsWith('M') ? 20 : 0;
        ReadOnlySpan<char> digits = shift > 0 ? size.AsSpan(0, size.Length - 1) : size;
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long n) && n > 0 ? n << shift : null;
    }
}

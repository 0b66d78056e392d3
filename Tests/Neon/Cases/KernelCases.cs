using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using KernelGen.Formats;

namespace KernelGen.NeonCases;

/// <summary>Writes the cases of all formats of the catalogue, the cells of structures among them, for one target.</summary>
internal static class KernelCases
{
    public static void Write(CaseFile file, string target)
    {
        foreach (FormatDescriptor format in FormatCatalogue.All.Concat(FormatCatalogue.Structures.SelectMany(s => s.Cells)).DistinctBy(f => f.FullName))
        {
            string stem = string.Join('_', format.FullName.Split('.', '+').Select(part => part.Replace("_", "__", StringComparison.Ordinal)));
            string tile = format.HasInt8Kernels ? TileClass(format) : string.Empty;
            foreach (long k in Lengths(format, Own(format, target).Panel.BlockInputs))
            {
                new FormatCases(file, format, Own(format, target), stem, $"{tile}_{target}", k).Write();
            }
        }

        Float32TileCases.Write(file, FormatCatalogue.All[0], Own(FormatCatalogue.All[0], target), Float32Tile(target));
    }

    /// <summary>The class with a kernel, by its name without the target: the target's own, or, where the two are the same, the class of the target it extends.</summary>
    public static string Holder(string stem, string target, string method)
    {
        string own = $"{stem}_{target}";
        Type type = typeof(FormatCatalogue).Assembly.GetType($"KernelGen.Generated.{own}", throwOnError: true)!;
        bool has = type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public).Any(m => m.Name == method);
        return has ? own : $"{stem}_Neon";
    }

    /// <summary>The class of the f32 micro-kernels.</summary>
    private static string Float32Tile(string target)
    {
        IReadOnlyList<Float32TileKernel> kernels = Own(FormatCatalogue.All[0], target).Float32Tiles;
        return typeof(FormatCatalogue).Assembly.GetTypes().Single(t =>
            t.Name.StartsWith("Tile_F32_", StringComparison.Ordinal)
            && ReferenceEquals(t.GetField("Kernels", BindingFlags.Static | BindingFlags.NonPublic)?.GetValue(null), kernels)).Name;
    }

    private static KernelSet Own(FormatDescriptor format, string target) => format.Kernels.Single(k => k.Target.ToString() == target);

    /// <summary>Several packed blocks; the most ragged end the format allows.</summary>
    private static long[] Lengths(FormatDescriptor format, int blockInputs)
    {
        long whole = 3L * blockInputs;
        return format.Ragged == RaggedRows.Reject
            ? [whole]
            : [whole, (2L * blockInputs) + (blockInputs / 2) + 3];
    }

    /// <summary>The class of the micro-kernels, without the target: found by the table that the format's kernel set holds.</summary>
    private static string TileClass(FormatDescriptor format)
    {
        KernelSet portable = format.Kernels.Single(k => k.Target == KernelTarget.Vector128);
        Type type = typeof(FormatCatalogue).Assembly.GetTypes().Single(t =>
            t.Name.StartsWith("Tile_", StringComparison.Ordinal)
            && ReferenceEquals(t.GetField("Kernels", BindingFlags.Static | BindingFlags.NonPublic)?.GetValue(null), portable.Int8Tiles));
        return type.Name[..type.Name.LastIndexOf('_')];
    }
}

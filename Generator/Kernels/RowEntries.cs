using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Targets;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes how the vector row kernels come by the parameters of a row and of a block: entries stand at <c>block</c> itself, or are unpacked into <c>entries</c>, by shuffles where they are many.
/// </summary>
internal sealed class RowEntries(FormatSpec spec, Target target, string scalarClass)
{
    /// <summary>Entries from which on a shuffle is faster than reading one by one.</summary>
    private const int LeastShuffled = 4;

    /// <summary>The parameters of the block that enter its numbers.</summary>
    private IEnumerable<int> Parameters => Enumerable.Range(0, spec.Parameters.Count).Where(i => spec.Parameters[i] is { IsSide: false, IsFactor: true });

    /// <summary>Entries of a parameter in a block; a side parameter counts as one.</summary>
    public int Count(int parameter) => spec.Parameters[parameter].IsSide ? 1 : spec.Block.Inputs / spec.Parameters[parameter].Inputs;

    /// <summary>Whether so many entries, rounded up to whole vectors, can be loaded from <see cref="Pointer"/>.</summary>
    public bool AreInRow(int parameter, int count)
    {
        EntryBuffers.Place place = EntryBuffers.PlaceOf(spec, parameter);
        return place.Buffered || (place.Stride == place.Bytes && place.At + (count * place.Bytes) <= spec.Block.Bytes);
    }

    /// <summary>Declares the buffer, before the blocks.</summary>
    public void Declare(CodeWriter code)
    {
        if (Parameters.Any(i => EntryBuffers.PlaceOf(spec, i).Buffered))
        {
            code.Line($"{scalarClass}.{EntryBuffers.Entries} entryBuffer;");
            code.Line("byte* entries = (byte*)&entryBuffer;");
        }
    }

    /// <summary>Declares the side parameters, <c>p0</c> and so on, as vectors of one number, before the blocks.</summary>
    public void DeclareSide(CodeWriter code)
    {
        var scalar = new RowParameters(spec);
        for (int i = 0; i < spec.Parameters.Count; i++)
        {
            if (spec.Parameters[i] is { IsSide: true, IsFactor: true })
            {
                code.Line($"{target.Single} p{i} = {target.SplatSingle(scalar.SideValue(i))};");
            }
        }
    }

    /// <summary>Fills the buffer for a block, and declares its parameters with one entry as vectors of one number.</summary>
    public void Block(CodeWriter code)
    {
        foreach (int i in Parameters)
        {
            Extract(code, i);
            if (Count(i) == 1)
            {
                code.Line($"{target.Single} p{i} = {Broadcast(i, "0")};");
            }
        }
    }

    /// <summary>Fills a parameter's part of the buffer where its entries are not taken from the block.</summary>
    private void Extract(CodeWriter code, int parameter)
    {
        EntryBuffers.Place place = EntryBuffers.PlaceOf(spec, parameter);
        if (!place.Buffered)
        {
            return;
        }

        string to = Offset("entries", place.At.ToString(CultureInfo.InvariantCulture));
        if (place.Bytes == 1 && Count(parameter) >= LeastShuffled && CodeExtraction.TryEntries(code, spec, target, parameter, to))
        {
            return;
        }

        string type = place.Bytes == 1 ? "byte" : place.Bytes == 2 ? "ushort" : "uint";
        SliceWriter.ReadAll(code, spec, parameter, $"(({type}*)({to}))", 0, type);
    }

    /// <summary>Where an entry stands.</summary>
    public string Pointer(int parameter, string entry)
    {
        EntryBuffers.Place place = EntryBuffers.PlaceOf(spec, parameter);
        return Offset(place.Buffered ? "entries" : "block", place.At.ToString(CultureInfo.InvariantCulture), Times(entry, place.Stride));
    }

    /// <summary>The stored bits of an entry.</summary>
    public string Stored(int parameter, string entry)
    {
        string pointer = Pointer(parameter, entry);
        return EntryBuffers.PlaceOf(spec, parameter).Bytes switch
        {
            1 => $"*({pointer})",
            2 => $"*(ushort*)({pointer})",
            _ => $"*(uint*)({pointer})",
        };
    }

    /// <summary>The number of an entry in every lane: decoded in scalar registers, which the row kernels leave idle.</summary>
    public string Broadcast(int parameter, string entry) =>
        target.SplatSingle(RowParameters.Decode(spec, spec.Parameters[parameter], Stored(parameter, entry)));
}

using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Where the vector row kernels find the entries of a parameter: in the block, where they are whole bytes at equal distances, or
/// unpacked into a buffer.
/// </summary>
internal static class EntryBuffers
{
    /// <summary>Name of the buffer type of unpacked entries, nested in the format's scalar class.</summary>
    public const string Entries = "EntryBuffer";

    /// <summary>Name of the buffer type of one f32 per group, nested in the format's scalar class.</summary>
    public const string Groups = "GroupBuffer";

    /// <summary>Entries the widest vector takes: buffers are whole multiples of it.</summary>
    private const int Widest = 16;

    /// <summary>Length of the buffer of unpacked entries in bytes, 0 where none is needed.</summary>
    public static int EntryBytes(FormatSpec spec) =>
        Enumerable.Range(0, spec.Parameters.Count).Where(i => spec.Parameters[i] is { IsSide: false, IsFactor: true } && !IsDirect(spec, i)).Sum(i => Length(spec, i));

    /// <summary>Length of the buffer of one f32 per group.</summary>
    public static int GroupCount(FormatSpec spec) => (Count(spec, new RowParameters(spec).Group) + Widest - 1) / Widest * Widest;

    /// <summary>Where an in-block parameter's entries are.</summary>
    public static Place PlaceOf(FormatSpec spec, int parameter)
    {
        int bytes = ByteCount(spec.Parameters[parameter].Type);
        if (IsDirect(spec, parameter))
        {
            SliceSpec first = spec.Slices.First(s => s.Quantity == parameter);
            int stride = first.Count > 1 ? (first.BitOf(first.First + 1) - first.At) / 8 : bytes;
            return new Place(false, first.At / 8, stride, bytes);
        }

        int at = Enumerable.Range(0, parameter).Where(i => spec.Parameters[i] is { IsSide: false, IsFactor: true } && !IsDirect(spec, i)).Sum(i => Length(spec, i));
        return new Place(true, at, bytes, bytes);
    }

    private static bool IsDirect(FormatSpec spec, int parameter)
    {
        SliceSpec[] slices = spec.Slices.Where(s => s.Quantity == parameter).ToArray();
        StoredType type = spec.Parameters[parameter].Type;
        if (slices.Length != 1 || slices[0].Bits != type.Bits || type.Bits % 8 != 0 || slices[0].At % 8 != 0)
        {
            return false;
        }

        SliceSpec slice = slices[0];
        int stride = slice.Count > 1 ? slice.BitOf(slice.First + 1) - slice.At : 8;
        return stride % 8 == 0 && Enumerable.Range(0, slice.Count).All(e => slice.BitOf(slice.First + e) == slice.At + (e * stride));
    }

    private static int Length(FormatSpec spec, int parameter) =>
        (Count(spec, spec.Parameters[parameter].Inputs) + Widest - 1) / Widest * Widest * ByteCount(spec.Parameters[parameter].Type);

    private static int Count(FormatSpec spec, int inputs) => spec.Block.Inputs / inputs;

    private static int ByteCount(StoredType type) => type.Bits > 16 ? 4 : type.Bits > 8 ? 2 : 1;

    /// <summary>Where entries are.</summary>
    /// <param name="Buffered">In the buffer, not in the block.</param>
    /// <param name="At">Byte of the first.</param>
    /// <param name="Stride">Bytes from one to the next.</param>
    /// <param name="Bytes">Bytes of one.</param>
    internal readonly record struct Place(bool Buffered, int At, int Stride, int Bytes);
}

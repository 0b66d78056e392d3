using System;
using System.Runtime.InteropServices;
using KernelGen.Containers;

namespace KernelGen.Bench.Peers;

/// <summary>A type of ggml that stores the same bytes as one of our formats, and its conversions.</summary>
internal sealed unsafe partial class GgmlFormat
{
    private readonly GgmlLibrary _library;
    private readonly GgmlTypeTraits* _traits;
    private readonly delegate* unmanaged<float*, void*, long, void> _fromFloat;

    private GgmlFormat(GgmlLibrary library, int type, GgmlTypeTraits* traits)
    {
        _library = library;
        _traits = traits;
        Type = type;
        nint* cpu = library.Functions.TypeTraitsCpu(type);
        _fromFloat = cpu == null ? null : (delegate* unmanaged<float*, void*, long, void>)cpu[0];
        if (CanEncode || NeedsImportance)
        {
            library.Functions.QuantizeInit(type);
        }
    }

    /// <summary>The number of the type.</summary>
    public int Type { get; }

    /// <summary>Whether there is a <c>to_float</c>.</summary>
    public bool CanDecode => _traits->ToFloat != null;

    /// <summary>Whether <c>ggml_quantize_chunk</c> works without an importance matrix. It ends the process where it is asked for a type of activations.</summary>
    public bool CanEncode =>
        _traits->FromFloatReference != null && _library.Functions.NeedsImportance(Type) == 0 && (GgmlType)Type is not (GgmlType.Q8_1 or GgmlType.Q8_K);

    /// <summary>Whether <c>ggml_quantize_chunk</c> works with an importance matrix only.</summary>
    public bool NeedsImportance => _library.Functions.NeedsImportance(Type) != 0;

    /// <summary>Whether the CPU backend has an encoder of its own, <c>from_float</c>.</summary>
    public bool CanEncodeRow => _fromFloat != null;

    /// <summary>Finds the type with the name and the block of a format.</summary>
    /// <param name="library">ggml.</param>
    /// <param name="format">The format.</param>
    /// <param name="reason">Why there is none.</param>
    /// <returns>The type, or null.</returns>
    public static GgmlFormat? Find(GgmlLibrary library, FormatDescriptor format, out string reason)
    {
        reason = $"{library} has no type {format.Name}";
        if (!Enum.TryParse(format.Name, ignoreCase: true, out GgmlType known) || !Enum.IsDefined(known))
        {
            return null;
        }

        int type = (int)known;
        GgmlFunctions functions = library.Functions;
        nint name = functions.TypeName(type);
        if (!IsInLibrary(name, functions) || !string.Equals(Marshal.PtrToStringUTF8(name), format.Name, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        GgmlTypeTraits* traits = functions.TypeTraits(type);
        if (traits == null || traits->Name != name || traits->BlockInputs != functions.BlockInputs(type) || traits->BlockBytes != functions.BlockBytes(type))
        {
            throw new PeerException($"{library}: its ggml_type_traits is not the structure this program knows. Use a version near 0.9 to 0.21.");
        }

        // The same bytes may be cut into other blocks: numbers stored one by one have blocks of one for ggml.
        long inputs = traits->BlockInputs;
        if ((inputs % format.BlockInputs != 0 && format.BlockInputs % inputs != 0) || (long)traits->BlockBytes * format.BlockInputs != format.BlockBytes * inputs || format.RowSideBytes + format.TensorSideBytes != 0)
        {
            reason = $"{library} stores {format.Name} in blocks of {inputs} inputs and {traits->BlockBytes} bytes; ours are {format.BlockInputs} and {format.BlockBytes}";
            return null;
        }

        return new GgmlFormat(library, type, traits);
    }

    /// <summary>Decodes stored blocks with <c>to_float</c>.</summary>
    public void Decode(byte* blocks, float* weights, long count) => _traits->ToFloat(blocks, weights, count);

    /// <summary>Encodes rows with <c>ggml_quantize_chunk</c>.</summary>
    public void Encode(float* weights, byte* blocks, long rows, long inputs, float* importance = null) =>
        _library.Functions.QuantizeChunk(Type, weights, blocks, 0, rows, inputs, importance);

    /// <summary>Encodes a row with the CPU backend's <c>from_float</c>.</summary>
    public void EncodeRow(float* weights, byte* blocks, long inputs) => _fromFloat(weights, blocks, inputs);

    // A type the library does not know yet is read past the end of its table: the name is then an address of anything.
    private static bool IsInLibrary(nint address, GgmlFunctions functions) =>
        address != 0 && FindObject(address, out SharedObject of) != 0 && FindObject((nint)functions.TypeName, out SharedObject library) != 0 && of.Base == library.Base;

    [LibraryImport("libc", EntryPoint = "dladdr")]
    private static partial int FindObject(nint address, out SharedObject found);

    private struct SharedObject
    {
        public nint File;
        public nint Base;
        public nint Symbol;
        public nint Address;
    }
}

namespace KernelGen.Conformance.Ggml;

/// <summary>What was found for one ggml type.</summary>
/// <param name="Type">ggml's name.</param>
/// <param name="Note">Why nothing was decoded, or null.</param>
/// <param name="Decode">Decoded values that differ, null when none were compared.</param>
/// <param name="Encode">Encoded bytes that differ, null when none were compared.</param>
internal sealed record GgmlResult(string Type, string? Note, long? Decode, long? Encode)
{
    public override string ToString()
    {
        string decode = Note ?? (Decode == 0 ? "exact" : $"{Decode} mismatches");
        string encode = Encode switch
        {
            null => "n/a",
            0 => "exact",
            _ => $"{Encode} differing bytes",
        };
        return $"{Type}  decode {decode}  encode {encode}";
    }
}

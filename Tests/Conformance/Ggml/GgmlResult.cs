using System.Globalization;
using System.Linq;

namespace KernelGen.Conformance.Ggml;

/// <summary>What was found for one ggml type.</summary>
/// <param name="Type">ggml's name.</param>
/// <param name="Note">Why nothing was decoded, or null.</param>
/// <param name="Decode">Decoded values that differ, null when none were compared.</param>
/// <param name="Encode">Encoded bytes that differ, null when none were compared.</param>
/// <param name="Searched">The errors of a searched encoding over ggml's, without and with an importance vector; null where there is nothing to compare.</param>
internal sealed record GgmlResult(string Type, string? Note, long? Decode, long? Encode, (double? Plain, double? Important) Searched = default)
{
    public override string ToString()
    {
        string decode = Note ?? (Decode == 0 ? "exact" : $"{Decode} mismatches");
        string encode = Encode switch
        {
            null when Searched.Plain is not null || Searched.Important is not null => Search(),
            null => "n/a",
            0 => "exact",
            _ => $"{Encode} differing bytes",
        };
        return $"{Type}  decode {decode}  encode {encode}";

        string Search()
        {
            string? plain = Searched.Plain is { } p ? string.Create(CultureInfo.InvariantCulture, $"{p:F4}x ggml's") : null;
            string? important = Searched.Important is { } i ? string.Create(CultureInfo.InvariantCulture, $"{i:F4}x ggml's with importance") : null;
            return $"search: error {string.Join(", ", new[] { plain, important }.Where(part => part is not null))}";
        }
    }
}

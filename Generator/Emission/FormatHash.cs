using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Emission;

/// <summary>A hash of what stored bytes mean (FNV-1a over the declaration, names and encoder apart).</summary>
internal static class FormatHash
{
    public static ulong Of(FormatSpec spec)
    {
        string text = string.Join(
            ";",
            new[] { spec.Block.ToString(), Codes(spec.Codes), spec.Codebook is null ? string.Empty : string.Join(",", spec.Codebook.ValueBits.Select(v => $"{v}")) }
                .Concat(spec.Parameters.Select(p => $"{p.Role},{p.Type},{p.Extent},{p.Inputs},{FloatBits.FromSingle(p.Multiply)},{FloatBits.FromSingle(p.Add)},{p.Negative}{(p.IsAdded ? ",added" : string.Empty)}{(p.Table.Count == 0 ? string.Empty : "," + string.Join("/", p.Table.Select(v => $"{v}")))}"))
                .Concat(spec.Digits.Select(d => $"digits {d.Radix},{d.Count},{d.Used},{d.Bits},{d.Fraction},{d.Stripe},{d.First},{d.Inputs}{(d.Mirror ? ",mirror" : string.Empty)}"))
                .Concat(spec.Signs is null ? [] : new[] { $"signs {spec.Signs.Parameter},{spec.Signs.Parity}" })
                .Concat(spec.Slices.Select(s => $"{s.Quantity},{s.First},{s.FromBit},{s.Bits},{s.At},{string.Join(",", s.Map.Select(d => $"{d.Count}*{d.Stride}"))}")));
        ulong hash = 14695981039346656037;
        foreach (char c in text)
        {
            hash = unchecked((hash ^ c) * 1099511628211);
        }

        return hash;
    }

    // A record's own text would have the culture's minus sign.
    private static string Codes(CodeSpec codes) => $"CodeSpec {{ Bits = {codes.Bits}, Kind = {codes.Kind}, Offset = {codes.Offset}"
        + (codes.Length == 1 ? string.Empty : $", Length = {codes.Length}")
        + (codes.Float is null ? string.Empty : $", Float = {codes.Float.Class}")
        + " }";
}

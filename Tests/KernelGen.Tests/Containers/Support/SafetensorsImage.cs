using System.Text;

namespace KernelGen.Tests.Containers;

/// <summary>Writes safetensors files from the text of the header.</summary>
internal static class SafetensorsImage
{
    public static byte[] Of(string header, int dataBytes = 0, ulong? headerLength = null) =>
        Of(Encoding.UTF8.GetBytes(header), new byte[dataBytes], headerLength);

    public static byte[] Of(byte[] header, byte[] data, ulong? headerLength = null) =>
        new ByteWriter().Put(headerLength ?? (ulong)header.Length).Raw(header).Raw(data).ToArray();

    /// <summary>One tensor's entry.</summary>
    public static string Entry(string name, string dtype, string shape, string offsets) =>
        $$"""
        "{{name}}":{"dtype":"{{dtype}}","shape":[{{shape}}],"data_offsets":[{{offsets}}]}
        """;
}

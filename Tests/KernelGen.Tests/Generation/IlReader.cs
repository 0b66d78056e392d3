using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace KernelGen.Tests.Generation;

/// <summary>What is measured of a compiled method.</summary>
/// <param name="Type">The type's full name.</param>
/// <param name="Name">The method's name.</param>
/// <param name="Locals">Its local variables.</param>
/// <param name="Bytes">Its IL.</param>
/// <param name="Checked">Its opcodes that throw on overflow.</param>
internal sealed record CompiledMethod(string Type, string Name, int Locals, int Bytes, IReadOnlyList<string> Checked);

/// <summary>Reads methods of an assembly without loading it.</summary>
internal static class IlReader
{
    private static readonly Dictionary<int, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields()
        .Select(static field => field.GetValue(null))
        .OfType<OpCode>()
        .ToDictionary(static code => (int)(ushort)code.Value);

    public static IEnumerable<CompiledMethod> Methods(PEReader file)
    {
        MetadataReader metadata = file.GetMetadataReader();
        foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions)
        {
            TypeDefinition type = metadata.GetTypeDefinition(handle);
            string name = FullName(metadata, type);
            foreach (MethodDefinition method in type.GetMethods().Select(metadata.GetMethodDefinition).Where(static m => m.RelativeVirtualAddress != 0))
            {
                MethodBodyBlock body = file.GetMethodBody(method.RelativeVirtualAddress);
                yield return new CompiledMethod(
                    name,
                    metadata.GetString(method.Name),
                    Locals(metadata, body),
                    body.GetILReader().Length,
                    [.. Instructions(body.GetILReader()).Where(static code => code.Contains(".ovf", StringComparison.Ordinal)).Distinct()]);
            }
        }
    }

    private static string FullName(MetadataReader metadata, TypeDefinition type)
    {
        string name = metadata.GetString(type.Name);
        return type.IsNested
            ? FullName(metadata, metadata.GetTypeDefinition(type.GetDeclaringType())) + "+" + name
            : metadata.GetString(type.Namespace) + "." + name;
    }

    private static int Locals(MetadataReader metadata, MethodBodyBlock body)
    {
        if (body.LocalSignature.IsNil)
        {
            return 0;
        }

        BlobReader signature = metadata.GetBlobReader(metadata.GetStandaloneSignature(body.LocalSignature).Signature);
        signature.ReadSignatureHeader();
        return signature.ReadCompressedInteger();
    }

    private static IEnumerable<string> Instructions(BlobReader il)
    {
        while (il.RemainingBytes > 0)
        {
            int value = il.ReadByte();
            OpCode code = OpCodesByValue[value == 0xFE ? 0xFE00 | il.ReadByte() : value];
            yield return code.Name!;

            // From here, where a switch has yet to say how many targets it has.
            int start = il.Offset;
            il.Offset = start + code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * il.ReadInt32()),
                _ => 4,
            };
        }
    }
}

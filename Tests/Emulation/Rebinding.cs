using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Mono.Cecil;

namespace KernelGen.Emulation;

/// <summary>
/// Copies of assemblies whose references to the processor's intrinsics are to the classes of this one. Nothing else in them
/// differs: their kernels are what the compiler made of the emitted text, call by call.
/// </summary>
public static class Rebinding
{
    private static readonly Dictionary<string, Type> s_emulations = EmulatedMethod.Classes.ToDictionary(type => type.GetCustomAttribute<EmulatesAttribute>()!.Emulated.FullName!);

    /// <summary>An assembly's copy, loaded apart from it.</summary>
    /// <exception cref="NotSupportedException">The assembly calls intrinsics that are not emulated; the message names them.</exception>
    public static Assembly Load(Assembly original)
    {
        using MemoryStream image = new(Image(original));
        return new AssemblyLoadContext($"{original.GetName().Name}, emulated").LoadFromStream(image);
    }

    /// <summary>The bytes of an assembly's copy.</summary>
    /// <exception cref="NotSupportedException">The assembly calls intrinsics that are not emulated; the message names them.</exception>
    public static byte[] Image(Assembly original)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(original.Location);
        using ModuleDefinition emulation = ModuleDefinition.ReadModule(typeof(Rebinding).Assembly.Location);
        List<(TypeReference Reference, TypeDefinition Emulation)> rebound =
        [
            .. from reference in module.GetTypeReferences()
               where s_emulations.ContainsKey(NameOf(reference))
               select (reference, (TypeDefinition)emulation.LookupToken(s_emulations[NameOf(reference)].MetadataToken)),
        ];
        string[] missing = [.. Missing(module, rebound.ToDictionary(pair => pair.Reference, pair => pair.Emulation))];
        if (missing.Length != 0)
        {
            throw new NotSupportedException($"{original.GetName().Name} calls what no class of Tests/Emulation emulates: {string.Join("; ", missing)}");
        }

        AssemblyNameReference scope = new(emulation.Assembly.Name.Name, emulation.Assembly.Name.Version);
        module.AssemblyReferences.Add(scope);
        foreach ((TypeReference reference, TypeDefinition type) in rebound.Where(pair => !pair.Reference.IsNested))
        {
            (reference.Namespace, reference.Name, reference.Scope) = (type.Namespace, type.Name, scope);
        }

        using MemoryStream image = new();
        module.Write(image);
        return image.ToArray();
    }

    /// <summary>What is called of classes of processors and has no emulation of the same name and signature.</summary>
    private static IEnumerable<string> Missing(ModuleDefinition module, Dictionary<TypeReference, TypeDefinition> emulations) =>
        from member in module.GetMemberReferences().OfType<MethodReference>()
        where IsOfProcessor(member.DeclaringType)
        where !emulations.TryGetValue(member.DeclaringType, out TypeDefinition? type) || MetadataResolver.GetMethod(type.Methods, member) is null
        select member.FullName;

    private static bool IsOfProcessor(TypeReference type) =>
        type.DeclaringType is { } outer ? IsOfProcessor(outer) : type.Namespace.StartsWith("System.Runtime.Intrinsics.", StringComparison.Ordinal);

    /// <summary>The name reflection has for a type.</summary>
    private static string NameOf(TypeReference type) => type.FullName.Replace('/', '+');
}

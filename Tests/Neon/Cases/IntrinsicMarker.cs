using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace KernelGen.NeonCases;

/// <summary>
/// Copies an x64 core library with the Arm intrinsics marked as such: there they are plain methods that throw, and a compiler
/// that generates arm64 code from it would call them.
/// </summary>
internal static class IntrinsicMarker
{
    private const string Intrinsics = "System.Runtime.Intrinsics.Arm";

    public static void Mark(string from, string to)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(from);
        MethodDefinition attribute = module.GetType("System.Runtime.CompilerServices.IntrinsicAttribute").GetConstructors().Single(c => !c.IsStatic);
        foreach (TypeDefinition type in module.GetAllTypes().Where(t => t.IsClass && !t.IsEnum && Outermost(t).Namespace == Intrinsics))
        {
            Mark(type, attribute);
            foreach (MethodDefinition method in type.Methods.Where(m => m.IsStatic && !m.IsConstructor))
            {
                Mark(method, attribute);
            }
        }

        // The copy has no native code.
        module.Attributes = ModuleAttributes.ILOnly;
        module.Write(to);
    }

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static void Mark(ICustomAttributeProvider member, MethodDefinition attribute)
    {
        if (!member.CustomAttributes.Any(a => a.AttributeType.Name == attribute.DeclaringType.Name))
        {
            member.CustomAttributes.Add(new CustomAttribute(attribute));
        }
    }
}

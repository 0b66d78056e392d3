using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Emulation;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace KernelGen.NeonCases;

/// <summary>
/// The emulated Arm intrinsics (Tests/Emulation) against the instructions: an assembly with one method per intrinsic and immediate,
/// which loads the arguments, executes the intrinsic and stores what it returns; and cases with what the emulation returns.
/// </summary>
internal static class IntrinsicCases
{
    private const string Assembly = "Intrinsics";
    private const int Rounds = 24;

    public static void Write(string assembly, CaseFile file)
    {
        using AssemblyDefinition definition = AssemblyDefinition.CreateAssembly(new AssemblyNameDefinition(Assembly, new Version(1, 0)), Assembly, ModuleKind.Dll);
        ModuleDefinition module = definition.MainModule;
        TypeDefinition calls = new(
            "KernelGen", "Calls", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit, module.ImportReference(typeof(object)));
        module.Types.Add(calls);
        Random random = new(23);
        foreach (EmulatedMethod method in EmulatedMethod.All.Where(m => m.Class.FullName!.StartsWith("System.Runtime.Intrinsics.Arm.", StringComparison.Ordinal)))
        {
            foreach (byte[] immediates in method.Immediates())
            {
                string name = $"M{calls.Methods.Count}";
                calls.Methods.Add(Caller(module, name, method, immediates));
                for (int round = 0; round < Rounds; round++)
                {
                    file.Add(Case(name, method, immediates, random));
                }
            }
        }

        definition.Write(assembly);
    }

    /// <summary>void M(byte* argument..., byte* result): immediates are constants, everything else lies in memory.</summary>
    private static MethodDefinition Caller(ModuleDefinition module, string name, EmulatedMethod method, byte[] immediates)
    {
        MethodDefinition caller = new(name, MethodAttributes.Public | MethodAttributes.Static, module.TypeSystem.Void);
        ILProcessor il = caller.Body.GetILProcessor();
        ParameterDefinition Parameter()
        {
            ParameterDefinition parameter = new(new PointerType(module.TypeSystem.Byte));
            caller.Parameters.Add(parameter);
            return parameter;
        }

        List<Action> arguments = [];
        int immediate = 0;
        foreach (Type type in method.ParameterTypes)
        {
            if (EmulatedMethod.IsImmediate(type))
            {
                int value = immediates[immediate++];
                arguments.Add(() => il.Emit(OpCodes.Ldc_I4, value));
            }
            else if (type.IsPointer)
            {
                ParameterDefinition memory = Parameter();
                arguments.Add(() => Address(il, memory, EmulatedMethod.MemoryBytes / 2));
            }
            else
            {
                ParameterDefinition vector = Parameter();
                arguments.Add(() => Load(il, module, vector, type));
            }
        }

        bool returns = method.Emulation.ReturnType != typeof(void);
        if (returns)
        {
            il.Emit(OpCodes.Ldarg, Parameter());
        }

        arguments.ForEach(load => load());
        il.Emit(OpCodes.Call, module.ImportReference(method.Original));
        if (returns)
        {
            il.Emit(OpCodes.Stobj, module.ImportReference(method.Emulation.ReturnType));
        }

        il.Emit(OpCodes.Ret);
        return caller;
    }

    /// <summary>A vector, or a tuple of vectors that follow one another.</summary>
    private static void Load(ILProcessor il, ModuleDefinition module, ParameterDefinition from, Type type)
    {
        if (!type.FullName!.StartsWith("System.ValueTuple", StringComparison.Ordinal))
        {
            Address(il, from, 0);
            il.Emit(OpCodes.Ldobj, module.ImportReference(type));
            return;
        }

        int offset = 0;
        foreach (Type item in type.GetGenericArguments())
        {
            Address(il, from, offset);
            il.Emit(OpCodes.Ldobj, module.ImportReference(item));
            offset += EmulatedMethod.SizeOf(item);
        }

        il.Emit(OpCodes.Newobj, module.ImportReference(type.GetConstructor(type.GetGenericArguments())));
    }

    private static void Address(ILProcessor il, ParameterDefinition from, int offset)
    {
        il.Emit(OpCodes.Ldarg, from);
        if (offset != 0)
        {
            il.Emit(OpCodes.Ldc_I4, offset);
            il.Emit(OpCodes.Add);
        }
    }

    private static Case Case(string name, EmulatedMethod method, byte[] immediates, Random random)
    {
        byte[][] arguments = method.Arguments(immediates, random);
        ReadOnlySpan<byte> expected = method.Call(method.Emulation, arguments);
        int returned = EmulatedMethod.SizeOf(method.Emulation.ReturnType);
        Case call = new($"Calls__{name}", immediates.Length == 0 ? method.Name : $"{method.Name} {string.Join(' ', immediates)}");
        int memory = returned;
        for (int i = 0; i < arguments.Length; i++)
        {
            Type type = method.ParameterTypes[i];
            if (EmulatedMethod.IsImmediate(type))
            {
                continue;
            }

            call.Buffer<byte>(arguments[i]);
            if (type.IsPointer)
            {
                call.Expect(call.Arguments.Count - 1, expected.Slice(memory, EmulatedMethod.MemoryBytes), Rule.Bytes);
                memory += EmulatedMethod.MemoryBytes;
            }
        }

        bool single = EmulatedMethod.ElementOf(method.Emulation.ReturnType) == typeof(float);
        return returned == 0 ? call : call.Output(expected[..returned], single ? Rule.Singles : Rule.Bytes);
    }
}

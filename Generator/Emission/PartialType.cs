using System;
using System.Collections.Generic;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Emission;

/// <summary>Opens the partial declaration of a declaring type inside its namespace and its containers.</summary>
internal static class PartialType
{
    /// <summary>Opens the type with <paramref name="lines"/>, if any, as its remarks; dispose to close it and all around it.</summary>
    public static IDisposable Open(CodeWriter code, TypeSpec type, IReadOnlyList<string> lines, string implements)
    {
        Scopes scopes = new();
        if (type.Namespace.Length > 0)
        {
            scopes.Push(code.Block($"namespace {type.Namespace}"));
        }

        foreach (string container in type.Containers)
        {
            scopes.Push(code.Block($"partial {container}"));
        }

        if (lines.Count > 0)
        {
            code.Doc("<remarks>");
            code.Doc("<code>");
            foreach (string line in lines)
            {
                code.Doc(Escape(line));
            }

            code.Doc("</code>");
            code.Doc("</remarks>");
        }

        scopes.Push(code.Block($"partial {(type.IsRecord ? "record struct" : "struct")} {type.Name} : {implements}"));
        return scopes;
    }

    /// <summary>A C# string literal.</summary>
    public static string Literal(string text) => "\"" + text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n") + "\"";

    /// <summary>Text of an XML comment.</summary>
    public static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    private sealed class Scopes : Stack<CodeWriter.Scope>, IDisposable
    {
        public void Dispose()
        {
            while (Count > 0)
            {
                Pop().Dispose();
            }
        }
    }
}

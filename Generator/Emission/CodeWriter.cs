using System;
using System.Text;

namespace KernelGen.Generator.Emission;

/// <summary>Writes indented C# with LF line ends and no trailing spaces.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _indent;

    /// <summary>Writes one line, or several where <paramref name="text"/> has line breaks; an empty text writes a blank line.</summary>
    public CodeWriter Line(string text = "")
    {
        foreach (string line in text.Split('\n'))
        {
            if (line.Length != 0)
            {
                _text.Append(' ', _indent * 4).Append(line);
            }

            _text.Append('\n');
        }

        return this;
    }

    /// <summary>Writes an XML doc comment, one <c>///</c> line per line of <paramref name="text"/>.</summary>
    public CodeWriter Doc(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            Line(line.Length == 0 ? "///" : "/// " + line);
        }

        return this;
    }

    /// <summary>
    /// Opens the body of the method <paramref name="head"/>, in which arithmetic wraps around whatever the consuming project says;
    /// dispose to close it.
    /// </summary>
    public Scope Method(string head)
    {
        Block(head);
        Block("unchecked");
        return new Scope(this, "}", 2);
    }

    /// <summary>Opens a brace block after <paramref name="head"/>; dispose to close it.</summary>
    public Scope Block(string head, string close = "}")
    {
        if (head.Length != 0)
        {
            Line(head);
        }

        Line("{");
        _indent++;
        return new Scope(this, close, 1);
    }

    public override string ToString()
    {
        if (_indent != 0)
        {
            throw new InvalidOperationException("A block was left open.");
        }

        return _text.ToString();
    }

    internal readonly struct Scope(CodeWriter writer, string close, int count) : IDisposable
    {
        public void Dispose()
        {
            for (int i = 0; i < count; i++)
            {
                writer._indent--;
                writer.Line(close);
            }
        }
    }
}

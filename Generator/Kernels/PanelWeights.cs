using KernelGen.Generator.Emission;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>The f32 weights of one vector of rows of a packed panel: its parameters, codes and values, under names of its own.</summary>
/// <param name="plan">The plan.</param>
/// <param name="target">Prints the idioms.</param>
/// <param name="name">What all its names end or begin with, and those of the panel's pointers end with: nothing where there is one vector.</param>
/// <param name="panel">The same for what vectors of one panel share.</param>
internal sealed class PanelWeights(FormatPlan plan, Target target, string name = "", string panel = "")
{
    private readonly PanelParameters _parameters = new(plan, target, name.Length == 0 ? "p" : $"p{name}_") { Panel = "panel" + panel, BlockPointer = "block" + panel };
    private readonly PanelSource _source = new(plan, target) { Pointer = "w" + panel, Prefix = name.Length == 0 ? "w" : $"q{name}_" };
    private readonly ValueWriter _values = new(plan, target) { Prefix = name.Length == 0 ? "i" : $"i{name}_", RowTables = "values" + name };
    private (string Scale, string Zero, string Min) _segment;

    /// <summary>The panel's row in the vector's first lane.</summary>
    public string Row { get; init; } = "0";

    /// <summary>What vectors of one panel share the pointer by: where the current codes are.</summary>
    public string Pointer => _source.Pointer;

    /// <summary>Declares the rows' tables, or the pointer to the tables of the inputs from block <paramref name="first"/> on, and the parameters of whole rows.</summary>
    public void BeginPanel(CodeWriter code, string first)
    {
        _values.DeclarePanelTables(code, Row, first, "panel" + panel);
        _parameters.Header(code, Row);
    }

    /// <summary>Declares the parameters of the current block.</summary>
    public void BeginBlock(CodeWriter code)
    {
        _parameters.Block(code, Row, integer: false);
        _source.BeginCodes(code, "block" + panel, Row);
    }

    /// <summary>Declares the parameters of a segment; those of several in one scope differ in <paramref name="number"/>.</summary>
    public void BeginSegment(CodeWriter code, string segment, int number)
    {
        string local = $"v{name}{(name.Length == 0 ? string.Empty : "_")}{number}";
        _segment = _parameters.Segment(code, segment, Row, integer: false, local, number % 2);
        if (_segment.Zero.Length != 0 && plan.Scaling.IntegerZero >= 0)
        {
            code.Line($"{target.Single} {local}zero = {target.ToSingle(_segment.Zero)};");
            _segment.Zero = $"{local}zero";
        }
    }

    /// <summary>Declares the packed codes of a quad.</summary>
    public string Quad(CodeWriter code, int quad) => _source.PackedQuad(code, quad, Row);

    /// <summary>The weights of an input of a quad.</summary>
    public string OfQuad(CodeWriter code, string packed, int input) => Weight(_values.OfPacked(code, packed, input));

    /// <summary>The weights of an input that are stored as plain floats.</summary>
    public string Stored(CodeWriter code, string pointer) => Weight(_values.Load(code, pointer, "0"));

    /// <summary>Bytes of the codes of quads.</summary>
    public int CodeBytes(int quads) => _source.CodeBytes(quads);

    /// <summary>A new scope begins, or the pointer has moved.</summary>
    public void ForgetLoads() => _source.ForgetLoads();

    private string Weight(string value) => _values.Weight(value, _segment.Scale, _segment.Zero, _segment.Min);
}

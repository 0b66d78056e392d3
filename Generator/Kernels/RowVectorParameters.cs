using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes scales, minima and zero points of one row as vectors of one number. A vector of entries at a time is decoded and
/// multiplied with the levels above them into a buffer, from which the groups broadcast theirs; fewer are decoded one by one. The block is at <c>block</c>.
/// </summary>
internal sealed class RowVectorParameters(FormatSpec spec, Target target, string scalarClass)
{
    private static readonly ParameterRole[] s_roles = [ParameterRole.Scale, ParameterRole.Zero, ParameterRole.Min];

    /// <summary>Inputs over which every in-block parameter is constant.</summary>
    private readonly int _group = new RowParameters(spec).Group;

    private readonly RowEntries _entries = new(spec, target, scalarClass);

    /// <summary>Declares the buffers and the side parameters, before the blocks.</summary>
    public void Declare(CodeWriter code)
    {
        _entries.Declare(code);
        foreach (ParameterRole role in s_roles.Where(IsPrepared))
        {
            string name = Name(role);
            code.Line($"{scalarClass}.{EntryBuffers.Groups} {name}Buffer;");
            code.Line($"float* {name}s = (float*)&{name}Buffer;");
        }

        _entries.DeclareSide(code);
    }

    /// <summary>What a block decodes once: parameters with one entry, and the buffers of those with several.</summary>
    public void Block(CodeWriter code)
    {
        _entries.Block(code);

        foreach (ParameterRole role in s_roles.Where(IsPrepared))
        {
            Prepare(code, role);
        }
    }

    /// <summary>Declares <c>scale</c>, <c>zero</c> and <c>min</c> of a group as vectors, the names followed by <paramref name="suffix"/>, and returns these, empty for what the format lacks.</summary>
    public (string Scale, string Zero, string Min) OfGroup(CodeWriter code, string group, string suffix = "")
    {
        string Declare(ParameterRole role)
        {
            IReadOnlyList<int> levels = Levels(role);
            if (levels.Count == 0)
            {
                return string.Empty;
            }

            if (levels.Count == 1 && _entries.Count(levels[0]) == 1)
            {
                return "p" + levels[0];
            }

            string value = IsPrepared(role)
                ? target.BroadcastSingle(Offset($"{Name(role)}s", Entry(Inner(levels), group)))
                : Number(levels, l => _entries.Count(l) == 1
                    ? "p" + l
                    : _entries.Broadcast(l, Entry(l, group)));
            code.Line($"{target.Single} {Name(role)}{suffix} = {value};");
            return Name(role) + suffix;
        }

        return (Declare(ParameterRole.Scale), Declare(ParameterRole.Zero), Declare(ParameterRole.Min));
    }

    private IReadOnlyList<int> Levels(ParameterRole role) => FormatPlanner.Levels(spec, role).ToList();

    /// <summary>
    /// Whether a role's numbers are decoded a vector at a time: only one of its levels has several entries, at least a vector,
    /// of a type that vectors are loaded from, and as many as whole vectors take stand in a row within the block or the buffer.
    /// </summary>
    private bool IsPrepared(ParameterRole role)
    {
        IReadOnlyList<int> levels = Levels(role);
        if (levels.Count(l => _entries.Count(l) > 1) != 1)
        {
            return false;
        }

        int inner = Inner(levels);
        if (_entries.Count(inner) < target.Lanes || spec.Parameters[inner].Type.Class == StoredClass.Table)
        {
            return false;
        }

        return _entries.AreInRow(inner, Vectors(inner) * target.Lanes);
    }

    private int Vectors(int parameter) => (_entries.Count(parameter) + target.Lanes - 1) / target.Lanes;

    private void Prepare(CodeWriter code, ParameterRole role)
    {
        IReadOnlyList<int> levels = Levels(role);
        int inner = Inner(levels);
        void Vector(string first)
        {
            string number = Number(levels, l => l == inner ? ParameterDecoding.Load(target, spec.Parameters[inner], _entries.Pointer(inner, first)) : "p" + l);
            code.Line(target.StoreSingle(Offset($"{Name(role)}s", first), $"({number})"));
        }

        int count = Vectors(inner);
        if (count <= 4)
        {
            for (int v = 0; v < count; v++)
            {
                Vector((v * target.Lanes).ToString(CultureInfo.InvariantCulture));
            }

            return;
        }

        using (code.Block($"for (int entry = 0; entry < {count * target.Lanes}; entry += {target.Lanes})"))
        {
            Vector("entry");
        }
    }

    private string Entry(int parameter, string group) => Over(group, spec.Parameters[parameter].Inputs / _group);

    private int Inner(IReadOnlyList<int> levels) => levels.Single(l => _entries.Count(l) > 1);

    private string Number(IReadOnlyList<int> levels, System.Func<int, string> number) => LevelFormula.Of(
        spec, levels, number, (a, b) => target.Multiply(Bracketed(a), Bracketed(b)), (a, b) => target.Add(a, Bracketed(b)));

    private static string Bracketed(string number) => number.Contains(" ") ? $"({number})" : number;

    private static string Name(ParameterRole role) => role switch
    {
        ParameterRole.Scale => "scale",
        ParameterRole.Zero => "zero",
        _ => "min",
    };
}

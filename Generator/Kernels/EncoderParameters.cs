using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes the encoder's scales, minima and zero points: chosen from the statistics of a group by the declared rule, rounded to
/// what is stored. They are few, so plain C# on every target; the scalar class holds <c>ChooseParameters</c> for all.
/// </summary>
internal sealed class EncoderParameters
{
    private readonly FormatPlan _format;
    private readonly FormatSpec _spec;
    private readonly EncodeSpec _encode;
    private readonly EncoderPlan _plan;
    private readonly RowParameters _parameters;
    private readonly double _low;
    private readonly double _high;
    private readonly double _largest;

    public EncoderParameters(FormatPlan plan)
    {
        _format = plan;
        _spec = plan.Spec;
        _encode = plan.Spec.Encode;
        _plan = EncoderPlan.Of(plan.Spec).Plan ?? throw new ArgumentException("The format has no encoder.", nameof(plan));
        _parameters = new RowParameters(plan.Spec);
        if (plan.Spec.Codes.Float is not null)
        {
            return;
        }

        (_low, _high) = Values(plan.Spec);

        // A symmetric range ends where both sides end, a table's at its largest entry.
        double shorter = Math.Min(-_low, _high);
        _largest = _encode.Limit > 0 ? _encode.Limit : shorter > 0 && _spec.Codebook is null ? shorter : Math.Max(-_low, _high);
        bool limited = _encode.Limit > 0 && !HasZero && !HasMin;
        Codes = new CodeRange(_low, _high, limited ? -_encode.Limit : _low, limited ? _encode.Limit : _high);
    }

    public bool HasMin => _plan.Min >= 0;

    public bool HasZero => _plan.Zero >= 0;

    private bool HasScale => _plan.Scale >= 0;

    /// <summary>Whether everything in the block is chosen in units of a scale of the row.</summary>
    public bool HasRowScale => _plan.RowScale >= 0;

    /// <summary>What the innermost parameters cover.</summary>
    public ParameterExtent Extent => _plan.Extent;

    /// <summary>The numbers codes stand for.</summary>
    public CodeRange Codes { get; }

    /// <summary>What <c>ChooseParameters</c> takes.</summary>
    public IReadOnlyList<string> Statistics => RangeWriter.StatisticsOf(_encode.Range);

    /// <summary>Stores the parameters of a block from the real <c>scales</c> and <c>shifts</c> of its groups, and keeps there what codes are chosen against.</summary>
    public void StoreBlock(CodeWriter code)
    {
        if (_plan.OuterScale >= 0)
        {
            Outer(code, _plan.OuterScale, _plan.Scale, "scales");
        }
        else if (HasScale)
        {
            Store(code, _plan.Scale, "scales");
        }

        if (_plan.OuterMin >= 0)
        {
            Outer(code, _plan.OuterMin, _plan.Min, "shifts");
        }
        else if (HasMin)
        {
            Store(code, _plan.Min, "shifts");
        }
        else if (HasZero)
        {
            Store(code, _plan.Zero, "shifts");
        }
    }

    /// <summary>Stores zeros in the unused bits.</summary>
    public void StorePads(CodeWriter code)
    {
        for (int i = 0; i < _spec.Parameters.Count; i++)
        {
            if (_spec.Parameters[i].Role == ParameterRole.Pad)
            {
                int parameter = i;
                Loop.Over(code, "g", _spec.Block.Inputs / _spec.Parameters[i].Inputs, 1, g =>
                    code.Line($"parameters[{IndexExpression.Sum($"{RowParameters.FirstEntry(_spec, parameter)}", g)}] = 0;"));
            }
        }
    }

    /// <summary>Stores the sums of the values of the block's <c>codes</c>, which products with this format as activations need.</summary>
    /// <param name="code">The file.</param>
    /// <param name="group">Inputs that share one of <c>scales</c>, or null where all share <c>scale</c>.</param>
    public void StoreSums(CodeWriter code, int? group)
    {
        for (int i = 0; i < _spec.Parameters.Count; i++)
        {
            if (_spec.Parameters[i].Role is ParameterRole.Sum or ParameterRole.ScaledSum)
            {
                StoreSums(code, i, group);
            }
        }
    }

    private void StoreSums(CodeWriter code, int parameter, int? group)
    {
        ParameterSpec p = _spec.Parameters[parameter];
        bool isInteger = _spec.Codebook is null;
        var values = new ValueWriter(_format, new ScalarTarget());
        using (code.Block($"for (int g = 0; g < {_spec.Block.Inputs / p.Inputs}; g++)"))
        {
            values.DeclareTables(code);
            code.Line(isInteger ? "int sum = 0;" : "float sum = 0;");
            using (code.Block($"for (int e = g * {p.Inputs}; e < (g + 1) * {p.Inputs}; e++)"))
            {
                string value = values.OfStored(code, "codes[e]");
                code.Line(isInteger ? $"sum += (int){value};" : $"sum += {value};");
            }

            string real = p.Role == ParameterRole.ScaledSum && HasScale ? $"{ScaleOf(group is { } inputs ? $"scales[g * {p.Inputs} / {inputs}]" : "scale")} * sum" : "sum";
            code.Line($"parameters[{RowParameters.FirstEntry(_spec, parameter)} + g] = {ParameterEncoding.Encode(_spec, p, real)};");
        }
    }

    /// <summary>Stores one parameter per group and keeps what will be decoded, or the unrounded number where the declaration says so.</summary>
    private void Store(CodeWriter code, int parameter, string reals)
    {
        ParameterSpec p = _spec.Parameters[parameter];
        bool keep = (_encode.UnroundedScale && p.Role != ParameterRole.Zero) || _encode.ReciprocalFirst;
        Loop.Over(code, "g", _spec.Block.Inputs / p.Inputs, 1, g =>
        {
            string stored = parameter == _plan.Scale ? "storedScale" : "storedShift";
            string real = parameter == _plan.Zero && _encode.StoredScaleFirst ? ZeroOf($"shifts[{g}]", $"scales[{g}]") : ScaleOf($"{reals}[{g}]");
            code.Line($"uint {stored} = {ParameterEncoding.Encode(_spec, p, real)};");
            code.Line($"parameters[{IndexExpression.Sum($"{RowParameters.FirstEntry(_spec, parameter)}", g)}] = {stored};");
            if (!keep)
            {
                code.Line($"{reals}[{g}] = {RowParameters.Decode(_spec, p, stored)};");
            }
        });
    }

    /// <summary>
    /// Two levels: the outer float makes the largest inner number fit, the inner integers are rounded against what the outer
    /// will decode to.
    /// </summary>
    private void Outer(CodeWriter code, int outer, int inner, string reals)
    {
        ParameterSpec high = _spec.Parameters[outer];
        ParameterSpec low = _spec.Parameters[inner];
        int groups = _spec.Block.Inputs / low.Inputs;
        int each = high.Inputs / low.Inputs;
        (double least, double most) = ParameterEncoding.InnerRange(low);

        // A signed inner level is used on its longer side: the largest number, with its sign, meets the lowest integer.
        bool signed = least < 0;
        string name = reals == "scales" ? "Scale" : "Shift";
        using (code.Block($"for (int o = 0; o < {groups / each}; o++)"))
        {
            code.Line($"float largest{name} = 0;");
            using (code.Block($"for (int g = o * {each}; g < (o + 1) * {each}; g++)"))
            {
                code.Line($"largest{name} = Math.Abs({reals}[g]) > Math.Abs(largest{name}) ? {reals}[g] : largest{name};");
            }

            string sign = high.Negative != low.Negative ? "-" : string.Empty;
            string unit = Literal(signed ? least : most);
            code.Line($"uint stored{name} = {ParameterEncoding.Encode(_spec, high with { Negative = false }, $"{sign}largest{name} / {unit}")};");
            code.Line($"parameters[{RowParameters.FirstEntry(_spec, outer)} + o] = stored{name};");
            code.Line($"float outer{name} = {RowParameters.Decode(_spec, high, $"stored{name}")};");
            using (code.Block($"for (int g = o * {each}; g < (o + 1) * {each}; g++)"))
            {
                code.Line($"uint inner = {ParameterEncoding.Encode(_spec, low, $"(outer{name} == 0 ? 0 : {reals}[g] / outer{name})")};");
                code.Line($"parameters[{RowParameters.FirstEntry(_spec, inner)} + g] = inner;");
                code.Line($"{reals}[g] = outer{name} * {RowParameters.Decode(_spec, low, "inner")};");
            }
        }
    }

    /// <summary>Stores the scale of the row and declares what it decodes to as <c>unit</c>.</summary>
    public void StoreRow(CodeWriter code, string idioms)
    {
        code.Line($"float largestOfRow = {idioms}.Largest(x, k);");
        StoreSide(code, _plan.RowScale, $"largestOfRow / {Literal(_encode.RowLimit)}");
        code.Line($"float unit = {_parameters.SideValue(_plan.RowScale)};");
    }

    /// <summary>Stores <c>scale</c> and <c>shift</c> as the side parameters of the row or the matrix.</summary>
    public void StoreSide(CodeWriter code)
    {
        foreach ((int parameter, string real) in new[] { (_plan.Scale, "scale"), (_plan.Min, "shift"), (_plan.Zero, "shift") }.Where(p => p.Item1 >= 0))
        {
            ParameterSpec p = _spec.Parameters[parameter];
            StoreSide(code, parameter, real);
            if (p.Extent == ParameterExtent.Row && !(_encode.UnroundedScale && p.Role != ParameterRole.Zero))
            {
                code.Line($"{real} = {_parameters.SideValue(parameter)};");
            }
        }
    }

    private void StoreSide(CodeWriter code, int parameter, string real)
    {
        ParameterSpec p = _spec.Parameters[parameter];
        string memory = p.Extent == ParameterExtent.Row ? "rowSide" : "tensorSide";
        string type = p.Type.Bits > 16 ? "uint" : p.Type.Bits > 8 ? "ushort" : "byte";
        code.Line($"*({type}*)({IndexExpression.Offset(memory, RowParameters.SideOffset(_spec, parameter).ToString(CultureInfo.InvariantCulture))}) = ({type}){ParameterEncoding.Encode(_spec, p, real)};");
    }

    /// <summary>Declares <c>scale</c> and <c>shift</c> from the side parameters.</summary>
    public void LoadSide(CodeWriter code)
    {
        code.Line($"float scale = {(HasScale ? _parameters.SideValue(_plan.Scale) : "1f")};");
        code.Line($"float shift = {(HasMin ? _parameters.SideValue(_plan.Min) : HasZero ? _parameters.SideValue(_plan.Zero) : "0f")};");
    }

    /// <summary>The real scale and minimum (or the integer zero point) of a group.</summary>
    public void Choose(CodeWriter code)
    {
        code.Doc(ChooseDoc());
        code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (code.Method($"internal static void ChooseParameters({string.Join(", ", Statistics.Select(s => "float " + s))}, out float scale, out float shift)"))
        {
            if (!HasScale)
            {
                code.Line("scale = 1;");
                code.Line("shift = 0;");
                return;
            }

            string floor = _encode.MinScale > 0 ? FloatLiteral.Of(FloatBits.FromSingle(_encode.MinScale)) : string.Empty;
            string Floor(string value) => floor.Length == 0 ? value : $"EncoderIdioms.AtLeast({value}, {floor})";
            switch (_encode.Range)
            {
                case EncodeRange.AbsMax:
                    code.Line(_encode.ReciprocalFirst ? Ratio("largest", _largest) : $"scale = {Floor($"largest / {Literal(_largest)}")};");
                    break;
                case EncodeRange.SignedMax:
                    code.Line(Ratio("signedLargest", _encode.Limit > 0 ? -_encode.Limit : _low));
                    break;
                case EncodeRange.AbsMean:
                    code.Line($"scale = {Floor($"mean / {Literal(_largest)}")};");
                    break;
                case EncodeRange.AbsMedian:
                    code.Line($"scale = {Floor($"median / {Literal(_largest)}")};");
                    break;
                case EncodeRange.CentredAbsMean:
                case EncodeRange.StandardDeviation:
                    code.Line($"scale = {Floor("deviation")};");
                    code.Line("shift = mean;");
                    return;
                case EncodeRange.ExponentCeiling:
                case EncodeRange.ExponentFloor:
                case EncodeRange.ExponentReciprocal:
                    Exponent(code);
                    break;
                default:
                    if (_encode.Range == EncodeRange.MinMaxWithZero)
                    {
                        code.Line("low = low < 0 ? low : 0;");
                        code.Line("high = high > 0 ? high : 0;");
                    }

                    code.Line($"scale = {Floor($"(high - low) / {Literal(_high - _low)}")};");
                    if (HasMin)
                    {
                        code.Line(_low == 0 ? "shift = low;" : $"shift = low - ({Literal(_low)} * scale);");
                        return;
                    }

                    // Rounded and clipped to what is stored when it is stored.
                    code.Line($"shift = {(_encode.StoredScaleFirst ? "low" : ZeroOf("low", "scale"))};");
                    return;
            }

            code.Line("shift = 0;");
        }
    }

    /// <summary>Chooses a table for a group of weights, and its scale; see <see cref="TableChoice"/>.</summary>
    public void ChooseTable(CodeWriter code, TableChoice tables, bool vectors = false) =>
        tables.Choose(code, _format, _encode.MinScale > 0 ? FloatLiteral.Of(FloatBits.FromSingle(_encode.MinScale)) : null, vectors);

    /// <summary>Whether the chosen parameters are fitted to the codes they lead to.</summary>
    public bool Refits => _encode.Rounds > 0;

    /// <summary>Whether smaller ranges than the rule's are tried.</summary>
    public bool Shrinks => _encode.Shrinks > 0;

    /// <summary>Writes the trial of smaller ranges: their squared errors, in f64, against that of the whole.</summary>
    public void Shrink(CodeWriter code)
    {
        string statistics = string.Join(", ", Statistics.Select(s => "float " + s));
        code.Doc("<summary>The squared error of weights encoded with a scale and a shift.</summary>");
        using (code.Method("private static double ErrorOf(float* x, long stride, long rows, long k, float scale, float shift)"))
        {
            var values = new ValueWriter(_format, new ScalarTarget());
            values.DeclareTables(code);
            string value = HasZero ? "(value - shift)" : "value";
            if (HasZero)
            {
                ParameterSpec zero = _spec.Parameters[_plan.Zero];
                code.Line($"uint storedShift = {ParameterEncoding.Encode(_spec, zero, "shift")};");
                code.Line($"shift = {RowParameters.Decode(_spec, zero, "storedShift")};");
            }

            code.Line("double error = 0;");
            using (code.Block("for (long r = 0; r < rows; r++)"))
            using (code.Block("for (long i = 0; i < k; i++)"))
            {
                code.Line("float weight = x[(r * stride) + i];");
                code.Line($"double value = {values.OfStored(code, "Encode(weight, scale, shift)")};");
                code.Line($"double distance = weight - (scale * {value}){(HasMin ? " - shift" : string.Empty)};");
                code.Line("error += distance * distance;");
            }

            code.Line("return error;");
        }

        code.Line();
        code.Doc("<summary>The scale and the shift of the range, or of a smaller one whose squared error is less.</summary>");
        using (code.Method($"internal static void Shrink(float* x, long stride, long rows, long k, {statistics}, ref float scale, ref float shift)"))
        {
            code.Line("double least = ErrorOf(x, stride, rows, k, scale, shift);");
            using (code.Block($"for (int step = 1; step < {_encode.Shrinks}; step++)"))
            {
                code.Line($"float part = 1f - (step * {Literal((1 - _encode.LeastRange) / _encode.Shrinks)});");
                code.Line($"ChooseParameters({string.Join(", ", Statistics.Select(s => "part * " + s))}, out float tried, out float triedShift);");
                code.Line("double error = ErrorOf(x, stride, rows, k, tried, triedShift);");
                using (code.Block("if (error < least)"))
                {
                    code.Line("least = error;");
                    code.Line("scale = tried;");
                    code.Line("shift = triedShift;");
                }
            }
        }
    }

    /// <summary>
    /// Writes the fitting of a scale and a minimum to the codes they lead to: least squares for one with the other held, the minimum first, in f64.
    /// </summary>
    public void Refit(CodeWriter code)
    {
        code.Doc("<summary>Fits the scale and the minimum of weights to the codes they lead to, round after round.</summary>");
        using (code.Method("internal static void Refit(float* x, long stride, long rows, long k, ref float scale, ref float shift)"))
        {
            var values = new ValueWriter(_format, new ScalarTarget());
            values.DeclareTables(code);
            using (code.Block($"for (int round = 0; round < {_encode.Rounds}; round++)"))
            {
                code.Line("double sumX = 0;\ndouble sumV = 0;\ndouble sumXV = 0;\ndouble sumVV = 0;");
                using (code.Block("for (long r = 0; r < rows; r++)"))
                using (code.Block("for (long i = 0; i < k; i++)"))
                {
                    code.Line("float weight = x[(r * stride) + i];");
                    code.Line($"double value = {values.OfStored(code, "Encode(weight, scale, shift)")};");
                    code.Line("sumX += weight;\nsumV += value;\nsumXV += weight * value;\nsumVV += value * value;");
                }

                using (code.Block("if (sumVV == 0)"))
                {
                    code.Line("return;");
                }

                if (HasMin)
                {
                    code.Line("double fitted = (sumX - (scale * sumV)) / (rows * k);");
                    code.Line("shift = (float)fitted;");
                    code.Line("scale = (float)((sumXV - (fitted * sumV)) / sumVV);");
                }
                else
                {
                    code.Line("scale = (float)(sumXV / sumVV);");
                }
            }
        }
    }

    /// <summary>The zero point at which the least weight meets the lowest code.</summary>
    private string ZeroOf(string low, string scale) => _low == 0
        ? $"{scale} == 0 ? 0 : -MathF.Round({low} / {scale})"
        : $"{scale} == 0 ? 0 : {Literal(_low)} - MathF.Round({low} / {scale})";

    /// <summary>The scale of what was chosen, which is its reciprocal where the declaration says so.</summary>
    private string ScaleOf(string chosen) => _encode.ReciprocalFirst ? $"({chosen} == 0 ? 0 : 1 / {chosen})" : chosen;

    /// <summary>The scale by which a weight meets a code, or its reciprocal.</summary>
    private string Ratio(string weight, double code) => _encode.ReciprocalFirst
        ? $"scale = {weight} == 0 ? 0 : {Literal(code)} / {weight};"
        : $"scale = {weight} / {Literal(code)};";

    private void Exponent(CodeWriter code)
    {
        // scale = 2^X * Multiply, X such that the largest weight meets the top of the code's range.
        ParameterSpec p = _spec.Parameters[_plan.Scale];
        if (_encode.Range == EncodeRange.ExponentReciprocal)
        {
            code.Line("int exponent = largest == 0 ? 0 : -EncoderIdioms.FloorLog2(largest);");
            code.Line($"scale = {(p.Negative ? "-" : string.Empty)}ScalarIdioms.Exponent(EncoderIdioms.Clamp(exponent, -127, 127) + 127, 0);");
            return;
        }

        double top = _largest * p.Multiply;
        bool ceiling = _encode.Range == EncodeRange.ExponentCeiling;
        int of = ceiling ? (int)Math.Ceiling(Math.Log(top, 2) - 1e-12) : (int)Math.Floor(Math.Log(top, 2) + 1e-12);
        string exponent = ceiling ? "EncoderIdioms.CeilingLog2(largest)" : "EncoderIdioms.FloorLog2(largest)";
        code.Line($"int exponent = largest == 0 ? -127 : EncoderIdioms.Clamp({exponent} - {of}, -127, {(p.Type.Class == StoredClass.E8M0 ? 127 : 128)});".Replace("- -", "+ "));
        code.Line($"scale = {(p.Negative ? "-" : string.Empty)}ScalarIdioms.Exponent(exponent + 127, {RowParameters.Exponent(p)});");
    }

    private string ChooseDoc() => _encode.Range switch
    {
        EncodeRange.AbsMax => "<summary>The largest magnitude meets the largest code.</summary>",
        EncodeRange.SignedMax => "<summary>The weight of largest magnitude, with its sign, meets the lowest code.</summary>",
        EncodeRange.MinMax => "<summary>The range of the weights meets the range of the codes.</summary>",
        EncodeRange.MinMaxWithZero => "<summary>The range of the weights, extended to contain 0, meets the range of the codes.</summary>",
        EncodeRange.AbsMean => "<summary>The mean magnitude is the scale.</summary>",
        EncodeRange.AbsMedian => "<summary>The median magnitude is the scale.</summary>",
        EncodeRange.CentredAbsMean => "<summary>The mean is the minimum, the mean distance from it the scale.</summary>",
        EncodeRange.StandardDeviation => "<summary>The mean is the minimum, the standard deviation the scale.</summary>",
        _ => "<summary>A power of two by the largest magnitude.</summary>",
    };

    private static (double Low, double High) Values(FormatSpec spec)
    {
        if (spec.Codebook is { } codebook)
        {
            return (codebook.Numbers.Min(), codebook.Numbers.Max());
        }

        int top = 1 << (spec.Codes.Bits - 1);
        (int low, int high) = spec.Codes.Kind switch
        {
            CodeNumber.Unsigned => (0, (2 * top) - 1),
            CodeNumber.Signed => (-top, top - 1),
            CodeNumber.SignMagnitude => (1 - top, top - 1),
            _ => (-1, 1),
        };
        if (spec.Codes.Kind == CodeNumber.Unsigned && spec.Digits.Count != 0)
        {
            high = spec.Digits.Min(run => run.Radix) - 1;
        }

        return (low + spec.Codes.Offset, high + spec.Codes.Offset);
    }

    private static string Literal(double value) => FloatLiteral.Of(FloatBits.FromSingle((float)value));
}

using System;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes the encoder: the range of each group by the declared rule, parameters rounded to what is stored, codes to nearest.
/// Plain C#; every target uses it.
/// </summary>
internal sealed class QuantizeKernel
{
    private readonly FormatPlan _format;
    private readonly FormatSpec _spec;
    private readonly EncodeSpec _encode;
    private readonly EncoderPlan _plan;
    private readonly RowParameters _parameters;
    private readonly string _scalarClass;
    private readonly double _low;
    private readonly double _high;
    private readonly double _largest;

    public QuantizeKernel(FormatPlan plan, string scalarClass)
    {
        _scalarClass = scalarClass;
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
    }

    private bool HasMin => _plan.Min >= 0;

    private bool HasZero => _plan.Zero >= 0;

    private bool HasScale => _plan.Scale >= 0;

    public void Write(CodeWriter code)
    {
        if (_spec.Codes.Float is { } type)
        {
            Floats(code, type);
            return;
        }

        if (_plan.Extent == ParameterExtent.Tensor)
        {
            Tensor(code);
            code.Line();
        }

        Row(code);
        code.Line();
        Choose(code);
        code.Line();
        Encode(code);
    }

    private void Floats(CodeWriter code, StoredType type)
    {
        string bits = ParameterEncoding.Encode(
            new ParameterSpec(ParameterRole.Scale, "code", type, ParameterExtent.Block, 1, 1, 0, Negative: false), "x[e]");
        code.Doc("<summary>Stores one row of finite weights, each rounded to the nearest float.</summary>");
        using (code.Method("internal static void QuantizeRow(float* x, long k, byte* row, byte* rowSide, byte* tensorSide)"))
        {
            Buffers.Declare(code, _spec, _scalarClass);
            using (code.Block($"for (long at = 0; at < k; at += {_spec.Block.Inputs}, x += {_spec.Block.Inputs}, row += {_spec.Block.Bytes})"))
            {
                code.Line($"int count = (int)Math.Min({_spec.Block.Inputs}, k - at);");
                using (code.Block($"for (int e = 0; e < {_spec.Block.Inputs}; e++)"))
                {
                    code.Line($"codes[e] = e < count ? ({Buffers.ElementType(_spec)}){bits} : ({Buffers.ElementType(_spec)})0;");
                }

                ShortTail.Write(code, _spec, "row", "count", "null", _scalarClass);
            }
        }
    }

    private void Tensor(CodeWriter code)
    {
        code.Doc("<summary>Chooses the parameters that cover the whole matrix.</summary>");
        using (code.Method("internal static void QuantizeTensor(float* x, long stride, long rows, long k, byte* tensorSide)"))
        {
            code.Line("var range = new WeightRange();");
            using (code.Block("for (long r = 0; r < rows; r++)"))
            {
                code.Line("range.Include(x + (r * stride), k);");
            }

            code.Line("ChooseParameters(range, out float scale, out float shift);");
            StoreSide(code);
        }
    }

    private void Row(CodeWriter code)
    {
        code.Doc("<summary>Encodes one row of finite weights.</summary>");
        using (code.Method("internal static void QuantizeRow(float* x, long k, byte* row, byte* rowSide, byte* tensorSide)"))
        {
            Buffers.Declare(code, _spec, _scalarClass);
            if (_spec.Digits.Count != 0)
            {
                code.Line("StoredBuffer storedBuffer;");
                code.Line($"{Buffers.StoredType(_spec)}* words = ({Buffers.StoredType(_spec)}*)&storedBuffer;");
            }

            if (_plan.Extent == ParameterExtent.Row)
            {
                code.Line("var range = new WeightRange();");
                code.Line("range.Include(x, k);");
                code.Line("ChooseParameters(range, out float scale, out float shift);");
                StoreSide(code);
            }
            else if (_plan.Extent == ParameterExtent.Tensor)
            {
                LoadSide(code);
            }
            else
            {
                int groups = _spec.Block.Inputs / _parameters.Group;
                code.Line($"float* scales = stackalloc float[{groups}];");
                code.Line($"float* shifts = stackalloc float[{groups}];");
            }

            code.Line();
            using (code.Block($"for (long at = 0; at < k; at += {_spec.Block.Inputs}, x += {_spec.Block.Inputs}, row += {_spec.Block.Bytes})"))
            {
                code.Line($"int count = (int)Math.Min({_spec.Block.Inputs}, k - at);");
                if (_plan.Extent == ParameterExtent.Block)
                {
                    BlockParameters(code);
                }
                else
                {
                    using (code.Block($"for (int e = 0; e < {_spec.Block.Inputs}; e++)"))
                    {
                        code.Line("codes[e] = Encode(e < count ? x[e] : 0f, scale, shift);");
                    }
                }

                if (_spec.Digits.Count != 0)
                {
                    new Expansion(_format).WriteWords(code);
                }

                string parameters = RowParameters.EntriesPerBlock(_spec) > 0 ? "parameters" : "null";
                ShortTail.Write(code, _spec, "row", "count", parameters, _scalarClass);
            }
        }
    }

    private void BlockParameters(CodeWriter code)
    {
        int group = _parameters.Group;
        int groups = _spec.Block.Inputs / group;
        using (code.Block($"for (int g = 0; g < {groups}; g++)"))
        {
            code.Line("var range = new WeightRange();");
            code.Line($"range.Include(x + (g * {group}), Math.Clamp(count - (g * {group}), 0, {group}));");
            code.Line("ChooseParameters(range, out scales[g], out shifts[g]);");
        }

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

        code.Line();
        using (code.Block($"for (int e = 0; e < {_spec.Block.Inputs}; e++)"))
        {
            code.Line($"codes[e] = Encode(e < count ? x[e] : 0f, scales[e / {group}], shifts[e / {group}]);");
        }

        for (int i = 0; i < _spec.Parameters.Count; i++)
        {
            if (_spec.Parameters[i].Role is ParameterRole.Sum or ParameterRole.ScaledSum)
            {
                Sums(code, i, group);
            }
        }
    }

    /// <summary>Stores the sums of the codes' values, which products with this format as activations need.</summary>
    private void Sums(CodeWriter code, int parameter, int group)
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

            string real = p.Role == ParameterRole.ScaledSum && HasScale ? $"{ScaleOf($"scales[g * {p.Inputs} / {group}]")} * sum" : "sum";
            code.Line($"parameters[{RowParameters.FirstEntry(_spec, parameter)} + g] = {ParameterEncoding.Encode(p, real)};");
        }
    }

    /// <summary>Stores one parameter per group and keeps what will be decoded, or the unrounded number where the declaration says so.</summary>
    private void Store(CodeWriter code, int parameter, string reals)
    {
        ParameterSpec p = _spec.Parameters[parameter];
        bool keep = (_encode.UnroundedScale && p.Role != ParameterRole.Zero) || _encode.ReciprocalFirst;
        using (code.Block($"for (int g = 0; g < {_spec.Block.Inputs / p.Inputs}; g++)"))
        {
            code.Line($"uint stored = {ParameterEncoding.Encode(p, ScaleOf($"{reals}[g]"))};");
            code.Line($"parameters[{RowParameters.FirstEntry(_spec, parameter)} + g] = stored;");
            if (!keep)
            {
                code.Line($"{reals}[g] = {RowParameters.Decode(_spec, p, "stored")};");
            }
        }
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
            code.Line($"uint stored{name} = {ParameterEncoding.Encode(high with { Negative = false }, $"{sign}largest{name} / {unit}")};");
            code.Line($"parameters[{RowParameters.FirstEntry(_spec, outer)} + o] = stored{name};");
            code.Line($"float outer{name} = {RowParameters.Decode(_spec, high, $"stored{name}")};");
            using (code.Block($"for (int g = o * {each}; g < (o + 1) * {each}; g++)"))
            {
                code.Line($"uint inner = {ParameterEncoding.Encode(low, $"(outer{name} == 0 ? 0 : {reals}[g] / outer{name})")};");
                code.Line($"parameters[{RowParameters.FirstEntry(_spec, inner)} + g] = inner;");
                code.Line($"{reals}[g] = outer{name} * {RowParameters.Decode(_spec, low, "inner")};");
            }
        }
    }

    private void StoreSide(CodeWriter code)
    {
        foreach ((int parameter, string real) in new[] { (_plan.Scale, "scale"), (_plan.Min, "shift"), (_plan.Zero, "shift") }.Where(p => p.Item1 >= 0))
        {
            ParameterSpec p = _spec.Parameters[parameter];
            string memory = p.Extent == ParameterExtent.Row ? "rowSide" : "tensorSide";
            string type = p.Type.Bits > 16 ? "uint" : p.Type.Bits > 8 ? "ushort" : "byte";
            code.Line($"*({type}*)({IndexExpression.Offset(memory, RowParameters.SideOffset(_spec, parameter).ToString(CultureInfo.InvariantCulture))}) = ({type}){ParameterEncoding.Encode(p, real)};");
            if (p.Extent == ParameterExtent.Row && !(_encode.UnroundedScale && p.Role != ParameterRole.Zero))
            {
                code.Line($"{real} = {_parameters.SideValue(parameter)};");
            }
        }
    }

    private void LoadSide(CodeWriter code)
    {
        code.Line($"float scale = {(HasScale ? _parameters.SideValue(_plan.Scale) : "1f")};");
        code.Line($"float shift = {(HasMin ? _parameters.SideValue(_plan.Min) : HasZero ? _parameters.SideValue(_plan.Zero) : "0f")};");
    }

    /// <summary>The real scale and minimum (or the integer zero point) of a group.</summary>
    private void Choose(CodeWriter code)
    {
        code.Doc(ChooseDoc());
        using (code.Method("private static void ChooseParameters(WeightRange range, out float scale, out float shift)"))
        {
            if (!HasScale)
            {
                code.Line("scale = 1;");
                code.Line("shift = 0;");
                return;
            }

            string floor = _encode.MinScale > 0 ? FloatLiteral.Of(FloatBits.FromSingle(_encode.MinScale)) : string.Empty;
            string Floor(string value) => floor.Length == 0 ? value : $"Math.Max({value}, {floor})";
            switch (_encode.Range)
            {
                case EncodeRange.AbsMax:
                    code.Line(_encode.ReciprocalFirst ? Ratio("range.Largest", _largest) : $"scale = {Floor($"range.Largest / {Literal(_largest)}")};");
                    break;
                case EncodeRange.SignedMax:
                    code.Line(Ratio("range.SignedLargest", _encode.Limit > 0 ? -_encode.Limit : _low));
                    break;
                case EncodeRange.AbsMean:
                    code.Line($"scale = {Floor($"range.Mean / {Literal(_largest)}")};");
                    break;
                case EncodeRange.ExponentCeiling:
                case EncodeRange.ExponentFloor:
                    Exponent(code);
                    break;
                default:
                    code.Line(_encode.Range == EncodeRange.MinMax ? "float low = range.Low;" : "float low = Math.Min(range.Low, 0f);");
                    code.Line(_encode.Range == EncodeRange.MinMax ? "float high = range.High;" : "float high = Math.Max(range.High, 0f);");
                    code.Line($"scale = {Floor($"(high - low) / {Literal(_high - _low)}")};");
                    if (HasMin)
                    {
                        code.Line(_low == 0 ? "shift = low;" : $"shift = low - ({Literal(_low)} * scale);");
                        return;
                    }

                    // Rounded and clipped to what is stored when it is stored.
                    code.Line(_low == 0
                        ? "shift = scale == 0 ? 0 : -MathF.Round(low / scale);"
                        : $"shift = scale == 0 ? 0 : {Literal(_low)} - MathF.Round(low / scale);");
                    return;
            }

            code.Line("shift = 0;");
        }
    }

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
        double top = _largest * p.Multiply;
        bool ceiling = _encode.Range == EncodeRange.ExponentCeiling;
        int of = ceiling ? (int)Math.Ceiling(Math.Log(top, 2) - 1e-12) : (int)Math.Floor(Math.Log(top, 2) + 1e-12);
        string exponent = ceiling ? "EncoderIdioms.CeilingLog2(range.Largest)" : "Math.ILogB(range.Largest)";
        code.Line($"int exponent = range.Largest == 0 ? -127 : Math.Clamp({exponent} - {of}, -127, {(p.Type.Class == StoredClass.E8M0 ? 127 : 128)});".Replace("- -", "+ "));
        code.Line($"scale = {(p.Negative ? "-" : string.Empty)}ScalarIdioms.Exponent(exponent + 127, {RowParameters.Exponent(p)});");
    }

    /// <summary>The code of one weight.</summary>
    private void Encode(CodeWriter code)
    {
        code.Doc(EncodeDoc());
        using (code.Method("private static byte Encode(float x, float scale, float shift)"))
        {
            string value = HasMin ? "(x - shift)" : "x";
            code.Line(_encode.ReciprocalFirst ? "float t = x * scale;"
                : _encode.Reciprocal
                ? $"float t = scale == 0 ? 0 : {value} * (1 / scale);"
                : $"float t = scale == 0 ? 0 : {value} / scale;");
            if (_spec.Codebook is { } codebook)
            {
                Nearest(code, codebook);
                return;
            }

            if (_spec.Codes.Kind is CodeNumber.Sign or CodeNumber.InvertedSign)
            {
                bool inverted = _spec.Codes.Kind == CodeNumber.InvertedSign;
                code.Line($"return (byte)(t >= {Literal(_spec.Codes.Offset)} ? {(inverted ? 0 : 1)} : {(inverted ? 1 : 0)});");
                return;
            }

            double low = _encode.Limit > 0 && !HasZero && !HasMin ? -_encode.Limit : _low;
            double high = _encode.Limit > 0 && !HasZero && !HasMin ? _encode.Limit : _high;
            string zero = HasZero ? " + (int)shift" : string.Empty;
            string rounded = _encode.Rounding switch
            {
                EncodeRounding.HalfToEven => "(int)MathF.Round(t)",
                EncodeRounding.HalfAwayFromZero => "(int)MathF.Round(t, MidpointRounding.AwayFromZero)",
                _ => $"(int)(t + {FloatLiteral.Of(FloatBits.FromSingle((float)(0.5 - _low)))}) + {((int)_low).ToString(CultureInfo.InvariantCulture)}".Replace("+ -", "- ").Replace(" + 0", string.Empty),
            };
            code.Line($"int v = Math.Clamp({rounded}{zero}, {(int)low}, {(int)high});");
            code.Line(StoredCode());
        }
    }

    private string StoredCode()
    {
        CodeSpec codes = _spec.Codes;
        string number = codes.Offset == 0 ? "v" : $"(v - ({codes.Offset}))";
        int mask = (1 << codes.Bits) - 1;
        int top = 1 << (codes.Bits - 1);
        return codes.Kind switch
        {
            CodeNumber.Signed => $"return (byte)({number} & 0x{mask:X2});",
            // The sign is the weight's, also where the magnitude rounds to 0: the reference keeps it.
            CodeNumber.SignMagnitude when codes.Offset == 0 => $"return (byte)(Math.Abs(v) | (t < 0 ? {top} : 0));",
            CodeNumber.SignMagnitude => $"return (byte)({number} < 0 ? {top} - {number} : {number});",
            CodeNumber.Trit => $"return (byte)({number} + 1);",
            _ => $"return (byte){number};",
        };
    }

    private void Nearest(CodeWriter code, CodebookSpec codebook)
    {
        // Entries in value order, of equal ones the first; -0 stands below 0 and takes what rounds to zero from below.
        int[] order = Enumerable.Range(0, codebook.ValueBits.Count)
            .GroupBy(i => codebook.ValueBits[i])
            .Select(equal => equal.First())
            .OrderBy(i => FloatBits.ToSingle(codebook.ValueBits[i]))
            .ThenBy(i => codebook.ValueBits[i])
            .ToArray();
        string midpoints = IntegerList.Of(order.Skip(1).Select((upper, i) => Threshold(
            FloatBits.ToSingle(codebook.ValueBits[order[i]]),
            FloatBits.ToSingle(codebook.ValueBits[upper]))));
        code.Line($"ReadOnlySpan<int> midpoints = [{midpoints}];");
        code.Line($"ReadOnlySpan<byte> entries = [{IntegerList.Of(order)}];");
        code.Line("return entries[EncoderIdioms.Above(midpoints, t)];");
    }

    /// <summary>The f32 bits of the largest number that belongs to the lower of two neighbouring entries.</summary>
    private int Threshold(float lower, float upper)
    {
        double middle = ((double)lower + upper) / 2;
        bool tieGoesUp = _encode.Rounding switch
        {
            EncodeRounding.HalfToEven => lower == upper,
            EncodeRounding.HalfAwayFromZero => middle >= 0,
            _ => true,
        };
        float threshold = (float)middle;
        return threshold > middle || (threshold == middle && tieGoesUp)
            ? FloatBits.FromSingle(FloatBits.NextDown(threshold))
            : FloatBits.FromSingle(threshold);
    }

    private string ChooseDoc() => _encode.Range switch
    {
        EncodeRange.AbsMax => "<summary>The largest magnitude meets the largest code.</summary>",
        EncodeRange.SignedMax => "<summary>The weight of largest magnitude, with its sign, meets the lowest code.</summary>",
        EncodeRange.MinMax => "<summary>The range of the weights meets the range of the codes.</summary>",
        EncodeRange.MinMaxWithZero => "<summary>The range of the weights, extended to contain 0, meets the range of the codes.</summary>",
        EncodeRange.AbsMean => "<summary>The mean magnitude is the scale.</summary>",
        _ => "<summary>A power of two by the largest magnitude.</summary>",
    };

    private string EncodeDoc() => _spec.Codebook is not null
        ? "<summary>The code of the table entry nearest to a weight.</summary>"
        : "<summary>The code nearest to a weight.</summary>";

    private static string Literal(double value) => FloatLiteral.Of(FloatBits.FromSingle((float)value));

    private static (double Low, double High) Values(FormatSpec spec)
    {
        if (spec.Codebook is { } codebook)
        {
            return (codebook.ValueBits.Min(FloatBits.ToSingle), codebook.ValueBits.Max(FloatBits.ToSingle));
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

}

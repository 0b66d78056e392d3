using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using KernelGen.Generator.Model;
using KernelGen.Generator.Parsing;
using Xunit;

namespace KernelGen.Tests.Generation;

public sealed class ModelTests
{
    private const string Format = """
        namespace Models;
        [Block(256, Ragged = RaggedRows.Reject)]
        [Scale(ScalarType.Float16), Min(ScalarType.Float16, Sign = -1)]
        [Scale(ScalarType.UInt6, Per = 32), Min(ScalarType.UInt4, Per = 32, Multiply = 0.5, Add = 1)]
        [Codes(4, Stripe = 32), Encode(RangeRule.MinMaxWithZero)]
        public readonly partial record struct Format;
        """;

    private const string Faulty = "[Block(32), Codes(9), Scale(ScalarType.Float16, Per = 24)] public partial struct Faulty;";

    public static TheoryData<string, string> Changes => new()
    {
        { "Models;", "Others;" },
        { "struct Format", "struct Other" },
        { "public ", "internal " },
        { "readonly ", "" },
        { "record ", "" },
        { "Block(256", "Block(512" },
        { ".Reject", ".Pad" },
        { "Sign = -1", "Sign = 1" },
        { "Float16)", "BFloat16)" },
        { "Per = 32", "Per = 16" },
        { "UInt4", "UInt5" },
        { "0.5", "0.25" },
        { "Add = 1", "Add = 2" },
        { "Add = 1", "Add = 1, Name = \"least\"" },
        { "Codes(4", "Codes(2" },
        { "Stripe = 32", "Stripe = 16" },
        { "Stripe = 32", "Stripe = 32, HighFirst = true" },
        { "Stripe = 32", "Stripe = 32, Offset = -1" },
        { "MinMaxWithZero", "MinMax" },
        { "MinMaxWithZero", "MinMaxWithZero, Limit = 7" },
        { "MinMaxWithZero", "MinMaxWithZero, MinScale = 1" },
        { "MinMaxWithZero", "MinMaxWithZero, Reciprocal = true" },
        { "MinMaxWithZero", "MinMaxWithZero, UnroundedScale = true" },
        { "MinMaxWithZero", "MinMaxWithZero, Rounding = CodeRounding.HalfUp" },
        { "Codes(4, Stripe = 32)", "Codes(1), Codebook(0, 1)" },
    };

    [Theory]
    [InlineData(Format)]
    [InlineData(Faulty)]
    public void The_same_source_gives_equal_models(string source)
    {
        ParseResult one = Assert.Single(GeneratorHarness.Parse(source));
        ParseResult two = Assert.Single(GeneratorHarness.Parse(source));
        Assert.NotSame(one, two);
        Assert.Equal(one, two);
        Assert.Equal(one.GetHashCode(), two.GetHashCode());
        Assert.True(one.Spec is null || !ReferenceEquals(one.Spec, two.Spec));
    }

    [Theory]
    [InlineData("// a comment\n\n", "")]
    [InlineData("", "\nclass Unrelated;")]
    public void A_moved_source_gives_an_equal_model(string before, string after) => Assert.Equal(
        Assert.Single(GeneratorHarness.Parse(Format)),
        Assert.Single(GeneratorHarness.Parse(before + Format + after)));

    [Fact]
    public void A_source_written_otherwise_gives_an_equal_model() => Assert.Equal(
        GeneratorHarness.Spec(Format),
        GeneratorHarness.Spec(Format
            .Replace("[Codes(4", "/* codes */ [Codes(kind: CodeKind.Unsigned, bits: 2 + 2", StringComparison.Ordinal)
            .Replace("record struct Format;", "record struct Format { public static int Unrelated => 3; }", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_changed_source_gives_an_unequal_model(string from, string to)
    {
        string changed = Format.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(Format, changed);
        ParseResult result = Assert.Single(GeneratorHarness.Parse(changed));
        Assert.NotNull(result.Spec);
        Assert.NotEqual(Assert.Single(GeneratorHarness.Parse(Format)), result);
    }

    [Fact]
    public void A_moved_fault_gives_an_unequal_model() => Assert.NotEqual(
        Assert.Single(GeneratorHarness.Parse(Faulty)),
        Assert.Single(GeneratorHarness.Parse("\n" + Faulty)));

    [Theory]
    [InlineData(Format)]
    [InlineData(Faulty)]
    public void No_object_of_the_compiler_is_reachable(string source)
    {
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        Walk(Assert.Single(GeneratorHarness.Parse(source)), seen);
        Assert.True(seen.Count > 5);
    }

    [Theory]
    [InlineData(typeof(CodeKind), typeof(CodeNumber))]
    [InlineData(typeof(RaggedRows), typeof(RaggedRule))]
    [InlineData(typeof(RangeRule), typeof(EncodeRange))]
    [InlineData(typeof(CodeRounding), typeof(EncodeRounding))]
    public void Enums_of_language_and_model_agree(Type language, Type model)
    {
        // Plain floats are declared by [Minifloat] and no kind of code.
        string[] names = [.. Enum.GetNames(model).Where(static n => n != nameof(CodeNumber.Float))];
        Assert.Equal(Enum.GetNames(language), names);
        Assert.Equal(
            Enum.GetValues(language).Cast<object>().Select(Convert.ToInt32),
            names.Select(n => Convert.ToInt32(Enum.Parse(model, n))));
    }

    [Fact]
    public void Every_scalar_type_is_read_as_what_its_name_says()
    {
        // Those after Int16 are types of indices, which no parameter has.
        foreach (ScalarType type in Enum.GetValues<ScalarType>().Where(type => type <= ScalarType.Int16))
        {
            string source = $"[Block(32), Codes(4), Scale(ScalarType.{type})] public partial struct Format;";
            StoredType stored = Assert.Single(GeneratorHarness.Spec(source).Parameters).Type;
            string expected = stored.Class switch
            {
                StoredClass.Unsigned => "UInt" + stored.Bits,
                StoredClass.Signed => "Int" + stored.Bits,
                _ => stored.Class.ToString(),
            };
            Assert.Equal(type.ToString(), expected);
        }
    }

    [Theory]
    [InlineData("public partial struct F;", "", "F", "", "public", false, false)]
    [InlineData("internal readonly partial record struct F;", "", "F", "", "internal", true, true)]
    [InlineData("partial struct F;", "", "F", "", "internal", false, false)]
    [InlineData("partial struct @class;", "", "@class", "", "internal", false, false)]
    public void A_type_is_described(string declaration, string space, string name, string containers, string access, bool isRecord, bool isReadOnly)
    {
        TypeSpec type = GeneratorHarness.Spec("[Block(32), Codes(4)] " + declaration).Type;
        Assert.Equal(space, type.Namespace);
        Assert.Equal(name, type.Name);
        Assert.Equal(containers, string.Join(";", type.Containers));
        Assert.Equal(access, type.Accessibility);
        Assert.Equal(isRecord, type.IsRecord);
        Assert.Equal(isReadOnly, type.IsReadOnly);
    }

    [Fact]
    public void Containers_are_described_outermost_first()
    {
        TypeSpec type = GeneratorHarness.Spec("""
            namespace A.@int { public static partial class B { public partial record C { internal partial record struct D { public partial interface E {
                [Block(32), Codes(4)] public partial struct F;
            } } } } }
            """).Type;
        Assert.Equal("A.@int", type.Namespace);
        Assert.Equal(["class B", "record C", "record struct D", "interface E"], type.Containers);
        Assert.Equal("internal", type.Accessibility);
        Assert.Equal("A.int.B+C+D+E+F", KernelGen.Generator.Emission.HintNames.Of(type));
    }

    private static void Walk(object? value, HashSet<object> seen)
    {
        if (value is null || value.GetType().IsPrimitive || value.GetType().IsEnum || value is string || !seen.Add(value))
        {
            return;
        }

        Assert.DoesNotContain("Microsoft.CodeAnalysis", value.GetType().FullName, StringComparison.Ordinal);
        if (value is Array array)
        {
            foreach (object? item in (IEnumerable)array)
            {
                Walk(item, seen);
            }
        }

        for (Type? type = value.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                Assert.DoesNotContain("Microsoft.CodeAnalysis", field.FieldType.FullName ?? string.Empty, StringComparison.Ordinal);
                Walk(field.GetValue(value), seen);
            }
        }
    }
}

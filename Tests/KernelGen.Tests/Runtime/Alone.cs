using Xunit;

namespace KernelGen.Tests.Runtime;

/// <summary>Tests that measure what the whole process does run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Alone";
}

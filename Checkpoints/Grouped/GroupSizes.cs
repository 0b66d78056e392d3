namespace KernelGen.Checkpoints;

/// <summary>How many inputs share a scale.</summary>
internal static class GroupSizes
{
    /// <summary>Finds the size of groups.</summary>
    /// <param name="tensors">The layer.</param>
    /// <param name="inputs">Row length I.</param>
    /// <param name="groups">Groups of the stored scales.</param>
    /// <param name="config">What the configuration says.</param>
    /// <returns>Inputs of a group, I at most.</returns>
    /// <exception cref="CheckpointException">The configuration and the scales contradict each other, or without one the groups are not equal.</exception>
    public static int Resolve(LayerTensors tensors, int inputs, long groups, GroupedConfig? config)
    {
        if (config?.GroupSize is { } said)
        {
            int size = said < 0 || said > inputs ? inputs : said;
            long expected = ((long)inputs + size - 1) / size;
            return groups == expected
                ? size
                : throw new CheckpointException(config.Source, "group_size", $"it is {said}, which divides {inputs} inputs into {expected} groups; {tensors.Fail("scales", $"has {groups}.").Message}");
        }

        return inputs % groups == 0
            ? (int)(inputs / groups)
            : throw tensors.Fail("scales", $"its {groups} groups do not divide {inputs} inputs; the configuration must say group_size.");
    }
}

using System.Linq;

namespace KernelGen.Checkpoints;

/// <summary>Which inputs a group has.</summary>
internal static class GroupOrder
{
    /// <summary>Checks the stored group of each input, and sorts the inputs by it.</summary>
    /// <param name="tensors">The layer.</param>
    /// <param name="groupOf">The group of each input.</param>
    /// <param name="groups">How many groups there are.</param>
    /// <param name="groupSize">Inputs of a group; the last has the rest.</param>
    /// <param name="config">What the configuration says.</param>
    /// <returns>The inputs in the order of their groups, or null where that is their own.</returns>
    /// <exception cref="CheckpointException">A group does not exist or has another number of inputs, or the configuration says there is no other order.</exception>
    public static int[]? Sort(LayerTensors tensors, int[] groupOf, long groups, int groupSize, GroupedConfig? config)
    {
        int[] counts = new int[groups];
        for (int i = 0; i < groupOf.Length; i++)
        {
            if (groupOf[i] < 0 || groupOf[i] >= groups)
            {
                throw tensors.Fail("g_idx", $"input {i} belongs to group {groupOf[i]}; there are groups 0 to {groups - 1}.");
            }

            counts[groupOf[i]]++;
        }

        for (int group = 0; group < groups; group++)
        {
            long expected = long.Min(groupSize, groupOf.Length - ((long)group * groupSize));
            if (counts[group] != expected)
            {
                throw tensors.Fail("g_idx", $"group {group} has {counts[group]} inputs; {groupOf.Length} inputs in groups of {groupSize} give it {expected}.");
            }
        }

        if (Enumerable.Range(0, groupOf.Length).All(i => groupOf[i] == i / groupSize))
        {
            return null;
        }

        return config?.ActOrder == false
            ? throw new CheckpointException(config.Source, "desc_act", "it is false, but g_idx has the inputs in another order than their own.")
            : [.. Enumerable.Range(0, groupOf.Length).OrderBy(i => groupOf[i])];
    }
}

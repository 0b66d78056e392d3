namespace KernelGen;

/// <summary>A dimension of a weight matrix W, O x I.</summary>
public enum Axis
{
    /// <summary>The columns: y = W x takes an input for each.</summary>
    Inputs,

    /// <summary>The rows: y = W x gives an output for each.</summary>
    Outputs,
}

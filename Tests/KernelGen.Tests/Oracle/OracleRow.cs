namespace KernelGen.Tests.Oracle;

/// <summary>
/// A decoded row and the f32 terms its weights were made of: <c>weight = (scale * (value - zero)) + min</c>; 0, 1 and 0 stand for
/// roles the format does not have.
/// </summary>
internal sealed class OracleRow(int inputs)
{
    public int Inputs => inputs;

    public float[] Values { get; } = new float[inputs];

    public float[] Zeros { get; } = new float[inputs];

    public float[] Scales { get; } = new float[inputs];

    public float[] Mins { get; } = new float[inputs];

    public float[] Weights { get; } = new float[inputs];

    public void Set(int k, float value, float zero, float scale, float min, float weight)
    {
        Values[k] = value;
        Zeros[k] = zero;
        Scales[k] = scale;
        Mins[k] = min;
        Weights[k] = weight;
    }
}

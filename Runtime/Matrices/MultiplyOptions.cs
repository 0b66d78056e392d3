namespace KernelGen;

/// <summary>How a product is computed. The default value: int8 arithmetic, as many threads as pay, the machine's best kernels.</summary>
public readonly record struct MultiplyOptions
{
    /// <summary>The arithmetic.</summary>
    public ComputeMode Mode { get; init; }

    /// <summary>
    /// A declared format that the activations are quantized in, every row by the format's own encoder. With <see cref="ComputeMode.Int8"/> its codes are multiplied with the
    /// weights' as integers, with <see cref="ComputeMode.Float32"/> the numbers it decodes to as f32. Null: with Int8 the format that the weights' declares
    /// (<see cref="FormatDescriptor.ActivationFormat"/>), or int8 in groups as <see cref="ActivationPacker"/> says; with Float32 activations as they are. A pair that cannot be multiplied so is an
    /// <see cref="ActivationFormatException"/>; <see cref="FormatDescriptor.ActivationFault"/> tells before.
    /// </summary>
    public FormatDescriptor? Activations { get; init; }

    /// <summary>
    /// Threads, the caller included. 0 takes all of the pool's, fewer for products so small that waking them does not pay. A
    /// positive number is the most that are used. The result does not depend on it.
    /// </summary>
    public int Threads { get; init; }

    /// <summary>The kernels to run, or null to let <see cref="TargetSelection"/> choose.</summary>
    public KernelTarget? Target { get; init; }

    /// <summary>The pool whose threads take part, or null for <see cref="WorkerPool.Shared"/>.</summary>
    public WorkerPool? Pool { get; init; }
}

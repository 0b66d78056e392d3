using System.Runtime.InteropServices;

namespace KernelGen.Bench.Peers;

/// <summary>The functions of ggml's public C interface that the comparison calls. Pointers to its structures are opaque.</summary>
internal sealed unsafe class GgmlFunctions
{
    /// <summary>Finds them all.</summary>
    /// <exception cref="PeerException">One is missing.</exception>
    public GgmlFunctions(GgmlSymbols from)
    {
        Version = (delegate* unmanaged<nint>)from.Base.Find("ggml_version");
        SetLog = (delegate* unmanaged<delegate* unmanaged<int, nint, nint, void>, nint, void>)from.Base.Find("ggml_log_set");
        TypeName = (delegate* unmanaged<int, nint>)from.Base.Find("ggml_type_name");
        BlockInputs = (delegate* unmanaged<int, long>)from.Base.Find("ggml_blck_size");
        BlockBytes = (delegate* unmanaged<int, nuint>)from.Base.Find("ggml_type_size");
        TypeTraits = (delegate* unmanaged<int, GgmlTypeTraits*>)from.Base.Find("ggml_get_type_traits");
        TypeTraitsCpu = (delegate* unmanaged<int, nint*>)from.Cpu.Find("ggml_get_type_traits_cpu");
        QuantizeInit = (delegate* unmanaged<int, void>)from.Base.Find("ggml_quantize_init");
        QuantizeChunk = (delegate* unmanaged<int, float*, void*, long, long, long, float*, nuint>)from.Base.Find("ggml_quantize_chunk");
        NeedsImportance = (delegate* unmanaged<int, byte>)from.Base.Find("ggml_quantize_requires_imatrix");

        Init = (delegate* unmanaged<GgmlInitParams, nint>)from.Base.Find("ggml_init");
        Free = (delegate* unmanaged<nint, void>)from.Base.Find("ggml_free");
        TensorOverhead = (delegate* unmanaged<nuint>)from.Base.Find("ggml_tensor_overhead");
        GraphOverhead = (delegate* unmanaged<nuint, byte, nuint>)from.Base.Find("ggml_graph_overhead_custom");
        NewTensor = (delegate* unmanaged<nint, int, long, long, nint>)from.Base.Find("ggml_new_tensor_2d");
        NewGraph = (delegate* unmanaged<nint, nuint, byte, nint>)from.Base.Find("ggml_new_graph_custom");
        ExpandGraph = (delegate* unmanaged<nint, nint, void>)from.Base.Find("ggml_build_forward_expand");
        Multiply = (delegate* unmanaged<nint, nint, nint, nint>)from.Base.Find("ggml_mul_mat");
        TensorBytes = (delegate* unmanaged<nint, nuint>)from.Base.Find("ggml_nbytes");

        BufferTypeName = (delegate* unmanaged<nint, nint>)from.Base.Find("ggml_backend_buft_name");
        Alignment = (delegate* unmanaged<nint, nuint>)from.Base.Find("ggml_backend_buft_get_alignment");
        AllocationBytes = (delegate* unmanaged<nint, nint, nuint>)from.Base.Find("ggml_backend_buft_get_alloc_size");
        Allocate = (delegate* unmanaged<nint, nuint, nint>)from.Base.Find("ggml_backend_buft_alloc_buffer");
        BufferBase = (delegate* unmanaged<nint, byte*>)from.Base.Find("ggml_backend_buffer_get_base");
        FreeBuffer = (delegate* unmanaged<nint, void>)from.Base.Find("ggml_backend_buffer_free");
        Place = (delegate* unmanaged<nint, nint, void*, int>)from.Base.Find("ggml_backend_tensor_alloc");
        Set = (delegate* unmanaged<nint, void*, nuint, nuint, void>)from.Base.Find("ggml_backend_tensor_set");
        Get = (delegate* unmanaged<nint, void*, nuint, nuint, void>)from.Base.Find("ggml_backend_tensor_get");

        DeviceSupports = (delegate* unmanaged<nint, nint, byte>)from.Base.Find("ggml_backend_dev_supports_op");
        DeviceBufferType = (delegate* unmanaged<nint, nint>)from.Base.Find("ggml_backend_dev_buffer_type");
        DeviceRegistration = (delegate* unmanaged<nint, nint>)from.Base.Find("ggml_backend_dev_backend_reg");
        InitDevice = (delegate* unmanaged<nint, nint, nint>)from.Base.Find("ggml_backend_dev_init");
        RegistrationProcedure = (delegate* unmanaged<nint, nint, nint>)from.Base.Find("ggml_backend_reg_get_proc_address");
        Compute = (delegate* unmanaged<nint, nint, int>)from.Base.Find("ggml_backend_graph_compute");

        DeviceByType = (delegate* unmanaged<int, nint>)from.Registry.Find("ggml_backend_dev_by_type");
        LoadBackend = (delegate* unmanaged<nint, nint>)from.Registry.Find("ggml_backend_load");
    }

    public delegate* unmanaged<nint> Version { get; }

    /// <summary>(callback of (level, text, state), state).</summary>
    public delegate* unmanaged<delegate* unmanaged<int, nint, nint, void>, nint, void> SetLog { get; }

    public delegate* unmanaged<int, nint> TypeName { get; }

    public delegate* unmanaged<int, long> BlockInputs { get; }

    public delegate* unmanaged<int, nuint> BlockBytes { get; }

    public delegate* unmanaged<int, GgmlTypeTraits*> TypeTraits { get; }

    /// <summary>The first member of the structure is <c>from_float</c>.</summary>
    public delegate* unmanaged<int, nint*> TypeTraitsCpu { get; }

    public delegate* unmanaged<int, void> QuantizeInit { get; }

    /// <summary>(type, source, destination, start, rows, inputs, importance).</summary>
    public delegate* unmanaged<int, float*, void*, long, long, long, float*, nuint> QuantizeChunk { get; }

    public delegate* unmanaged<int, byte> NeedsImportance { get; }

    public delegate* unmanaged<GgmlInitParams, nint> Init { get; }

    public delegate* unmanaged<nint, void> Free { get; }

    public delegate* unmanaged<nuint> TensorOverhead { get; }

    public delegate* unmanaged<nuint, byte, nuint> GraphOverhead { get; }

    /// <summary>(context, type, inputs, rows).</summary>
    public delegate* unmanaged<nint, int, long, long, nint> NewTensor { get; }

    public delegate* unmanaged<nint, nuint, byte, nint> NewGraph { get; }

    public delegate* unmanaged<nint, nint, void> ExpandGraph { get; }

    /// <summary>(context, weights, activations).</summary>
    public delegate* unmanaged<nint, nint, nint, nint> Multiply { get; }

    public delegate* unmanaged<nint, nuint> TensorBytes { get; }

    public delegate* unmanaged<nint, nint> BufferTypeName { get; }

    public delegate* unmanaged<nint, nuint> Alignment { get; }

    public delegate* unmanaged<nint, nint, nuint> AllocationBytes { get; }

    public delegate* unmanaged<nint, nuint, nint> Allocate { get; }

    public delegate* unmanaged<nint, byte*> BufferBase { get; }

    public delegate* unmanaged<nint, void> FreeBuffer { get; }

    /// <summary>(buffer, tensor, address).</summary>
    public delegate* unmanaged<nint, nint, void*, int> Place { get; }

    /// <summary>(tensor, data, offset, bytes).</summary>
    public delegate* unmanaged<nint, void*, nuint, nuint, void> Set { get; }

    /// <summary>(tensor, data, offset, bytes).</summary>
    public delegate* unmanaged<nint, void*, nuint, nuint, void> Get { get; }

    public delegate* unmanaged<nint, nint, byte> DeviceSupports { get; }

    public delegate* unmanaged<nint, nint> DeviceBufferType { get; }

    public delegate* unmanaged<nint, nint> DeviceRegistration { get; }

    public delegate* unmanaged<nint, nint, nint> InitDevice { get; }

    public delegate* unmanaged<nint, nint, nint> RegistrationProcedure { get; }

    public delegate* unmanaged<nint, nint, int> Compute { get; }

    public delegate* unmanaged<int, nint> DeviceByType { get; }

    public delegate* unmanaged<nint, nint> LoadBackend { get; }
}

/// <summary><c>ggml_init_params</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GgmlInitParams
{
    public nuint Bytes;
    public nint Memory;
    public byte NoAllocation;
}

/// <summary><c>ggml_type_traits</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct GgmlTypeTraits
{
    public nint Name;
    public long BlockInputs;
    public long BlockInterleave;
    public nuint BlockBytes;
    public byte IsQuantized;
    public delegate* unmanaged<void*, float*, long, void> ToFloat;
    public delegate* unmanaged<float*, void*, long, void> FromFloatReference;
}

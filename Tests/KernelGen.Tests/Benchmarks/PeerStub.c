// What the benchmark program calls of ggml's public interface, for one type (Q4_0) and as simply as can be: it tests the calls, not a speed.
// Compiled with FAULT, one function is missing (1), the structure of a type is another (2), or outputs are wrong (3).
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifndef FAULT
#define FAULT 0
#endif

enum { F32 = 0, Q4_0 = 2, BLOCK = 32, BYTES = 18 };

typedef struct { const char *name; } BufferType;
typedef struct { BufferType *type; unsigned char *base; } Buffer;
typedef struct Tensor { int type; int64_t inputs, rows; unsigned char *data; Buffer *buffer; struct Tensor *a, *b; } Tensor;
typedef struct { int count; Tensor *nodes[4096]; } Graph;
typedef struct { int threads; } Backend;
typedef struct {
    const char *name;
#if FAULT == 2
    int64_t more;
#endif
    int64_t block, interleave;
    size_t bytes;
    _Bool quantized;
    void (*to_float)(const void *, float *, int64_t);
    void (*from_float)(const float *, void *, int64_t);
} Traits;
typedef struct { size_t bytes; void *memory; _Bool no_alloc; } Params;

static BufferType plain = { "CPU" }, repack = { "CPU_REPACK" };
static Backend backend;

static float half(uint16_t h)
{
    int exponent = h >> 10 & 31, mantissa = h & 1023;
    float value = exponent ? ldexpf((float)(mantissa + 1024), exponent - 25) : ldexpf((float)mantissa, -24);
    return h & 0x8000 ? -value : value;
}

static void to_float(const void *blocks, float *y, int64_t count)
{
    const unsigned char *block = blocks;
    for (int64_t at = 0; at < count; at += BLOCK, block += BYTES, y += BLOCK)
        for (int i = 0; i < BLOCK; i++)
            y[i] = half((uint16_t)(block[0] | block[1] << 8)) * (float)((block[2 + i % 16] >> i / 16 * 4 & 15) - 8);
}

static void from_float(const float *x, void *blocks, int64_t count)
{
    (void)x;
    memset(blocks, 0, (size_t)(count / BLOCK * BYTES));
}

static const Traits traits[] = {
    [F32] = { .name = "f32", .block = 1, .bytes = 4 },
    [Q4_0] = { .name = "q4_0", .block = BLOCK, .bytes = BYTES, .quantized = 1, .to_float = to_float, .from_float = from_float },
};

#if FAULT != 1
const char *ggml_version(void) { return "stub"; }
#endif
void ggml_log_set(void (*callback)(int, const char *, void *), void *state) { callback(1, "not for users\n", state); }
const char *ggml_type_name(int type) { return traits[type].name; }
int64_t ggml_blck_size(int type) { return traits[type].block; }
size_t ggml_type_size(int type) { return traits[type].bytes; }
const Traits *ggml_get_type_traits(int type) { return &traits[type]; }
const void *ggml_get_type_traits_cpu(int type) { static const void *none[4]; (void)type; return none; }
void ggml_quantize_init(int type) { (void)type; }
_Bool ggml_quantize_requires_imatrix(int type) { (void)type; return 0; }
size_t ggml_quantize_chunk(int type, const float *x, void *blocks, int64_t start, int64_t rows, int64_t inputs, const float *importance)
{
    if (importance || start)
        abort();
    from_float(x, blocks, rows * inputs);
    return (size_t)(rows * inputs / BLOCK * (int64_t)traits[type].bytes);
}

void *ggml_init(Params params) { return params.bytes && !params.memory && params.no_alloc ? calloc(1, 1) : NULL; }
void ggml_free(void *context) { free(context); }
size_t ggml_tensor_overhead(void) { return 368; }
size_t ggml_graph_overhead_custom(size_t size, _Bool grads) { return grads ? 0 : 16 * size; }
Tensor *ggml_new_tensor_2d(void *context, int type, int64_t inputs, int64_t rows)
{
    Tensor *tensor = calloc(1, sizeof *tensor);
    *tensor = (Tensor){ .type = type, .inputs = inputs, .rows = rows };
    return context ? tensor : NULL;
}
Graph *ggml_new_graph_custom(void *context, size_t size, _Bool grads) { return context && size <= 4096 && !grads ? calloc(1, sizeof(Graph)) : NULL; }
void ggml_build_forward_expand(Graph *graph, Tensor *tensor) { graph->nodes[graph->count++] = tensor; }
Tensor *ggml_mul_mat(void *context, Tensor *a, Tensor *b)
{
    Tensor *product = ggml_new_tensor_2d(context, F32, a->rows, b->rows);
    product->a = a;
    product->b = b;
    return product;
}
size_t ggml_nbytes(const Tensor *tensor) { return (size_t)(tensor->inputs / traits[tensor->type].block * tensor->rows) * traits[tensor->type].bytes; }

const char *ggml_backend_buft_name(BufferType *type) { return type->name; }
size_t ggml_backend_buft_get_alignment(BufferType *type) { (void)type; return 32; }
size_t ggml_backend_buft_get_alloc_size(BufferType *type, const Tensor *tensor) { (void)type; return ggml_nbytes(tensor); }
Buffer *ggml_backend_buft_alloc_buffer(BufferType *type, size_t size)
{
    Buffer *buffer = malloc(sizeof *buffer);
    *buffer = (Buffer){ type, malloc(size) };
    return buffer;
}
void *ggml_backend_buffer_get_base(Buffer *buffer) { return buffer->base; }
void ggml_backend_buffer_free(Buffer *buffer) { free(buffer->base); free(buffer); }
int ggml_backend_tensor_alloc(Buffer *buffer, Tensor *tensor, void *address) { tensor->buffer = buffer; tensor->data = address; return 0; }
void ggml_backend_tensor_set(Tensor *tensor, const void *data, size_t offset, size_t size) { memcpy(tensor->data + offset, data, size); }
void ggml_backend_tensor_get(const Tensor *tensor, void *data, size_t offset, size_t size) { memcpy(data, tensor->data + offset, size); }

static void set_threads(Backend *of, int threads) { of->threads = threads; }
static BufferType **extra(void *device) { static BufferType *types[2]; types[0] = &repack; return device ? types : NULL; }
void *ggml_backend_dev_by_type(int type) { return type == 0 ? &backend : NULL; }
void *ggml_backend_dev_init(void *device, const char *params) { return params ? NULL : device; }
_Bool ggml_backend_dev_supports_op(void *device, const Tensor *op) { return device && op->a->buffer; }
BufferType *ggml_backend_dev_buffer_type(void *device) { return device ? &plain : NULL; }
void *ggml_backend_dev_backend_reg(void *device) { return device; }
void *ggml_backend_reg_get_proc_address(void *registration, const char *name)
{
    if (registration && !strcmp(name, "ggml_backend_set_n_threads"))
        return (void *)set_threads;
    return !strcmp(name, "ggml_backend_dev_get_extra_bufts") ? (void *)extra : NULL;
}
void *ggml_backend_load(const char *path) { (void)path; return NULL; }
int ggml_backend_graph_compute(Backend *of, Graph *graph)
{
    for (int i = 0; i < graph->count; i++) {
        Tensor *y = graph->nodes[i], *w = y->a, *x = y->b;
        float *row = malloc((size_t)w->inputs * sizeof *row);
        for (int64_t n = 0; n < w->rows; n++) {
            to_float(w->data + n * (w->inputs / BLOCK * BYTES), row, w->inputs);
            for (int64_t m = 0; m < x->rows; m++) {
                float sum = FAULT == 3;
                for (int64_t k = 0; k < w->inputs; k++)
                    sum += row[k] * ((float *)x->data)[m * w->inputs + k];
                ((float *)y->data)[m * w->rows + n] = sum;
            }
        }
        free(row);
    }
    return of->threads == 1 ? 0 : -1;
}

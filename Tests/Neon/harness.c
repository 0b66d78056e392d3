// Calls kernels of a ReadyToRun image compiled for arm64, without a runtime, and compares their results with a case file.
//
//   harness IMAGE MAP.csv PREFIX CASES
//
// The image's sections are mapped; methods are found in the compiler's map. Calls from one method of the image to another go
// through import cells, which are bound here. Any other import cell that a kernel can reach is something only a runtime
// provides: such a kernel fails, and the cell is named.
#define _GNU_SOURCE
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { MAX_ARGUMENTS = 8, PAGE = 4096, CANARY = 64, PATTERN = 0xA5 };
enum { RULE_BYTES, RULE_SINGLES, RULE_WITHIN };

typedef struct {
    uint32_t rva, length;
    char *name;
    int visited;
    char *import; // a cell that it can reach and that nothing here can bind, or null
} Method;

typedef struct {
    uint32_t rva;
    char *name;
} Cell;

typedef struct {
    char *name;
    int cases, failed;
    char reason[512];
} Kernel;

static uint8_t *image;
static uint32_t image_size;
static Method *methods;
static size_t method_count;
static Cell *cells;
static size_t cell_count;
static Kernel kernels[4096];
static size_t kernel_count;
static sigjmp_buf recovery;

static void fail(const char *what, const char *which)
{
    fprintf(stderr, "harness: %s: %s\n", what, which);
    exit(2);
}

static uint8_t *read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        fail("cannot open", path);
    fseek(file, 0, SEEK_END);
    *length = (size_t)ftell(file);
    rewind(file);
    uint8_t *bytes = malloc(*length + 1);
    if (fread(bytes, 1, *length, file) != *length)
        fail("cannot read", path);
    bytes[*length] = 0;
    fclose(file);
    return bytes;
}

static uint32_t u32(const uint8_t *p) { uint32_t v; memcpy(&v, p, 4); return v; }
static uint16_t u16(const uint8_t *p) { uint16_t v; memcpy(&v, p, 2); return v; }

static void map_image(const char *path)
{
    size_t length;
    uint8_t *file = read_file(path, &length);
    uint8_t *pe = file + u32(file + 0x3C);
    image_size = u32(pe + 24 + 56);
    image = mmap(NULL, image_size + PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (image == MAP_FAILED)
        fail("cannot map", path);
    uint8_t *section = pe + 24 + u16(pe + 20);
    for (int i = u16(pe + 6); i > 0; i--, section += 40) {
        uint32_t virtual_size = u32(section + 8), raw_size = u32(section + 16);
        memcpy(image + u32(section + 12), file + u32(section + 20), raw_size < virtual_size ? raw_size : virtual_size);
    }
    free(file);
}

static int by_name(const void *a, const void *b) { return strcmp(((const Method *)a)->name, ((const Method *)b)->name); }

static Method *find_method(const char *name)
{
    Method key = { .name = (char *)name };
    return bsearch(&key, methods, method_count, sizeof(Method), by_name);
}

// Rows of the map: RVA, length, relocations, section, symbol (which may have commas), node type.
static void read_map(const char *path)
{
    size_t length;
    char *line = (char *)read_file(path, &length);
    size_t lines = 0;
    for (char *p = line; *p; p++)
        lines += *p == '\n';
    methods = calloc(lines + 1, sizeof(Method));
    cells = calloc(lines + 1, sizeof(Cell));
    for (char *next; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        char *symbol = line;
        for (int comma = 0; comma < 4 && symbol; comma++)
            symbol = (symbol = strchr(symbol, ',')) ? symbol + 1 : NULL;
        if (!symbol)
            continue;
        uint32_t rva = (uint32_t)strtoul(line, NULL, 16), size = (uint32_t)strtoul(strchr(line, ',') + 1, NULL, 10);
        char *type = strrchr(symbol, ',');
        if (type && !strcmp(type + 1, "MethodWithGCInfo")) {
            *type = 0;
            methods[method_count++] = (Method){ .rva = rva, .length = size, .name = symbol };
        } else if (strstr(symbol, "Import")) {
            cells[cell_count++] = (Cell){ .rva = rva, .name = symbol + (*symbol == ',') };
        }
    }
    qsort(methods, method_count, sizeof(Method), by_name);
}

// The name of the import cell at an address, or null where there is none.
static const char *cell_name(uint32_t rva)
{
    const char *name = NULL;
    for (size_t i = 0; i < cell_count; i++)
        if (cells[i].rva == rva && (!name || strstr(cells[i].name, "->")))
            name = cells[i].name;
    return name;
}

// Binds the cells a method refers to (adrp, then ldr or add) and returns the name of one that cannot be bound, or null.
static char *bind_imports(Method *method)
{
    if (method->visited)
        return method->import;
    method->visited = 1;
    const uint32_t *code = (const uint32_t *)(image + method->rva);
    for (uint32_t i = 0; i < method->length / 4 && !method->import; i++) {
        if ((code[i] & 0x9F000000) != 0x90000000)
            continue;
        int64_t pages = (int64_t)((((uint64_t)code[i] >> 5 & 0x7FFFF) << 2 | (code[i] >> 29 & 3)) << 43) >> 43;
        uint32_t page = (uint32_t)(((method->rva + 4 * i) & ~0xFFFu) + (pages << 12));
        uint32_t reg = code[i] & 31, address = 0;
        for (uint32_t j = i + 1; j < method->length / 4 && !address; j++) {
            uint32_t immediate = code[j] >> 10 & 0xFFF;
            if ((code[j] >> 5 & 31) != reg)
                continue;
            if ((code[j] & 0xFFC00000) == 0xF9400000)
                address = page + 8 * immediate;
            else if ((code[j] & 0xFFC00000) == 0x91000000)
                address = page + immediate;
        }
        const char *cell = cell_name(address);
        if (!cell)
            continue;
        char name[1024];
        snprintf(name, sizeof name, "%s", cell);
        char *entry = strstr(name, "MethodEntry: ");
        Method *callee = NULL;
        if (entry) {
            entry += strlen("MethodEntry: ");
            entry[strcspn(entry, ";,)")] = 0;
            callee = find_method(entry);
        }
        if (!callee) {
            method->import = strdup(entry ? entry : name);
        } else {
            uint64_t target = (uint64_t)(image + callee->rva);
            memcpy(image + address, &target, 8);
            method->import = bind_imports(callee);
        }
    }
    return method->import;
}

// A buffer that ends where a page without access starts, its start preceded by a canary.
static uint8_t *guarded(size_t length, void **mapping, size_t *mapped)
{
    size_t bytes = (length + CANARY + PAGE - 1) / PAGE * PAGE;
    *mapped = bytes + PAGE;
    *mapping = mmap(NULL, *mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (*mapping == MAP_FAILED)
        fail("cannot map", "a buffer");
    memset(*mapping, PATTERN, bytes);
    mprotect((uint8_t *)*mapping + bytes, PAGE, PROT_NONE);
    return (uint8_t *)*mapping + bytes - length;
}

static void on_signal(int number) { siglongjmp(recovery, number); }

static const uint8_t *cursor;
static void take(void *to, size_t length) { memcpy(to, cursor, length); cursor += length; }
static int32_t take_int(void) { int32_t v; take(&v, 4); return v; }
static int64_t take_long(void) { int64_t v; take(&v, 8); return v; }

static char *take_text(void)
{
    int32_t length = take_int();
    char *text = calloc(1, (size_t)length + 1);
    take(text, (size_t)length);
    return text;
}

static int differs(int rule, float bound, const uint8_t *actual, const uint8_t *expected, size_t length, char *what, size_t size)
{
    if (rule == RULE_BYTES) {
        for (size_t i = 0; i < length; i++)
            if (actual[i] != expected[i])
                return snprintf(what, size, "byte %zu of %zu is 0x%02X, not 0x%02X", i, length, actual[i], expected[i]);
        return 0;
    }
    for (size_t i = 0; i < length / 4; i++) {
        float a, e;
        memcpy(&a, actual + 4 * i, 4);
        memcpy(&e, expected + 4 * i, 4);
        int equal = rule == RULE_WITHIN ? fabsf(a - e) <= bound : (isnan(a) && isnan(e)) || u32(actual + 4 * i) == u32(expected + 4 * i);
        if (!equal)
            return snprintf(what, size, "f32 %zu of %zu is %.9g, not %.9g%s", i, length / 4, a, e, rule == RULE_WITHIN ? " within the bound" : "");
    }
    return 0;
}

static Kernel *kernel_of(const char *name)
{
    for (size_t i = kernel_count; i-- > 0;)
        if (!strcmp(kernels[i].name, name))
            return &kernels[i];
    kernels[kernel_count].name = strdup(name);
    return &kernels[kernel_count++];
}

static void run_case(const char *prefix)
{
    char *symbol = take_text(), *label = take_text(), full[1024], what[256] = "";
    int64_t values[MAX_ARGUMENTS] = { 0 };
    uint8_t *buffers[MAX_ARGUMENTS] = { 0 };
    void *mappings[MAX_ARGUMENTS];
    size_t mapped[MAX_ARGUMENTS];
    int32_t count = take_int();
    if (count > MAX_ARGUMENTS)
        fail("too many arguments", symbol);
    for (int i = 0; i < count; i++) {
        int64_t length = take_long();
        if (length < 0) {
            values[i] = take_long();
        } else {
            buffers[i] = guarded((size_t)length, &mappings[i], &mapped[i]);
            take(buffers[i], (size_t)length);
            values[i] = (int64_t)buffers[i];
        }
    }

    Kernel *kernel = kernel_of(symbol);
    kernel->cases++;
    snprintf(full, sizeof full, "%s%s", prefix, symbol);
    Method *method = find_method(full);
    char *import = method ? bind_imports(method) : NULL;
    volatile float returned = 0;
    int number = 0;
    if (!method) {
        snprintf(what, sizeof what, "not in the image");
    } else if (import) {
        snprintf(what, sizeof what, "needs %s", import);
    } else if ((number = sigsetjmp(recovery, 1)) != 0) {
        snprintf(what, sizeof what, "%s", number == SIGILL ? "an instruction this processor lacks" : "touches memory outside its buffers");
    } else {
        float (*call)(int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t) = (void *)(image + method->rva);
        returned = call(values[0], values[1], values[2], values[3], values[4], values[5], values[6], values[7]);
    }

    int32_t checks = take_int();
    for (int c = 0; c < checks; c++) {
        int32_t argument = take_int(), rule = take_int();
        float bound, result = returned;
        take(&bound, 4);
        int64_t length = take_long();
        const uint8_t *expected = cursor;
        cursor += length;
        if (!*what)
            differs(rule, bound, argument < 0 ? (uint8_t *)&result : buffers[argument], expected, (size_t)length, what, sizeof what);
    }
    for (int i = 0; i < count; i++) {
        if (!buffers[i])
            continue;
        for (int b = 1; b <= CANARY && !*what; b++)
            if (buffers[i][-b] != PATTERN)
                snprintf(what, sizeof what, "writes before argument %d", i);
        munmap(mappings[i], mapped[i]);
    }

    if (*what && !kernel->failed++)
        snprintf(kernel->reason, sizeof kernel->reason, "%s (%s)", what, label);
    free(symbol);
    free(label);
}

int main(int argc, char **argv)
{
    if (argc != 5)
        fail("usage", "harness IMAGE MAP.csv PREFIX CASES");
    map_image(argv[1]);
    read_map(argv[2]);
    size_t length;
    const uint8_t *cases = read_file(argv[4], &length);
    struct sigaction action = { .sa_handler = on_signal };
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
    sigaction(SIGILL, &action, NULL);
    for (cursor = cases; cursor < cases + length;)
        run_case(argv[3]);

    size_t failed = 0;
    for (size_t i = 0; i < kernel_count; i++) {
        if (!kernels[i].failed)
            continue;
        failed++;
        printf("FAILED %s: %s, %d of %d cases\n", kernels[i].name, kernels[i].reason, kernels[i].failed, kernels[i].cases);
    }
    printf("%zu exact %zu failed\n", kernel_count - failed, failed);
    return failed != 0;
}

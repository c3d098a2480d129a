/* A stand-in for a PJRT plugin with one device that multiplies int8 matrices. It declares the
 * interface by itself, the table by the names in their order, so that a wrong place in the helper
 * shows. What is wrong with it is chosen when it is compiled. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef MAJOR
#define MAJOR 0
#endif

enum {
  ErrorDestroy, ErrorMessage, ErrorGetCode, PluginInitialize, PluginAttributes, EventDestroy,
  EventIsReady, EventError, EventAwait, EventOnReady, ClientCreate, ClientDestroy,
  ClientPlatformName, ClientProcessIndex, ClientPlatformVersion, ClientDevices,
  ClientAddressableDevices, ClientLookupDevice, ClientLookupAddressableDevice,
  ClientAddressableMemories, ClientCompile, ClientDefaultDeviceAssignment,
  ClientBufferFromHostBuffer, DescriptionId, DescriptionProcessIndex, DescriptionAttributes,
  DescriptionKind, DescriptionDebugString, DescriptionToString, DeviceGetDescription,
  DeviceIsAddressable, DeviceLocalHardwareId, DeviceAddressableMemories, DeviceDefaultMemory,
  DeviceMemoryStats, MemoryId, MemoryKind, MemoryDebugString, MemoryToString,
  MemoryAddressableByDevices, ExecutableDestroy, ExecutableName, ExecutableNumReplicas,
  ExecutableNumPartitions, ExecutableNumOutputs, ExecutableSizeOfCode, ExecutableCostAnalysis,
  ExecutableOutputMemoryKinds, ExecutableOptimizedProgram, ExecutableSerialize,
  LoadedExecutableDestroy, LoadedExecutableGetExecutable, LoadedExecutableAddressableDevices,
  LoadedExecutableDelete, LoadedExecutableIsDeleted, LoadedExecutableExecute,
  ExecutableDeserializeAndLoad, LoadedExecutableFingerprint, BufferDestroy, BufferElementType,
  BufferDimensions, BufferUnpaddedDimensions, BufferDynamicDimensionIndices,
  BufferGetMemoryLayout, BufferOnDeviceSize, BufferDevice, BufferMemory, BufferDelete,
  BufferIsDeleted, BufferCopyToDevice, BufferToHostBuffer, BufferIsOnCpu, Functions = 110
};

typedef struct { size_t size; void *more; } head;

struct error { const char *text; };
struct buffer { int64_t rows, columns; void *data; size_t bytes; };

static int alive_buffers, alive_events;
static char client, device, description, executable;

static struct error *refuse(const char *text) {
  struct error *error = malloc(sizeof *error);
  error->text = text;
  return error;
}

static void *event(void) {
  ++alive_events;
  return malloc(1);
}

/* A later version of the interface knows more fields and refuses what is shorter. */
#ifdef LATER
#define LONGER 64
#else
#define LONGER 0
#endif
#define WANT(bytes) \
  if (given->head.size < (bytes) + LONGER) return refuse("Unexpected struct size")

struct error_destroy { head head; struct error *error; };
static void error_destroy(struct error_destroy *given) { free(given->error); }

struct error_message { head head; struct error *error; const char *text; size_t length; };
static void error_message(struct error_message *given) {
  given->text = given->error->text;
  given->length = strlen(given->text);
}

struct initialize { head head; };
static void *initialize(struct initialize *given) {
  WANT(16);
#ifdef NOISY
  puts("loading {\"kind\":\"end\"}");
  fflush(stdout);
#endif
  return NULL;
}

struct of_event { head head; void *event; };
static void *event_destroy(struct of_event *given) {
  WANT(24);
  --alive_events;
  free(given->event);
  return NULL;
}
static void *event_await(struct of_event *given) {
  WANT(24);
  return NULL;
}

struct client_create {
  head head; void *options; size_t count; void *get, *get_arg, *put, *put_arg; void *client;
#ifdef LATER
  void *try_get, *try_get_arg;
#endif
};
static void *client_create(struct client_create *given) {
  WANT(72);
#ifdef IN_USE
  return refuse("The TPU is already in use by process with pid 4242.");
#endif
#ifdef LATER
  if (given->try_get != NULL) return refuse("a callback that nobody gave");
#endif
  given->client = &client;
  return NULL;
}

struct of_client { head head; void *client; };
static void *client_destroy(struct of_client *given) {
  WANT(24);
  if (alive_buffers != 0 || alive_events != 0) fprintf(stderr, "something was not freed\n");
  return NULL;
}

struct client_text { head head; void *client; const char *text; size_t length; };
static void *platform_name(struct client_text *given) {
  WANT(40);
  given->text = "fake";
  given->length = 4;
  return NULL;
}
static void *platform_version(struct client_text *given) {
  WANT(40);
  given->text = "fake \"1\"\n";
  given->length = 9;
  return NULL;
}

struct client_devices { head head; void *client; void **devices; size_t count; };
static void *devices(struct client_devices *given) {
  WANT(40);
  static void *all[] = {&device};
  given->devices = all;
#ifdef WITHOUT_DEVICES
  given->count = 0;
#else
  given->count = 1;
#endif
  return NULL;
}

struct program {
  head head; char *code; size_t length; const char *format; size_t format_length;
};
struct compile {
  head head; void *client; struct program *program; const char *options; size_t length;
  void *executable;
};
static void *compile(struct compile *given) {
  WANT(56);
#ifdef HANG
  sleep(600);
#endif
  if (strncmp(given->program->format, "mlir", 4) != 0) return refuse("no such format");
  char *code = strndup(given->program->code, given->program->length);
  int known = strstr(code, "stablehlo.dot_general") && strstr(code, "xi8>");
  known = known && strstr(code, "xi32>");
  free(code);
  if (!known) return refuse("no such program");
  if (given->length != 17 || given->options[0] != 0x1a) return refuse("unreadable options");
  given->executable = &executable;
  return NULL;
}

struct from_host {
  head head; void *client; const void *data; int type; const int64_t *dims; size_t count;
  const int64_t *strides; size_t stride_count; int semantics; void *device, *memory, *layout;
  void *done; struct buffer *buffer;
};
static void *from_host(struct from_host *given) {
  WANT(120);
  if (given->type != 2 || given->count != 2 || given->device != &device) return refuse("shape");
  struct buffer *made = malloc(sizeof *made);
  made->rows = given->dims[0];
  made->columns = given->dims[1];
  made->bytes = (size_t)(made->rows * made->columns);
  made->data = memcpy(malloc(made->bytes), given->data, made->bytes);
  ++alive_buffers;
  given->buffer = made;
  given->done = event();
  return NULL;
}

struct description_id { head head; void *description; int id; };
static void *description_id(struct description_id *given) {
  WANT(28);
  given->id = 7;
  return NULL;
}

struct description_text { head head; void *description; const char *text; size_t length; };
static void *description_kind(struct description_text *given) {
  WANT(40);
  given->text = "Fake TPU v9";
  given->length = 11;
  return NULL;
}

struct get_description { head head; void *device, *description; };
static void *get_description(struct get_description *given) {
  WANT(32);
  given->description = &description;
  return NULL;
}

struct memory_stats {
  head head; void *device; int64_t in_use, peak; _Bool has_peak; int64_t count; _Bool has_count;
  int64_t largest; _Bool has_largest; int64_t limit; _Bool has_limit;
};
static void *memory_stats(struct memory_stats *given) {
#ifdef LATER
  return refuse("unimplemented");
#endif
  given->limit = 17179869184;
  given->has_limit = 1;
  return NULL;
}

struct options { head head; void *send, *receive; size_t sends, receives; int launch; };
struct execute {
  head head; void *executable; struct options *options; struct buffer ***arguments;
  size_t device_count, argument_count; struct buffer ***outputs; void **done; void *device;
};
static void *execute(struct execute *given) {
  WANT(80);
#ifdef CRASH
  abort();
#endif
  if (given->options->head.size < 52 + LONGER) return refuse("Unexpected struct size");
  struct buffer *left = given->arguments[0][0], *right = given->arguments[0][1];
  struct buffer *made = malloc(sizeof *made);
  made->rows = left->rows;
  made->columns = right->columns;
  made->bytes = (size_t)(made->rows * made->columns) * 4;
  int32_t *sums = made->data = calloc(made->bytes, 1);
  for (int64_t i = 0; i < left->rows; ++i)
    for (int64_t j = 0; j < right->columns; ++j)
      for (int64_t k = 0; k < left->columns; ++k)
        sums[i * made->columns + j] += (int32_t)((int8_t *)left->data)[i * left->columns + k] *
                                       ((int8_t *)right->data)[k * right->columns + j];
#ifdef WRONG
  /* What a product in floating point does. */
  for (int64_t at = 0; at < made->rows * made->columns; ++at) sums[at] = (int32_t)(float)sums[at];
#endif
  ++alive_buffers;
  given->outputs[0][0] = made;
  given->done[0] = event();
  return NULL;
}

struct executable_destroy { head head; void *executable; };
static void *executable_destroy(struct executable_destroy *given) {
  WANT(24);
  return NULL;
}

struct buffer_destroy { head head; struct buffer *buffer; };
static void *buffer_destroy(struct buffer_destroy *given) {
  WANT(24);
  --alive_buffers;
  free(given->buffer->data);
  free(given->buffer);
  return NULL;
}

struct to_host {
  head head; struct buffer *source; void *layout, *target; size_t length; void *done;
};
static void *to_host(struct to_host *given) {
  WANT(56);
  if (given->length < given->source->bytes) return refuse("too short");
  memcpy(given->target, given->source->data, given->source->bytes);
  given->done = event();
  return NULL;
}

static struct {
  size_t size; void *more; struct { head head; int major, minor; } version;
  void *functions[Functions];
} api;

#ifndef NO_FACE
void *GetPjrtApi(void) {
#ifdef SHORT_TABLE
  api.size = 40 + 8 * 30;
#else
  api.size = sizeof api;
#endif
  api.version.head.size = 24;
  api.version.major = MAJOR;
  api.version.minor = 90;
  void **at = api.functions;
  at[ErrorDestroy] = error_destroy;
  at[ErrorMessage] = error_message;
  at[PluginInitialize] = initialize;
  at[EventDestroy] = event_destroy;
  at[EventAwait] = event_await;
  at[ClientCreate] = client_create;
  at[ClientDestroy] = client_destroy;
  at[ClientPlatformName] = platform_name;
  at[ClientPlatformVersion] = platform_version;
  at[ClientAddressableDevices] = devices;
  at[ClientCompile] = compile;
  at[ClientBufferFromHostBuffer] = from_host;
  at[DescriptionId] = description_id;
  at[DescriptionKind] = description_kind;
  at[DeviceGetDescription] = get_description;
  at[DeviceMemoryStats] = memory_stats;
  at[LoadedExecutableDestroy] = executable_destroy;
  at[LoadedExecutableExecute] = execute;
  at[BufferDestroy] = buffer_destroy;
  at[BufferToHostBuffer] = to_host;
  return &api;
}
#endif

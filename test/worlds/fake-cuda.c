// A driver library that drives nothing: memory is the process's own, launches compute nothing. What
// it answers is chosen when it is compiled: DEVICES, VERSION, CAPABILITY, INIT (a result of cuInit),
// MEMORY (bytes of one allocation), LOST_AT (the step whose launch kills the context), REFUSED_AT
// (the step whose launch finds no memory), WRONG_COPY (which copy to the host has another first
// byte), and WITHOUT_GRAPHS, which leaves a function out.
#include <stdlib.h>
#include <string.h>

#ifndef DEVICES
#define DEVICES 1
#endif
#ifndef VERSION
#define VERSION 13000
#endif
#ifndef CAPABILITY
#define CAPABILITY 90
#endif
#ifndef INIT
#define INIT 0
#endif
#ifndef MEMORY
#define MEMORY ((size_t)1 << 40)
#endif
#ifndef LOST_AT
#define LOST_AT 0
#endif
#ifndef REFUSED_AT
#define REFUSED_AT 0
#endif

#ifndef WRONG_COPY
#define WRONG_COPY 0
#endif

#define OUT_OF_MEMORY 2
#define ILLEGAL_ADDRESS 700

static int launches = 0;
static int copies = 0;
static int isLost = 0;

/** What every call answers: a context that died once stays dead. */
static int said(void) { return isLost ? ILLEGAL_ADDRESS : 0; }

typedef unsigned long long Place;

int cuInit(unsigned flags) { return (void)flags, INIT; }
int cuDriverGetVersion(int *version) { return *version = VERSION, 0; }
int cuDeviceGetCount(int *count) { return *count = DEVICES, 0; }
int cuDeviceGet(int *device, int number) { return *device = number, 0; }
int cuDeviceGetName(char *name, int length, int device) {
  (void)device;
  return strncpy(name, "Pretended GPU", (size_t)length), 0;
}
int cuDeviceGetPCIBusId(char *bus, int length, int device) {
  strncpy(bus, "0000:0A:00.0", (size_t)length);
  return bus[6] = (char)('A' + device), 0;
}
int cuDeviceGetUuid_v2(unsigned char *uuid, int device) {
  memset(uuid, 0xc0, 16);
  return uuid[15] = (unsigned char)device, 0;
}
int cuDeviceGetAttribute(int *value, int attribute, int device) {
  (void)device;
  *value = attribute == 75 ? CAPABILITY / 10 : attribute == 76 ? CAPABILITY % 10 : 4;
  return 0;
}
int cuDeviceTotalMem_v2(size_t *bytes, int device) { return (void)device, *bytes = 1 << 30, 0; }
int cuCtxCreate_v2(void **context, unsigned flags, int device) {
  return (void)flags, (void)device, *context = &launches, 0;
}
int cuCtxDestroy_v2(void *context) { return (void)context, 0; }
int cuCtxSetCurrent(void *context) { return (void)context, said(); }
int cuModuleLoadDataEx(void **module, const void *text, unsigned n, int *options, void **values) {
  return (void)text, (void)n, (void)options, (void)values, *module = &launches, said();
}
int cuModuleGetFunction(void **function, void *module, const char *name) {
  return (void)module, (void)name, *function = &launches, said();
}
int cuFuncSetAttribute(void *function, int attribute, int value) {
  return (void)function, (void)attribute, (void)value, said();
}
int cuMemAlloc_v2(Place *place, size_t bytes) {
  if (bytes > MEMORY) return OUT_OF_MEMORY;
  *place = (Place)calloc(1, bytes);
  return said();
}
int cuMemFree_v2(Place place) { return free((void *)place), said(); }
int cuMemHostAlloc(void **memory, size_t bytes, unsigned flags) {
  return (void)flags, *memory = malloc(bytes), said();
}
int cuMemFreeHost(void *memory) { return free(memory), said(); }
int cuMemcpyHtoDAsync_v2(Place to, const void *from, size_t bytes, void *stream) {
  return (void)stream, memcpy((void *)to, from, bytes), said();
}
int cuMemcpyDtoHAsync_v2(void *to, Place from, size_t bytes, void *stream) {
  (void)stream, memcpy(to, (void *)from, bytes);
  copies += 1;
  if (copies == WRONG_COPY) *(char *)to ^= 1;
  return said();
}
int cuMemcpyDtoDAsync_v2(Place to, Place from, size_t bytes, void *stream) {
  return (void)stream, memcpy((void *)to, (void *)from, bytes), said();
}
int cuMemsetD32Async(Place place, unsigned word, size_t count, void *stream) {
  (void)stream;
  for (size_t i = 0; i < count; i += 1) ((unsigned *)place)[i] = word;
  return said();
}
int cuStreamCreate(void **stream, unsigned flags) {
  return (void)flags, *stream = &launches, said();
}
int cuStreamDestroy_v2(void *stream) { return (void)stream, said(); }
int cuStreamSynchronize(void *stream) { return (void)stream, said(); }
int cuStreamBeginCapture_v2(void *stream, int mode) { return (void)stream, (void)mode, said(); }
int cuStreamEndCapture(void *stream, void **graph) {
  return (void)stream, *graph = &launches, said();
}
int cuGraphInstantiateWithFlags(void **run, void *graph, unsigned long long flags) {
  return (void)graph, (void)flags, *run = &launches, said();
}
#ifndef WITHOUT_GRAPHS
int cuGraphLaunch(void *run, void *stream) {
  (void)run;
  (void)stream;
  launches += 1;
  if (launches == LOST_AT) isLost = 1;
  return launches == REFUSED_AT ? OUT_OF_MEMORY : said();
}
#endif
int cuGraphExecDestroy(void *run) { return (void)run, said(); }
int cuGraphDestroy(void *graph) { return (void)graph, said(); }
int cuEventCreate(void **event, unsigned flags) { return (void)flags, *event = &launches, said(); }
int cuEventRecord(void *event, void *stream) { return (void)event, (void)stream, said(); }
int cuEventSynchronize(void *event) { return (void)event, said(); }
int cuEventElapsedTime(float *ms, void *first, void *last) {
  return (void)first, (void)last, *ms = 0, said();
}
int cuEventDestroy_v2(void *event) { return (void)event, said(); }
int cuLaunchKernel(void *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                   unsigned bz, unsigned shared, void *stream, void **parameters, void **extra) {
  (void)function, (void)gx, (void)gy, (void)gz, (void)bx, (void)by, (void)bz;
  (void)shared, (void)stream, (void)parameters, (void)extra;
  return said();
}
int cuGetErrorName(int result, const char **name) {
  *name = result == OUT_OF_MEMORY ? "CUDA_ERROR_OUT_OF_MEMORY" : "CUDA_ERROR_OTHER";
  return 0;
}

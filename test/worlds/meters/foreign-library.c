/*
 * Functions of Windows (cfgmgr32, kernel32) and macOS (CoreFoundation, IOReport) as far as meters
 * call them, in one library for a test: written from their public headers and descriptions. They answer
 * fixed figures, so the real binding runs where those systems are not.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Windows: one device named "\\?\M", channels "RAPL_Package0_PKG" and "RAPL_Package0_DRAM". */

static const uint8_t GUID_BYTES[16] = {0x44, 0x83, 0xbd, 0x45, 0xd6, 0x7e, 0xcf, 0x49,
                                       0xa4, 0x40, 0xc2, 0x76, 0xc9, 0x33, 0xb0, 0x53};
static const uint16_t PATHS[] = {'\\', '\\', '?', '\\', 'M', 0, 0};
static int opened = 0;

uint32_t CM_Get_Device_Interface_List_SizeW(uint32_t *size, void *class, void *device,
                                            uint32_t flags) {
  if (memcmp(class, GUID_BYTES, 16) != 0 || device != NULL || flags != 0) return 1;
  *size = sizeof(PATHS) / 2;
  return 0;
}

uint32_t CM_Get_Device_Interface_ListW(void *class, void *device, void *buffer, uint32_t size,
                                       uint32_t flags) {
  if (memcmp(class, GUID_BYTES, 16) != 0 || device != NULL || flags != 0) return 1;
  if (size < sizeof(PATHS) / 2) return 2;
  memcpy(buffer, PATHS, sizeof(PATHS));
  return 0;
}

intptr_t CreateFileW(const uint16_t *name, uint32_t access, uint32_t share, void *security,
                     uint32_t how, uint32_t flags, void *template) {
  bool fits = memcmp(name, PATHS, 12) == 0 && access == 0x80000000u && share == 3 && how == 3;
  if (!fits || security != NULL || template != NULL || flags != 0) return -1;
  opened += 1;
  return 0x1234;
}

int CloseHandle(intptr_t file) {
  opened -= 1;
  return file == 0x1234;
}

int opened_handles(void) { return opened; }

static size_t channel(uint8_t *at, const char *name) {
  uint16_t bytes = (uint16_t)((strlen(name) + 1) * 2);
  memset(at, 0, 6 + bytes);
  memcpy(at + 4, &bytes, 2);
  for (size_t i = 0; name[i] != 0; i++) at[6 + i * 2] = (uint8_t)name[i];
  return 6 + bytes;
}

static uint32_t metadata(uint8_t *out) {
  memset(out, 0, 68);
  out[0] = 'F';
  out[32] = 'S';
  out[64] = 1;
  out[66] = 2;
  size_t at = 68;
  at += channel(out + at, "RAPL_Package0_PKG");
  at += channel(out + at, "RAPL_Package0_DRAM");
  return (uint32_t)at;
}

int DeviceIoControl(intptr_t file, uint32_t code, void *in, uint32_t in_size, void *out,
                    uint32_t out_size, uint32_t *got, void *overlapped) {
  uint8_t made[512];
  uint32_t size = 0;
  if (file != 0x1234 || in != NULL || in_size != 0 || overlapped != NULL) return 0;
  if (code == 0x224000) {
    made[0] = 2, made[1] = 0, size = 2;
  } else if (code == 0x224004) {
    uint32_t whole = metadata(made);
    memcpy(made, &whole, 4), size = 4;
  } else if (code == 0x224008) {
    size = metadata(made);
  } else if (code == 0x22400c) {
    uint64_t values[4] = {5000000000000ull, 1, 7000000000000ull, 1};
    memcpy(made, values, size = sizeof(values));
  } else {
    return 0;
  }
  if (out_size < size) return 0;
  memcpy(out, made, size);
  *got = size;
  return 1;
}

/* macOS: an object is one of these; a sample's channels are an array of them. */

typedef struct object {
  int live;
  const char *text;
  const char *unit;
  int64_t value;
  struct object *items[4];
  long count;
} object;

static int objects = 0;

static object *make(const char *text) {
  object *one = calloc(1, sizeof(object));
  one->live = 1;
  one->text = text;
  objects += 1;
  return one;
}

int live_objects(void) { return objects; }

void *CFStringCreateWithCString(void *allocator, const char *text, uint32_t encoding) {
  if (allocator != NULL || encoding != 0x08000100u) return NULL;
  return make(strdup(text));
}

bool CFStringGetCString(object *text, uint8_t *buffer, long size, uint32_t encoding) {
  if (encoding != 0x08000100u || (long)strlen(text->text) + 1 > size) return false;
  strcpy((char *)buffer, text->text);
  return true;
}

void CFRelease(object *one) {
  if (one->live == 1) objects -= 1;
  one->live -= 1;
}

void *CFDictionaryCreateMutableCopy(void *allocator, long capacity, object *dictionary) {
  if (allocator != NULL || capacity != 0) return NULL;
  return make(dictionary->text);
}

void *CFDictionaryGetValue(object *dictionary, object *key) {
  return strcmp(key->text, "IOReportChannels") == 0 ? dictionary : NULL;
}

long CFArrayGetCount(object *array) { return array->count; }
void *CFArrayGetValueAtIndex(object *array, long index) { return array->items[index]; }

void *IOReportCopyChannelsInGroup(object *group, void *subgroup, uint64_t a, uint64_t b,
                                  uint64_t c) {
  if (subgroup != NULL || a != 0 || b != 0 || c != 0) return NULL;
  return strcmp(group->text, "Energy Model") == 0 ? make("channels") : NULL;
}

static object SUBSCRIBED = {1, "subscribed", NULL, 0, {0}, 0};
static object ITEMS[3] = {{1, "CPU Energy", "mJ", 8000, {0}, 0},
                          {1, "GPU Energy", "nJ", 9000000000, {0}, 0},
                          {1, "PCPU0", "mJ", 4000, {0}, 0}};
static object STRINGS[6];

void *IOReportCreateSubscription(void *a, object *channels, object **subscribed, uint64_t b,
                                 void *c) {
  if (a != NULL || b != 0 || c != NULL || strcmp(channels->text, "channels") != 0) return NULL;
  *subscribed = &SUBSCRIBED;
  return make("subscription");
}

void *IOReportCreateSamples(object *subscription, object *channels, void *a) {
  if (channels != &SUBSCRIBED || a != NULL) return NULL;
  if (strcmp(subscription->text, "subscription") != 0) return NULL;
  object *sample = make("sample");
  for (int i = 0; i < 3; i++) sample->items[i] = &ITEMS[i];
  sample->count = 3;
  return sample;
}

static void *string_of(object *one, int offset, const char *text) {
  object *string = &STRINGS[(one - ITEMS) * 2 + offset];
  string->text = text;
  return string;
}

void *IOReportChannelGetChannelName(object *one) { return string_of(one, 0, one->text); }
void *IOReportChannelGetUnitLabel(object *one) { return string_of(one, 1, one->unit); }

int64_t IOReportSimpleGetIntegerValue(object *one, int index) {
  return index == 0 ? one->value : -1;
}

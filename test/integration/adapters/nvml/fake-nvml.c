/* A stand-in for NVIDIA's management library: two devices, one that counts energy and one that
 * does not. What is wrong with it is chosen when it is compiled. Layouts are nvml.h's. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef INIT_CODE
#define INIT_CODE 0
#endif

static int devices[2] = {0, 1};

static int number_of(void *device) { return *(int *)device; }

/* What happens to a question about the first device; listing it asks three of these. */
static int trouble(void *device) {
  if (number_of(device) != 0) return 0;
#ifdef HANG_AFTER_CALLS
  static int asked;
  if (++asked > HANG_AFTER_CALLS) sleep(600);
#endif
#ifdef CRASH_AFTER_CALLS
  static int called;
  if (++called > CRASH_AFTER_CALLS) abort();
#endif
#ifdef LOST
  return 15;
#endif
  return 0;
}

int nvmlInit_v2(void) {
#ifdef HANG_AT_INIT
  sleep(600);
#endif
  return INIT_CODE;
}

int nvmlSystemGetDriverVersion(char *text, unsigned size) {
  snprintf(text, size, "580.159.04");
  return 0;
}

int nvmlSystemGetCudaDriverVersion_v2(int *version) {
  *version = 12080;
  return 0;
}

int nvmlDeviceGetCount_v2(unsigned *count) {
  *count = 2;
  return 0;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device) {
  if (index > 1) return 2;
  *device = &devices[index];
  return 0;
}

int nvmlDeviceGetName(void *device, char *text, unsigned size) {
  snprintf(text, size, number_of(device) == 0 ? "NVIDIA H100 80GB HBM3" : "NVIDIA GeForce GT 710");
  return 0;
}

int nvmlDeviceGetUUID(void *device, char *text, unsigned size) {
  snprintf(text, size, "GPU-00000000-0000-0000-0000-00000000000%d", number_of(device));
  return 0;
}

struct pci {
  char legacy[16];
  unsigned domain, bus, slot, device, subsystem;
  char address[32];
};

int nvmlDeviceGetPciInfo_v3(void *device, struct pci *pci) {
  memset(pci, 0, sizeof *pci);
  pci->device = number_of(device) == 0 ? 0x233010de : 0x128b10de;
  snprintf(pci->address, 32, "00000000:%02X:00.0", 0x1a + number_of(device));
  return 0;
}

int nvmlDeviceGetMemoryInfo(void *device, uint64_t *memory) {
  int bad = trouble(device);
  if (bad) return bad;
  memory[0] = 85520809984ull;
  memory[1] = 85520809984ull - 1048576;
  memory[2] = 1048576;
  return 0;
}

int nvmlDeviceGetCudaComputeCapability(void *device, int *major, int *minor) {
  *major = number_of(device) == 0 ? 9 : 3;
  *minor = number_of(device) == 0 ? 0 : 5;
  return 0;
}

int nvmlDeviceGetPowerUsage(void *device, unsigned *milliwatts) {
  int bad = trouble(device);
  if (bad) return bad;
  *milliwatts = number_of(device) == 0 ? 123456 : 19000;
  return 0;
}

int nvmlDeviceGetUtilizationRates(void *device, unsigned *percents) {
  percents[0] = 87;
  percents[1] = 12;
  return number_of(device) == 0 ? 0 : 3;
}

int nvmlDeviceGetTemperature(void *device, unsigned sensor, unsigned *celsius) {
  (void)device;
  *celsius = 61;
  return sensor == 0 ? 0 : 2;
}

int nvmlDeviceGetFanSpeed(void *device, unsigned *percent) {
  *percent = 40;
  return number_of(device) == 0 ? 3 : 0;
}

int nvmlDeviceGetClockInfo(void *device, unsigned clock, unsigned *megahertz) {
  (void)device;
  *megahertz = clock == 1 ? 1980 : clock == 2 ? 2619 : 1;
  return 0;
}

/* The limit of the first device. A driver keeps it over processes: a file does, where one is
 * named by FAKE_NVML_LIMIT. */
static unsigned limit = 650000;

static unsigned limit_now(void) {
  const char *name = getenv("FAKE_NVML_LIMIT");
  FILE *file = name ? fopen(name, "r") : NULL;
  if (file) {
    if (fscanf(file, "%u", &limit) != 1) abort();
    fclose(file);
  }
  return limit;
}

int nvmlDeviceSetPowerManagementLimit(void *device, unsigned milliwatts) {
  if (number_of(device) != 0) return 3;
#ifdef NO_PERMISSION
  return 4;
#endif
  if (milliwatts < 200000 || milliwatts > 700000) return 2;
#ifndef SET_IGNORED
  const char *name = getenv("FAKE_NVML_LIMIT");
  FILE *file = name ? fopen(name, "w") : NULL;
  limit = milliwatts;
  if (file) {
    fprintf(file, "%u", milliwatts);
    fclose(file);
  }
#endif
  return 0;
}

int nvmlDeviceGetPowerManagementLimit(void *device, unsigned *milliwatts) {
  *milliwatts = limit_now();
  return number_of(device) == 0 ? 0 : 3;
}

int nvmlDeviceGetEnforcedPowerLimit(void *device, unsigned *milliwatts) {
  *milliwatts = limit_now();
  return number_of(device) == 0 ? 0 : 3;
}

int nvmlDeviceGetPowerManagementDefaultLimit(void *device, unsigned *milliwatts) {
  *milliwatts = 700000;
  return number_of(device) == 0 ? 0 : 3;
}

int nvmlDeviceGetPowerManagementLimitConstraints(void *device, unsigned *least, unsigned *most) {
  *least = 200000;
  *most = 700000;
  return number_of(device) == 0 ? 0 : 3;
}

int nvmlDeviceGetTemperatureThreshold(void *device, unsigned which, unsigned *celsius) {
  (void)device;
  *celsius = which == 1 ? 87 : 92;
  return 0;
}

int nvmlDeviceGetMigMode(void *device, unsigned *now, unsigned *pending) {
#ifdef WITHOUT_MIG
  return 3;
#endif
  *now = *pending = 1;
  return number_of(device) == 0 ? 0 : 3;
}

int nvmlDeviceGetMaxMigDeviceCount(void *device, unsigned *count) {
  (void)device;
  *count = 7;
  return 0;
}

int nvmlDeviceGetMigDeviceHandleByIndex(void *device, unsigned index, void **instance) {
  *instance = device;
  return index < 3 ? 0 : 6;
}

/* Only under its old name, as drivers before 535 have it. */
int nvmlDeviceGetCurrentClocksThrottleReasons(void *device, uint64_t *bits) {
  (void)device;
  *bits = 0x4 | 0x20 | 0x40 | 0x8000;
  return 0;
}

#ifndef WITHOUT_ENERGY
int nvmlDeviceGetTotalEnergyConsumption(void *device, uint64_t *millijoules) {
  int bad = trouble(device);
  if (bad) return bad;
  static uint64_t counted = 9007199000000ull;
  *millijoules = counted += 1000;
  return number_of(device) == 0 ? 0 : 3;
}
#endif

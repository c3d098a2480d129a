/**
 * Decides how Windows is asked for its energy meters: every present interface of the class is
 * opened for reading and asked by DeviceIoControl (emi.h, cfgmgr32.h). These calls have not run on
 * a Windows machine yet, only against a library made for a test; what their bytes mean is
 * emi-layout.ts.
 */

import koffi from "koffi";

/** A device that can be asked. */
export interface EmiDevice {
  /** At most `bytes` of answer. Throws Error where the system refuses. */
  ask(code: number, bytes: number): Uint8Array;
  close(): void;
}

/** CTL_CODE(FILE_DEVICE_UNKNOWN, 0 to 3, METHOD_BUFFERED, FILE_READ_ACCESS). */
export const EMI_CODES = {
  version: 0x224000,
  metadataSize: 0x224004,
  metadata: 0x224008,
  measurement: 0x22400c,
} as const;

/** {45BD8344-7ED6-49cf-A440-C276C933B053}, as it lies in memory. */
const ENERGY_METER = Uint8Array.from([
  0x44, 0x83, 0xbd, 0x45, 0xd6, 0x7e, 0xcf, 0x49, 0xa4, 0x40, 0xc2, 0x76, 0xc9, 0x33, 0xb0, 0x53,
]);

const GENERIC_READ = 0x80000000;
const SHARE_READ_WRITE = 3;
const OPEN_EXISTING = 3;
const PATHS_MAX = 32;

/** Libraries of the system; in tests others with the same functions. */
const LIBRARIES = { manager: "cfgmgr32.dll", kernel: "kernel32.dll" };

/** Opens every energy meter of this Windows; none where there is none. */
export function openEmiDevices(libraries = LIBRARIES): readonly EmiDevice[] {
  const manager = koffi.load(libraries.manager);
  const kernel = koffi.load(libraries.kernel);
  const listSize = manager.func(
    "uint32_t __stdcall CM_Get_Device_Interface_List_SizeW(" +
      "_Out_ uint32_t *size, void *class, void *device, uint32_t flags)",
  );
  const list = manager.func(
    "uint32_t __stdcall CM_Get_Device_Interface_ListW(" +
      "void *class, void *device, void *buffer, uint32_t size, uint32_t flags)",
  );
  const create = kernel.func(
    "intptr_t __stdcall CreateFileW(str16 name, uint32_t access, uint32_t share, " +
      "void *security, uint32_t how, uint32_t flags, void *template)",
  );
  const control = kernel.func(
    "int __stdcall DeviceIoControl(intptr_t file, uint32_t code, void *in, uint32_t inSize, " +
      "void *out, uint32_t outSize, _Out_ uint32_t *got, void *overlapped)",
  );
  const closeHandle = kernel.func("int __stdcall CloseHandle(intptr_t file)");
  const size = [0];
  if (listSize(size, ENERGY_METER, null, 0) !== 0 || size[0] <= 1) return [];
  const buffer = Buffer.alloc(size[0] * 2);
  if (list(ENERGY_METER, null, buffer, size[0], 0) !== 0) return [];
  const paths = buffer.toString("utf16le").split("\0").filter(Boolean).slice(0, PATHS_MAX);
  return paths.flatMap((path) => {
    const file = create(path, GENERIC_READ, SHARE_READ_WRITE, null, OPEN_EXISTING, 0, null) as
      number | bigint;
    if (Number(file) === -1) return [];
    const ask = (code: number, bytes: number): Uint8Array => {
      const out = Buffer.alloc(bytes);
      const got = [0];
      const isDone = control(file, code, null, 0, out, bytes, got, null) as number;
      if (isDone === 0) throw new Error(`the meter refused request 0x${code.toString(16)}`);
      return out.subarray(0, got[0]);
    };
    return [{ ask, close: () => void closeHandle(file) }];
  });
}

/**
 * Decides how the service manager is told what a daemon does: one datagram to the socket that
 * systemd names in NOTIFY_SOCKET (sd_notify(3)). Node opens no Unix datagram socket, so the
 * system's own calls are used.
 */

import koffi from "koffi";

/** Tells a service manager. */
export interface ServiceNotifier {
  /** Sends lines such as "READY=1"; false where they could not be delivered. Never waits. */
  tell(lines: readonly string[]): boolean;
  close(): void;
}

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;

/** Bytes of `sun_path` in Linux's sockaddr_un. */
const PATH_BYTES = 108;

/** Longest datagram; what is told is some hundred bytes. */
const TOLD_BYTES_MAX = 2_048;

/**
 * Opens the way to a service manager.
 * @param path  value of NOTIFY_SOCKET: an absolute path, or "@" and an abstract name
 * @returns     null where there is none: another system, a path that is none, no such calls
 */
export function openServiceNotifier(path: string): ServiceNotifier | null {
  if (process.platform !== "linux") return null;
  const address = socketAddress(path);
  if (address === null) return null;
  try {
    return notifierTo(address);
  } catch {
    // A C library without these names: being supervised is a convenience, so work goes on.
    return null;
  }
}

function notifierTo(address: Buffer): ServiceNotifier | null {
  const system = koffi.load(null);
  const socket = system.func("int socket(int domain, int type, int protocol)");
  const sendTo = system.func(
    "intptr_t sendto(int descriptor, const void *bytes, size_t length, int flags," +
      " const void *address, uint32_t addressLength)",
  );
  const closeDescriptor = system.func("int close(int descriptor)");
  const descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) as number;
  if (descriptor < 0) return null;
  let isOpen = true;
  return {
    tell(lines) {
      const bytes = Buffer.from(lines.join("\n"), "utf8");
      if (!isOpen || bytes.length > TOLD_BYTES_MAX) return false;
      const flags = MSG_DONTWAIT | MSG_NOSIGNAL;
      const sent = sendTo(descriptor, bytes, bytes.length, flags, address, address.length) as
        number | bigint;
      return Number(sent) === bytes.length;
    },
    close() {
      if (isOpen) closeDescriptor(descriptor);
      isOpen = false;
    },
  };
}

/** A sockaddr_un of exactly the path's length; null for what is no path. */
function socketAddress(path: string): Buffer | null {
  const isAbstract = path.startsWith("@");
  const name = Buffer.from(path, "utf8");
  if (!isAbstract && !path.startsWith("/")) return null;
  if (name.length < 2 || name.length >= PATH_BYTES || name.includes(0)) return null;
  if (isAbstract) name[0] = 0;
  const family = Buffer.alloc(2);
  // In the machine's byte order; every Linux that Node runs on is little-endian but s390x.
  new Uint16Array(family.buffer, family.byteOffset, 1)[0] = AF_UNIX;
  return Buffer.concat([family, name, ...(isAbstract ? [] : [Buffer.alloc(1)])]);
}

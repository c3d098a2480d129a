/**
 * Decides how macOS is asked for the channels of its group "Energy Model": IOReport, a library of
 * the system's own without a public header, which needs no root (the way of macmon and others).
 * These calls have not run on a Mac yet, only against a library made for a test; what the channels
 * mean is apple-energy.ts.
 */

import koffi from "koffi";

import type { AppleChannel } from "./apple-energy.ts";

/** A subscription that can be sampled. */
export interface AppleSampler {
  sample(): readonly AppleChannel[];
  close(): void;
}

const UTF8 = 0x08000100;
const NAME_BYTES = 128;
const CHANNELS_MAX = 1_024;

type Pointer = unknown;

/** Libraries of the system; in tests others with the same functions. */
const LIBRARIES = {
  core: "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation",
  report: "/usr/lib/libIOReport.dylib",
};

/** Opens it. Throws Error where the library or the group is not there. */
export function openAppleSampler(libraries = LIBRARIES): AppleSampler {
  const core = koffi.load(libraries.core);
  const report = koffi.load(libraries.report);
  const newString = core.func(
    "void *CFStringCreateWithCString(void *allocator, str text, uint32_t encoding)",
  );
  const stringBytes = core.func(
    "bool CFStringGetCString(void *text, _Out_ uint8_t *buffer, long size, uint32_t encoding)",
  );
  const valueOf = core.func("void *CFDictionaryGetValue(void *dictionary, void *key)");
  const mutable = core.func(
    "void *CFDictionaryCreateMutableCopy(void *allocator, long capacity, void *dictionary)",
  );
  const arrayCount = core.func("long CFArrayGetCount(void *array)");
  const arrayValue = core.func("void *CFArrayGetValueAtIndex(void *array, long index)");
  const release = core.func("void CFRelease(void *object)");
  const channelsIn = report.func(
    "void *IOReportCopyChannelsInGroup(" +
      "void *group, void *subgroup, uint64_t a, uint64_t b, uint64_t c)",
  );
  const subscribe = report.func(
    "void *IOReportCreateSubscription(" +
      "void *a, void *channels, _Out_ void **subscribed, uint64_t b, void *c)",
  );
  const take = report.func(
    "void *IOReportCreateSamples(void *subscription, void *channels, void *a)",
  );
  const channelName = report.func("void *IOReportChannelGetChannelName(void *channel)");
  const channelUnit = report.func("void *IOReportChannelGetUnitLabel(void *channel)");
  const channelValue = report.func(
    "int64_t IOReportSimpleGetIntegerValue(void *channel, int index)",
  );

  const text = (reference: Pointer): string => {
    const bytes = Buffer.alloc(NAME_BYTES);
    const isRead = reference !== null && stringBytes(reference, bytes, NAME_BYTES, UTF8) === true;
    return isRead ? bytes.toString("utf8", 0, Math.max(0, bytes.indexOf(0))) : "";
  };
  const group: Pointer = newString(null, "Energy Model", UTF8);
  const key: Pointer = newString(null, "IOReportChannels", UTF8);
  const found: Pointer = channelsIn(group, null, 0, 0, 0);
  if (found === null) throw new Error("IOReport has no group of energy");
  const wanted: Pointer = mutable(null, 0, found);
  const out: Pointer[] = [null];
  const subscription: Pointer = subscribe(null, wanted, out, 0, null);
  if (subscription === null) throw new Error("IOReport refused the subscription");
  return {
    sample() {
      const sample: Pointer = take(subscription, out[0], null);
      if (sample === null) throw new Error("IOReport gave no sample");
      try {
        const list: Pointer = valueOf(sample, key);
        const count = list === null ? 0 : Math.min(Number(arrayCount(list)), CHANNELS_MAX);
        return Array.from({ length: count }, (_, index): AppleChannel => {
          const channel: Pointer = arrayValue(list, index);
          const [name, unit] = [text(channelName(channel)), text(channelUnit(channel))];
          return { name, unit, value: BigInt(channelValue(channel, 0) as number | bigint) };
        });
      } finally {
        release(sample);
      }
    },
    close() {
      for (const one of [subscription, wanted, found, key, group]) release(one);
    },
  };
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import {
  CertificateShelf,
  keepCertificate,
  keptCertificates,
} from "../../../src-main/processes/daemon/reports/kept-certificates.ts";
import { CERTIFICATE } from "../../worlds/energy-day.ts";

const folder = mkdtempSync(join(tmpdir(), "vivian-certificates-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("certificates that are kept", () => {
  it("are there with the next look, and are not read again while nothing changes", () => {
    const place = join(folder, "certificates");
    const shelf = new CertificateShelf(place);
    expect(shelf.all()).toEqual([]);
    keepCertificate(place, "ab".repeat(32), CERTIFICATE);
    expect(shelf.all()).toEqual([CERTIFICATE]);
    expect(shelf.all()).toBe(shelf.all());
    const second = { ...CERTIFICATE, ids: ["DE-GC-0002"] };
    keepCertificate(place, "cd".repeat(32), second);
    expect(shelf.all()).toEqual([CERTIFICATE, second]);
    writeFileSync(join(place, `${"ef".repeat(32)}.json`), "no certificate");
    expect(shelf.all()).toEqual(keptCertificates(place));
    expect(shelf.all()).toHaveLength(2);
  });
});

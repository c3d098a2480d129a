import { describe, expect, it } from "vitest";

import { parseTryWords } from "../../../../src-main/processes/cli/try-words.ts";

const described = (line: string) => {
  const parsed = parseTryWords(line);
  return parsed.ok ? parsed.value : parsed.rejection;
};

describe("processes/cli/try-words", () => {
  it("reads a kind, an address and keys", () => {
    expect(described("shelly http://192.168.1.20 component=pm1 password_file=/pw")).toMatchObject({
      kind: "shelly",
      id: "tried",
      url: "http://192.168.1.20",
      component: "pm1",
      password: { file: "/pw" },
    });
    expect(described("sunspec 192.168.1.30:1502 unit=3 role=grid direction=to")).toMatchObject({
      host: "192.168.1.30",
      port: 1_502,
      unit: 3,
      register: "sold",
    });
  });

  it("leaves texts that look like numbers texts", () => {
    const described_ = described("shelly http://h user=7 password=123 returned=true");
    expect(described_).toMatchObject({ user: "7", password: { text: "123" }, returned: true });
  });

  it.each([
    ["", "kind"],
    ["kettle http://h", "kind"],
    ["shelly", "url"],
    ["shelly http://h colour=red", "colour"],
    ["sunspec host-a host-b", "try"],
    ["shelly ftp://h", "url"],
    ["shelly http://me:pw@h", "url"],
    ["shelly http://h channel=99", "channel"],
    ["sunspec h public_key=00", "public_key"],
  ])("refuses %j and names %s", (line, field) => {
    expect(described(line)).toMatchObject({ code: "METERS_DESCRIPTION", facts: { field } });
  });

  it("repeats no password where it refuses", () => {
    const refused = described("shelly http://me:geheim@h password=geheim");
    expect(JSON.stringify(refused)).not.toContain("geheim");
  });
});

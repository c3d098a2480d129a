import { describe, expect, it } from "vitest";

import { jobHandlers } from "../../../../src-main/api/handlers/job-handlers.ts";
import type { JobNeeds } from "../../../../src-main/api/handlers/job-handlers.ts";

/** Handlers on a ledger that holds jobs with these ids and nothing else. */
function handlersOf(...ids: readonly Uint8Array[]) {
  const node = { jobs: () => ids.map((id) => ({ id })) };
  return jobHandlers({ node } as unknown as JobNeeds);
}

const id = (last: number) => new Uint8Array(32).fill(0xab).with(31, last);

describe("job.show", () => {
  it("refuses digits with which more than one job's id begins, and those of none", async () => {
    const show = handlersOf(id(1), id(2))["job.show"];
    expect(await show({ job: "abab" })).toMatchObject({
      ok: false,
      rejection: { code: "PROCESSES_JOB_AMBIGUOUS", facts: { job: "abab" } },
    });
    expect(await show({ job: "cccc" })).toMatchObject({
      ok: false,
      rejection: { code: "PROCESSES_JOB" },
    });
  });
});

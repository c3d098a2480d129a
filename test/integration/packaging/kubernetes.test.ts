/** The files for Kubernetes, rendered and held against its schemas without a cluster. */

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";

import { parseConfig } from "../../../src-main/processes/config/parse-config.ts";
import { STOP_WITHIN_MS } from "../../../src-main/processes/daemon/stopping.ts";
import { programVersion } from "../../../src-main/processes/program-version.ts";
import { schemaFaults } from "./kubernetes-schema.ts";
import type { KubernetesDocument } from "./kubernetes-schema.ts";

const FOLDER = fileURLToPath(new URL("../../../packaging/kubernetes", import.meta.url));
const OVERLAYS = readdirSync(join(FOLDER, "overlays")).sort((a, b) => (a < b ? -1 : 1));

/** Why nothing can be rendered here; components and changes of kind came with Kustomize 5. */
function whyNoTool(): string {
  const ran = spawnSync("kubectl", ["version", "--client", "--output=json"], { encoding: "utf8" });
  if (ran.status !== 0) return "no kubectl here";
  const { kustomizeVersion = "" } = JSON.parse(ran.stdout) as { kustomizeVersion?: string };
  const major = Number(/^v([0-9]+)\./.exec(kustomizeVersion)?.[1] ?? 0);
  return major >= 5 ? "" : "this kubectl brings a Kustomize older than 5";
}

const noTool = whyNoTool();
if (noTool !== "") console.warn(`skipped: ${noTool} (Debian package kubernetes-client)`);

function render(overlay: string): KubernetesDocument[] {
  const place = join(FOLDER, overlay === "base" ? "base" : `overlays/${overlay}`);
  const ran = spawnSync("kubectl", ["kustomize", place], { encoding: "utf8" });
  if (ran.status !== 0) throw new Error(ran.stderr);
  return parseAllDocuments(ran.stdout).map((one) => one.toJS() as KubernetesDocument);
}

interface Container {
  readonly image: string;
  readonly env?: readonly { readonly name: string }[];
  readonly resources: { readonly limits: Readonly<Record<string, string>> };
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly volumeMounts: readonly { readonly name: string }[];
  readonly [probe: string]: unknown;
}

interface PodSpec {
  readonly terminationGracePeriodSeconds: number;
  readonly priorityClassName: string;
  readonly automountServiceAccountToken: boolean;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly containers: readonly Container[];
  readonly initContainers: readonly Container[];
  readonly volumes: readonly Readonly<Record<string, unknown>>[];
  readonly resourceClaims?: unknown;
}

interface Workload {
  readonly kind: string;
  readonly pod: PodSpec;
  readonly claims: readonly { readonly metadata: { readonly name: string } }[];
}

function workloadOf(documents: readonly KubernetesDocument[]): Workload {
  const kinds = ["DaemonSet", "Deployment", "StatefulSet"];
  const found = documents.filter(({ kind }) => kinds.includes(kind));
  expect(found).toHaveLength(1);
  const spec = found[0]["spec"] as {
    readonly template: { readonly spec: PodSpec };
    readonly volumeClaimTemplates?: Workload["claims"];
  };
  return {
    kind: found[0].kind,
    pod: spec.template.spec,
    claims: spec.volumeClaimTemplates ?? [],
  };
}

const only = (documents: readonly KubernetesDocument[], kind: string) => {
  const found = documents.filter((one) => one.kind === kind);
  expect(found, kind).toHaveLength(1);
  return found[0];
};

/** A copy with one field changed; the path must be there. */
function planted(
  documents: readonly KubernetesDocument[],
  kind: string,
  change: (spec: Record<string, unknown>) => void,
): KubernetesDocument[] {
  const copy = structuredClone(documents) as KubernetesDocument[];
  change(only(copy, kind)["spec"] as Record<string, unknown>);
  return copy;
}

const podOf = (spec: Record<string, unknown>) =>
  (spec["template"] as { spec: Record<string, unknown> }).spec;

describe.skipIf(noTool !== "").each(OVERLAYS)("overlay %s", (overlay) => {
  it("fits Kubernetes' schemas, every document of it", async () => {
    const documents = render(overlay);
    expect(documents.length).toBeGreaterThanOrEqual(8);
    expect(await schemaFaults(documents)).toEqual([]);
  });

  it("gives a stop more time than the daemon takes, and gives way to everything", () => {
    const documents = render(overlay);
    const { pod } = workloadOf(documents);
    expect(pod.terminationGracePeriodSeconds * 1_000).toBeGreaterThanOrEqual(6 * STOP_WITHIN_MS);
    const priority = only(documents, "PriorityClass");
    expect(priority["value"]).toBeLessThan(0);
    expect(priority["preemptionPolicy"]).toBe("Never");
    expect(priority["globalDefault"]).toBe(false);
    expect(pod.priorityClassName).toBe(priority.metadata.name);
  });

  it("runs without rights, asks nothing of the cluster, and is probed by /health", () => {
    const { pod } = workloadOf(render(overlay));
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    for (const container of [...pod.containers, ...pod.initContainers]) {
      expect(container.image).toBe(`vivian-miner:${programVersion()}`);
      expect(container.securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(container.resources.limits["memory"]).toMatch(/^[0-9]+[MG]i$/);
    }
    for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
      const expected = { httpGet: { path: "/health", port: "metrics" } };
      expect(pod.containers[0][probe], probe).toMatchObject(expected);
    }
  });

  it("mounts only what it has, and keeps its data beyond the pod", () => {
    const documents = render(overlay);
    const { pod, claims } = workloadOf(documents);
    const names = [
      ...pod.volumes.map((volume) => volume["name"]),
      ...claims.map(({ metadata }) => metadata.name),
    ];
    for (const { volumeMounts } of [...pod.containers, ...pod.initContainers]) {
      for (const { name } of volumeMounts) expect(names).toContain(name);
    }
    const data = pod.volumes.find((volume) => volume["name"] === "data") ?? claims[0];
    expect(data, "the data's volume").toBeDefined();
    expect(data).not.toHaveProperty("emptyDir");
  });

  it("gives the daemon settings that it takes, with the site's own appended", () => {
    const maps = render(overlay).filter(({ kind }) => kind === "ConfigMap");
    const texts = maps.flatMap((map) => Object.entries(map["data"] as Record<string, string>));
    const text = (name: string) => texts.find(([key]) => key === name)?.[1] ?? "";
    const config = parseConfig(`${text("vivian.toml")}${text("energy.toml")}`);
    expect(config).toMatchObject({ ok: true, value: { page: { metrics: false } } });
    if (!config.ok) return;
    const { metricsListen, metricsTokenFile } = config.value.page;
    const { pod } = workloadOf(render(overlay));
    const ports = pod.containers[0]["ports"] as { containerPort: number }[];
    expect(metricsListen).toBe(`0.0.0.0:${ports[0].containerPort}`);
    const mounts = pod.containers[0].volumeMounts as { name: string; mountPath: string }[];
    const token = mounts.find(({ name }) => name === "metrics-token");
    expect(metricsTokenFile).toBe(`${token?.mountPath}/metrics-token`);
  });
});

describe.skipIf(noTool !== "")("the check", () => {
  const faults: [string, string, (spec: Record<string, unknown>) => void][] = [
    ["a misspelt field", "Deployment", (spec) => (spec["replica"] = 1)],
    ["a deep misspelt field", "Deployment", (spec) => (podOf(spec)["terminationGracePeriod"] = 1)],
    ["a number for a text", "Deployment", (spec) => (podOf(spec)["serviceAccountName"] = 7)],
    ["a text for a number", "Deployment", (spec) => (spec["replicas"] = "one")],
    ["a missing part", "Deployment", (spec) => delete podOf(spec)["containers"]],
    ["a wrong field of a policy", "NetworkPolicy", (spec) => (spec["egres"] = [])],
    ["a wrong field of a monitor", "PodMonitor", (spec) => (spec["selectr"] = {})],
  ];

  it.each(faults)("catches %s", async (_, kind, change) => {
    const documents = planted(render("cpu"), kind, change);
    expect(await schemaFaults(documents)).not.toEqual([]);
  });

  it("catches a kind that does not exist", async () => {
    const made = { apiVersion: "apps/v1", kind: "Deploymant", metadata: { name: "x" } };
    expect(await schemaFaults([made])).not.toEqual([]);
  });
});

describe.skipIf(noTool !== "")("devices of the overlays", () => {
  const limitsOf = (overlay: string) => workloadOf(render(overlay)).pod.containers[0].resources;

  it("are asked for as each vendor's plugin offers them", () => {
    expect(workloadOf(render("cpu")).kind).toBe("Deployment");
    expect(workloadOf(render("nvidia")).kind).toBe("DaemonSet");
    expect(limitsOf("nvidia").limits["nvidia.com/gpu"]).toBe("1");
    expect(limitsOf("amd").limits["amd.com/gpu"]).toBe("1");
    expect(limitsOf("tpu").limits["google.com/tpu"]).toBe("1");
    const dra = render("nvidia-dra");
    const template = only(dra, "ResourceClaimTemplate");
    expect(template.apiVersion).toBe("resource.k8s.io/v1");
    expect(workloadOf(dra).pod.resourceClaims).toEqual([
      { name: "gpu", resourceClaimTemplateName: template.metadata.name },
    ]);
  });

  it("give each node's pod its own worker's key and no other's", () => {
    const { pod } = workloadOf(render("nvidia"));
    const [{ env = [], volumeMounts }] = pod.containers;
    expect(env.map(({ name }) => name)).toContain("CREDENTIALS_DIRECTORY");
    expect(volumeMounts.filter(({ name }) => name === "worker-keys")).toEqual([
      {
        name: "worker-keys",
        mountPath: "/run/credentials/vivian/worker-key",
        subPathExpr: "$(VIVIAN_NODE).key",
        readOnly: true,
      },
    ]);
  });
});

describe("packaging/kubernetes", () => {
  it("names no registry and no machine's address", () => {
    for (const overlay of OVERLAYS) {
      const file = join(FOLDER, "overlays", overlay, "kustomization.yaml");
      expect(readFileSync(file, "utf8")).toMatch(/newName: vivian-miner\n/);
    }
  });
});

/**
 * Judges documents for Kubernetes without a cluster, two ways: the schema's own rules (types,
 * formats, what must be there), and the declared fields, so that a misspelt one is found, which
 * the schema lets pass.
 */

import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { Ajv } from "ajv";
import ts from "typescript";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** One document as it was rendered. */
export interface KubernetesDocument {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly [field: string]: unknown;
}

/** The one custom resource in use; its schema lists what we may write, not all there is. */
const POD_MONITOR = {
  type: "object",
  additionalProperties: false,
  required: ["apiVersion", "kind", "metadata", "spec"],
  properties: {
    apiVersion: { const: "monitoring.coreos.com/v1" },
    kind: { const: "PodMonitor" },
    metadata: { type: "object" },
    spec: {
      type: "object",
      additionalProperties: false,
      required: ["selector", "podMetricsEndpoints"],
      properties: {
        selector: {
          type: "object",
          additionalProperties: false,
          properties: { matchLabels: { type: "object", additionalProperties: { type: "string" } } },
        },
        podMetricsEndpoints: {
          type: "array",
          minItems: 1,
          items: {
            type: "object",
            additionalProperties: false,
            properties: {
              port: { type: "string" },
              path: { type: "string" },
              interval: { type: "string", pattern: "^([0-9]+(ms|[smhd]))+$" },
              authorization: {
                type: "object",
                additionalProperties: false,
                properties: {
                  type: { type: "string" },
                  credentials: {
                    type: "object",
                    additionalProperties: false,
                    required: ["key"],
                    properties: { name: { type: "string" }, key: { type: "string" } },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
} as const;

/** What is wrong with documents; empty where nothing is. */
export async function schemaFaults(documents: readonly KubernetesDocument[]): Promise<string[]> {
  const faults: string[] = [];
  const builtIn: KubernetesDocument[] = [];
  for (const document of documents) {
    if (document.apiVersion === POD_MONITOR.properties.apiVersion.const) {
      faults.push(...podMonitorFaults(document));
      continue;
    }
    builtIn.push(document);
    faults.push(...(await ruleFaults(document)));
  }
  return [...faults, ...fieldFaults(builtIn)];
}

function podMonitorFaults(document: KubernetesDocument): string[] {
  const ajv = new Ajv({ allErrors: true });
  if (ajv.validate(POD_MONITOR, document)) return [];
  return (ajv.errors ?? []).map((error) => `PodMonitor${error.instancePath} ${error.message}`);
}

type ModelClass = new (data: unknown) => { validate(): void };

async function ruleFaults(document: KubernetesDocument): Promise<string[]> {
  const { apiVersion, kind } = document;
  const file = join(ROOT, "node_modules/kubernetes-models", apiVersion, `${kind}.js`);
  let loaded: Record<string, ModelClass>;
  try {
    loaded = (await import(pathToFileURL(file).href)) as Record<string, ModelClass>;
  } catch {
    return [`${apiVersion} ${kind}: no such kind`];
  }
  try {
    new loaded[kind](document).validate();
    return [];
  } catch (error) {
    return [`${kind} ${document.metadata.name}: ${(error as Error).message}`];
  }
}

/** Held against the declared types as literals, where TypeScript refuses a field that is not. */
function fieldFaults(documents: readonly KubernetesDocument[]): string[] {
  const lines = documents.flatMap((document, index) => {
    const { apiVersion, kind } = document;
    const from = `kubernetes-models/${apiVersion}/${kind}`;
    const text = JSON.stringify(document);
    return [
      `import type { I${kind} as Kind${index} } from "${from}";`,
      `export const document${index}: Kind${index} = ${text};`,
    ];
  });
  const name = join(ROOT, "test", "rendered-documents.ts");
  const options: ts.CompilerOptions = {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  const text = lines.join("\n");
  host.fileExists = (path) => path === name || fileExists.call(host, path);
  host.getSourceFile = (path, version, ...rest) =>
    path === name
      ? ts.createSourceFile(path, text, version, true)
      : getSourceFile.call(host, path, version, ...rest);
  const program = ts.createProgram([name], options, host);
  const source = program.getSourceFile(name);
  return ts
    .getPreEmitDiagnostics(program, source)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

/**
 * Decides what the window shows while there is no page: one plain text of our own, with what
 * happened, what is safe, what to do and the code. It has no script and reaches nothing.
 */

import { explainCode, factsText } from "../contract/explain.ts";
import type { Rejection } from "../contract/outcome.ts";
import { safeWith } from "../contract/safety.ts";

const STYLE = [
  "body{margin:0;min-height:100vh;display:grid;place-content:center;padding:32px;",
  "background:#0f1216;color:#e8eaed;font:16px/1.5 Inter,system-ui,sans-serif}",
  "main{max-width:560px}h1{font-size:20px;font-weight:600;margin:0 0 12px}",
  "p{margin:0 0 12px}small{color:#9aa5b3;font-size:12px}",
  "@media(prefers-color-scheme:light){body{background:#f6f5f2;color:#1c1f24}small{color:#5b6470}}",
].join("");

/** The page while the daemon starts. */
export function startingPage(): string {
  return asUrl("VIVIAN Miner", "<h1>Starting …</h1><p>The daemon is being started.</p>");
}

/** The page that tells why there is none. */
export function failurePage(rejection: Rejection): string {
  const { what, next } = explainCode(rejection.code);
  const facts = factsText(rejection.facts ?? {});
  const safe = safeWith(rejection.code);
  const body = [
    `<h1>${escaped(what)}</h1>`,
    `<p>${escaped(next)}</p>`,
    safe === "" ? "" : `<p>Safe: ${escaped(safe)}</p>`,
    `<small>${escaped(facts === "" ? rejection.code : `${rejection.code}: ${facts}`)}</small>`,
  ];
  return asUrl("VIVIAN Miner: no page", body.join(""));
}

function asUrl(title: string, body: string): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  const text = [
    '<!doctype html><html lang="en"><meta charset="utf-8">',
    `<meta http-equiv="content-security-policy" content="${policy}">`,
    `<title>${title}</title><style>${STYLE}</style><main>${body}</main></html>`,
  ];
  return `data:text/html;charset=utf-8,${encodeURIComponent(text.join(""))}`;
}

/** Facts come from files and other programs; here they are text and never markup. */
function escaped(text: string): string {
  const marks: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
  return text.replace(/[&<>]/g, (mark) => marks[mark] ?? "").replaceAll('"', "&quot;");
}

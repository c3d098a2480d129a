/**
 * Decides what an owner's words on a text come to: how it is cut before anybody has read it, and
 * how large a network is then chosen. A model of the owner's says both by itself.
 */

import type { QuoteParams } from "../../contract/control-api/index.ts";
import { accept, reject } from "../../contract/outcome.ts";
import type { Outcome } from "../../contract/outcome.ts";
import { parseModel } from "../../engine/index.ts";
import type { GptSize } from "../../engine/index.ts";
import type { TextCut } from "./import-messages.ts";

/** What is asked for of a text, and the owner's model. */
type Asked = Pick<QuoteParams, "model" | "text">;

/**
 * How a text is to be cut; null where nothing is said of one.
 * @rejects PROCESSES_TEXT_SIZE for a size beside a model, ENGINE_MODEL_*
 */
export function textCut({ model, text }: Asked): Outcome<TextCut | null> {
  const tokens = text?.tokens ?? null;
  const context = text?.context ?? null;
  if (model === null) return accept(text === null ? null : { tokens, context });
  if ((text?.layers ?? null) !== null || (text?.width ?? null) !== null) {
    return reject("PROCESSES_TEXT_SIZE");
  }
  const read = parseModel(model);
  if (!read.ok) return read;
  const { input } = read.value;
  if ("tokens" in input) return accept({ tokens, context: context ?? input.tokens });
  return accept(text === null ? null : { tokens, context });
}

/** The size that is asked for; what is left open stays out. */
export function gptSize({ text }: Pick<Asked, "text">): GptSize {
  const { layers = null, width = null } = text ?? {};
  return { ...(layers === null ? {} : { layers }), ...(width === null ? {} : { width }) };
}

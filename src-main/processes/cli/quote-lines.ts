/**
 * Decides what is said before anything is charged: what the data is, what will be trained on it,
 * about how long that takes, what it costs, and who can read the data.
 */

import type { Quote, StepsRule } from "../../contract/control-api/index.ts";
import { formatCount, formatDuration, formatNumberOf, formatViv } from "../../contract/units.ts";

/** Classes named in one line. */
const CLASSES_NAMED_MAX = 10;

/** Training shorter than this is not worth a number. */
const SHORT_MS = 1_000;

/** The lines of a quote. */
export function quoteLines(quote: Quote): string[] {
  const { data, valueNote } = quote;
  const price = formatViv(BigInt(quote.priceBase));
  const note = valueNote === "" ? "" : ` (${valueNote})`;
  return [
    `Data ${data.name}: ${data.note}`,
    ...classLine(data.classNames),
    `Model: ${quote.model}${modelReason(quote)}`,
    `Training: ${formatNumberOf(quote.steps, "step", "steps")} of ` +
      `${batchWords(quote)}${stepsReason(quote)}, ` +
      `${aboutTime(quote.trainMs)} here`,
    `Price: ${price}${note} from ${payer(quote)} of ${formatViv(BigInt(quote.balanceBase))}, ` +
      "paid when the result is checked, else it goes back",
    "Whoever works on a job can read its data; on the practice network that is this machine only.",
  ];
}

/** A sample of a text is a block of its tokens. */
function batchWords({ batchSize, data }: Quote): string {
  if (data.text === null) return formatNumberOf(batchSize, "sample", "samples");
  const blocks = formatNumberOf(batchSize, "block", "blocks");
  return `${blocks} of ${formatNumberOf(data.text.context, "token", "tokens")}`;
}

function payer({ wallet }: Quote): string {
  return wallet === null ? "your balance" : `the balance of wallet ${wallet}`;
}

function classLine(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const named = names.slice(0, CLASSES_NAMED_MAX).join(", ");
  const more = names.length - CLASSES_NAMED_MAX;
  return [`Classes: ${named}${more > 0 ? ` and ${formatCount(more)} more` : ""}`];
}

function modelReason({ modelChosen, data }: Quote): string {
  if (!modelChosen) return " (yours)";
  return MODEL_REASONS[data.kind];
}

const MODEL_REASONS: Readonly<Record<Quote["data"]["kind"], string>> = {
  images: " (a convolutional network, chosen because the data is images)",
  table: " (a multi-layer perceptron, chosen because the data is a table)",
  text: " (a small GPT, chosen because the data is text)",
};

const STEPS_REASONS: Readonly<Record<StepsRule, string>> = {
  asked: "",
  epochs: "",
  least: "; 5 passes over so little data would be too few",
  time: "; 5 passes would take longer than ten minutes here",
};

function stepsReason({ steps, batchSize, stepsRule, data }: Quote): string {
  const passes = (steps * batchSize) / data.trainCount;
  const shown = passes >= 10 ? formatCount(Math.round(passes)) : passes.toFixed(1);
  return ` (about ${shown} passes over the data${STEPS_REASONS[stepsRule]})`;
}

function aboutTime(trainMs: number): string {
  if (trainMs < SHORT_MS) return "about a second";
  return `about ${formatDuration(Math.round(trainMs / 1_000) * 1_000)}`;
}

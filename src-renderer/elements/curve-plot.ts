/** Decides how a curve is drawn: a line, the zero line, the scale's top, the newest value. */

import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

/** What a curve is called and how its values are written. */
export interface CurveLook {
  readonly name: string;
  readonly text: (value: number) => string;
  readonly top: number | null;
}

const HEIGHT = 96;
/** Room on the right for the newest value, written beside the end of the line. */
const LABEL_WIDTH = 64;
const FONT = '12px "Inter Variable", system-ui, sans-serif';
const NUMBERS_FONT = '600 14px "Inter Variable", system-ui, sans-serif';

/** A drawn curve in an element whose text colour is the line's colour. */
export class CurvePlot {
  readonly #place: HTMLElement;
  readonly #look: CurveLook;
  readonly #plot: uPlot;
  readonly #resized: ResizeObserver;
  #stepsMax = 1;
  #line = "";
  #quiet = "";
  #faint = "";
  #ground = "";

  constructor(place: HTMLElement, look: CurveLook) {
    this.#place = place;
    this.#look = look;
    this.#readColours();
    this.#plot = new uPlot(this.#options(), [[], []], place);
    this.#resized = new ResizeObserver(() => {
      this.#plot.setSize({ width: place.clientWidth, height: HEIGHT });
    });
    this.#resized.observe(place);
  }

  /** Draws these points; the width stands for `stepsMax` steps. */
  draw(steps: readonly number[], values: readonly (number | null)[], stepsMax: number): void {
    this.#stepsMax = Math.max(1, stepsMax, steps.at(-1) ?? 0);
    this.#plot.setData([[...steps], [...values]]);
  }

  /** Reads the colours again and draws. */
  recolour(): void {
    this.#readColours();
    this.#plot.redraw(false);
  }

  /** Takes it off the page. */
  end(): void {
    this.#resized.disconnect();
    this.#plot.destroy();
  }

  #readColours(): void {
    this.#line = getComputedStyle(this.#place).color;
    this.#quiet = colourOf(this.#place, "--quiet");
    this.#ground = colourOf(this.#place, "--panel");
    this.#faint = colourOf(this.#place, "--line");
  }

  #options(): uPlot.Options {
    return {
      width: Math.max(1, this.#place.clientWidth),
      height: HEIGHT,
      padding: [12, LABEL_WIDTH, 4, 0],
      legend: { show: false },
      cursor: { show: false },
      axes: [{ show: false }, { show: false }],
      scales: {
        x: { time: false, range: () => [0, this.#stepsMax] },
        y: { range: (_, __, most) => [0, this.#look.top ?? (most > 0 ? most : 1)] },
      },
      series: [
        {},
        { stroke: () => this.#line, width: 1.5, points: { show: false }, spanGaps: false },
      ],
      hooks: {
        drawClear: [(plot) => this.#drawScale(plot)],
        draw: [(plot) => this.#drawNewest(plot)],
      },
    };
  }

  #drawScale(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const top = this.#look.top ?? plot.scales["y"]?.max ?? 1;
    ctx.save();
    ctx.strokeStyle = this.#faint;
    ctx.lineWidth = uPlot.pxRatio;
    for (const value of [0, top]) {
      const y = Math.round(plot.valToPos(value, "y", true)) + 0.5;
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
    }
    ctx.restore();
  }

  #drawNewest(plot: uPlot): void {
    const [steps, values] = plot.data;
    const index = values.findLastIndex((one) => typeof one === "number");
    const value = values[index] ?? null;
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.scale(uPlot.pxRatio, uPlot.pxRatio);
    ctx.textBaseline = "middle";
    ctx.fillStyle = this.#quiet;
    ctx.font = FONT;
    const right = (bbox.left + bbox.width) / uPlot.pxRatio + 8;
    const yOf = (at: number): number => {
      const y = plot.valToPos(at, "y", true) / uPlot.pxRatio;
      return Math.min(Math.max(y, 10), HEIGHT - 10);
    };
    const top = this.#look.top ?? plot.scales["y"]?.max ?? 1;
    const text = value === null ? "" : this.#look.text(value);
    const x = plot.valToPos(steps[index] ?? 0, "x", true) / uPlot.pxRatio + 6;
    const atEnd = x + LABEL_WIDTH > right;
    for (const mark of [0, top]) {
      // The newest value wins where both would stand in one place.
      const taken = atEnd && value !== null && Math.abs(yOf(mark) - yOf(value)) < 16;
      if (!taken) ctx.fillText(shortened(this.#look.text(mark)), right, yOf(mark));
    }
    if (value !== null) {
      ctx.font = NUMBERS_FONT;
      ctx.fillStyle = this.#ground;
      ctx.fillRect(x - 4, yOf(value) - 10, ctx.measureText(text).width + 8, 20);
      ctx.fillStyle = this.#line;
      ctx.fillText(text, Math.min(x, right), yOf(value));
    }
    ctx.restore();
  }
}

/** A scale's mark without the zeros that only a measured value needs. */
function shortened(text: string): string {
  return text.replace(/\.0+(?![0-9])/, "");
}

/** A token's colour as the canvas needs it: tokens differ by theme until an element uses them. */
function colourOf(place: HTMLElement, token: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(${token})`;
  place.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/**
 * Draws the packages' icon: the page's mark (`src-renderer/mark.svg`) on the dark ground, as a PNG.
 * `node packaging/draw-icon.mjs` writes `packaging/icon.png` again.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { PNG } from "pngjs";

/** What macOS and Linux ask of an icon; smaller ones are made from it. */
export const ICON_PIXELS = 512;

/** The mark's own units: a square of 24, of which the ground leaves a margin of 1. */
const UNITS = 24;
const STROKE = 2.5;
const GROUND = { margin: 1, radius: 5, colour: [0x16, 0x1b, 0x21] };

/** The two strokes of the mark, first drawn first; round ends and corners come from distances. */
const STROKES = [
  { colour: [0x6a, 0xa9, 0xff], points: [[4, 5], [12, 19], [20, 5]] },
  { colour: [0xc7, 0xb8, 0xff], points: [[8.5, 5], [12, 11.2], [15.5, 5]] },
]; // prettier-ignore

/** The mark inside the ground: shrunk about the centre. */
const SHRINK = 0.72;

/**
 * The icon as the bytes of a PNG.
 * @param {number} [pixels]
 */
export function drawIcon(pixels = ICON_PIXELS) {
  const image = new PNG({ width: pixels, height: pixels });
  const unit = UNITS / pixels;
  for (let row = 0; row < pixels; row += 1) {
    for (let column = 0; column < pixels; column += 1) {
      const place = [(column + 0.5) * unit, (row + 0.5) * unit];
      image.data.set(colourAt(place, unit), (row * pixels + column) * 4);
    }
  }
  return PNG.sync.write(image, { colorType: 6 });
}

/** Red, green, blue and opacity at a place. @param {number[]} place @param {number} unit */
function colourAt(place, unit) {
  const inside = coverage(groundDistance(place), unit);
  let colour = GROUND.colour;
  const centre = UNITS / 2;
  const inMark = place.map((value) => (value - centre) / SHRINK + centre);
  for (const stroke of STROKES) {
    const distance = lineDistance(inMark, stroke.points) - STROKE / 2;
    const share = coverage(distance * SHRINK, unit);
    colour = colour.map((value, index) => value + (stroke.colour[index] - value) * share);
  }
  return [...colour.map(Math.round), Math.round(255 * inside)];
}

/** How much of a pixel lies within an edge at this signed distance. */
function coverage(/** @type {number} */ distance, /** @type {number} */ unit) {
  return Math.min(1, Math.max(0, 0.5 - distance / unit));
}

/** Signed distance to the ground's rounded square. @param {number[]} place */
function groundDistance(place) {
  const half = UNITS / 2 - GROUND.margin - GROUND.radius;
  const beyond = place.map((value) => Math.max(0, Math.abs(value - UNITS / 2) - half));
  return Math.hypot(...beyond) - GROUND.radius;
}

/** Distance to a line through points. @param {number[]} place @param {number[][]} points */
function lineDistance([x, y], points) {
  let least = Infinity;
  for (let index = 1; index < points.length; index += 1) {
    const [ax, ay] = points[index - 1];
    const [bx, by] = points[index];
    const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2);
    const at = Math.min(1, Math.max(0, along));
    least = Math.min(least, Math.hypot(x - ax - at * (bx - ax), y - ay - at * (by - ay)));
  }
  return least;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL("./icon.png", import.meta.url), drawIcon());
}

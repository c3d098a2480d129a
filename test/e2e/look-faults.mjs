/**
 * Runs inside the page: what of it cannot be read, by its own layout and colours. The value is a
 * list of sentences, empty where every word is whole, apart from the others, and in contrast.
 */
const CONTRAST_MIN = 4.5;
const FONT_PIXELS_MIN = 12;
/** Rounding of layout, and the air that a line has above and below its letters. */
const SLACK = 1;
const LINE_AIR = 4;

const viewWidth = document.documentElement.clientWidth;

/** What is wrong with the page as it stands. */
function lookFaults() {
  const faults = [];
  const words = wordsOf(document.body);
  checkWidths(faults);
  for (const word of words) {
    checkWhole(word, faults);
    checkContrast(word, faults);
    const size = Number.parseFloat(getComputedStyle(word.element).fontSize);
    if (size < FONT_PIXELS_MIN) faults.push(`small: ${size} px: ${word.text}`);
  }
  checkApart(words, faults);
  return faults;
}

/** Words on the screen: a text node, its element, and one box for each of its lines. */
function wordsOf(root) {
  const words = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.data.trim();
    const element = node.parentElement;
    if (text === "" || element === null || element.closest("noscript, script") !== null) continue;
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (isForReadersAlone(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter(({ width, height }) => width * height > 0);
    if (boxes.length > 0) words.push({ element, text: text.slice(0, 40), boxes });
  }
  return words;
}

/** Hidden from the eye, kept for a screen reader. */
function isForReadersAlone(element) {
  for (let one = element; one !== null; one = one.parentElement) {
    const { clipPath, position } = getComputedStyle(one);
    if (position === "absolute" && clipPath !== "none") return true;
  }
  return false;
}

function checkWidths(faults) {
  for (const element of document.querySelectorAll("html, body, body *")) {
    const { overflowX } = getComputedStyle(element);
    const scrolls = element === document.documentElement || /auto|scroll/.test(overflowX);
    if (scrolls && element.scrollWidth > element.clientWidth + SLACK) {
      faults.push(`sideways: ${nameOf(element)} is ${element.scrollWidth} px wide`);
    }
  }
}

/** Inside the window, and inside whatever cuts off what is outside of it. */
function checkWhole({ element, text, boxes }, faults) {
  for (const box of boxes) {
    if (box.left < -SLACK || box.right > viewWidth + SLACK) {
      faults.push(`outside: ${text}`);
      return;
    }
  }
  for (let one = element; one !== null; one = one.parentElement) {
    const { overflowX, overflowY, textOverflow } = getComputedStyle(one);
    const edge = one.getBoundingClientRect();
    const cutsX = overflowX !== "visible" || textOverflow === "ellipsis";
    const cutsY = /hidden|clip/.test(overflowY);
    const isCut = boxes.some(
      (box) =>
        (cutsX && (box.left < edge.left - SLACK || box.right > edge.right + SLACK)) ||
        (cutsY && (box.top < edge.top - LINE_AIR || box.bottom > edge.bottom + LINE_AIR)),
    );
    if (isCut && one !== document.documentElement) {
      faults.push(`clipped: ${text} by ${nameOf(one)}`);
      return;
    }
  }
}

/** No two words share a place. What scrolls apart from another part is judged apart. */
function checkApart(words, faults) {
  const groups = new Map();
  for (const word of words) {
    const scroller = word.element.closest("main") ?? document.body;
    groups.set(scroller, [...(groups.get(scroller) ?? []), word]);
  }
  for (const group of groups.values()) {
    group.forEach((one, index) => {
      for (const other of group.slice(index + 1)) {
        if (one.boxes.some((box) => other.boxes.some((next) => isSharedBy(box, next)))) {
          faults.push(`overlap: ${one.text} | ${other.text}`);
        }
      }
    });
  }
}

function isSharedBy(one, other) {
  const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return wide > SLACK && high > LINE_AIR;
}

function checkContrast({ element, text }, faults) {
  const grounds = [];
  let opacity = 1;
  for (let one = element; one !== null; one = one.parentElement) {
    const style = getComputedStyle(one);
    opacity *= Number(style.opacity);
    grounds.unshift(colourOf(style.backgroundColor));
  }
  const ground = grounds.reduce(over, [255, 255, 255, 1]);
  const [red, green, blue, alpha] = colourOf(getComputedStyle(element).color);
  const ink = over(ground, [red, green, blue, alpha * opacity]);
  const [light, dark] = [luminance(ink), luminance(ground)].sort((a, b) => b - a);
  const ratio = (light + 0.05) / (dark + 0.05);
  if (ratio < CONTRAST_MIN) faults.push(`contrast ${ratio.toFixed(2)}: ${text}`);
}

function colourOf(text) {
  const parts = (/^rgba?\(([^)]+)\)$/.exec(text)?.[1] ?? "").split(",").map(Number);
  if (parts.length < 3 || parts.some(Number.isNaN)) throw new Error(`no colour: ${text}`);
  return [parts[0], parts[1], parts[2], parts[3] ?? 1];
}

function over(below, above) {
  const mix = (index) => above[index] * above[3] + below[index] * (1 - above[3]);
  return [mix(0), mix(1), mix(2), 1];
}

/** WCAG 2.2, "relative luminance". */
function luminance([red, green, blue]) {
  const linear = (value) => {
    const part = value / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function nameOf(element) {
  const name = [...element.classList].filter((one) => !one.startsWith("svelte-"))[0];
  return element.tagName.toLowerCase() + (name === undefined ? "" : `.${name}`);
}

lookFaults();

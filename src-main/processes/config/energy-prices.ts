/**
 * Decides how prices are written in the settings: decimals of the owner's currency a kWh, and hours
 * of the week as "mo-fr 07-22 0.34; sa-su 0.28".
 */

const DAYS = ["mo", "tu", "we", "th", "fr", "sa", "su"];
const HOURS_OF_DAY = 24;
const HOURS_OF_WEEK = 168;
/** Largest price and factor: far above any tariff, and products stay whole numbers. */
const MOST = 1_000;
/** Rules of one text; a week has no more different stretches that anyone writes down. */
const RULES_MAX = 64;

/** A decimal as millionths; null for what is none, or has more than six decimals. */
export function millionths(text: string): number | null {
  if (!/^-?[0-9]{1,4}(?:\.[0-9]{1,6})?$/.test(text)) return null;
  const value = Math.round(Number(text) * 1_000_000);
  return Math.abs(value) <= MOST * 1_000_000 ? value : null;
}

/**
 * 168 prices from Monday 0:00 on, in millionths; later rules stand above earlier ones.
 * @param otherwise  price of the hours that no rule names; null where nobody knows
 * @returns null where the text is no such list
 */
export function pricesOfWeek(text: string, otherwise: number | null): (number | null)[] | null {
  const rules = text.split(";").map((rule) => rule.trim());
  if (rules.length > RULES_MAX) return null;
  const prices: (number | null)[] = Array.from({ length: HOURS_OF_WEEK }, () => otherwise);
  for (const rule of rules) {
    const hours = hoursOf(rule);
    if (hours === null) return null;
    for (const hour of hours.hours) prices[hour] = hours.price;
  }
  return prices;
}

function hoursOf(rule: string): { readonly hours: number[]; readonly price: number } | null {
  const words = /^([a-z]{2})(?:-([a-z]{2}))?(?: ([0-9]{1,2})-([0-9]{1,2}))? (-?[0-9.]+)$/.exec(
    rule,
  );
  if (words === null) return null;
  const [, firstDay, lastDay = firstDay, from = "0", to = "24", priceText] = words;
  const [first, last] = [DAYS.indexOf(firstDay), DAYS.indexOf(lastDay)];
  const [begin, end] = [Number(from), Number(to)];
  const price = millionths(priceText);
  const isFine = first >= 0 && last >= 0 && begin < HOURS_OF_DAY && end <= HOURS_OF_DAY;
  if (!isFine || price === null || begin === end) return null;
  const hours: number[] = [];
  // Days and hours may go over the end of the week or of the day: "fr-mo 22-6".
  for (let day = first; ; day = (day + 1) % DAYS.length) {
    const length = end > begin ? end - begin : HOURS_OF_DAY - begin + end;
    for (let hour = 0; hour < length; hour += 1) {
      hours.push((day * HOURS_OF_DAY + begin + hour) % HOURS_OF_WEEK);
    }
    if (day === last) break;
  }
  return { hours, price };
}

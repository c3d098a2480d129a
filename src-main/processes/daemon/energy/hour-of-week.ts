/** Decides which hour of the week it is for the owner, 0 for Monday 0:00 to 1:00. */

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** @param timeZone  of the owner, "Europe/Berlin"; empty for the system's */
export function hourOfWeek(timeZone: string): (atMs: number) => number {
  const words = new Intl.DateTimeFormat("en-GB", {
    weekday: "short",
    hour: "2-digit",
    hourCycle: "h23",
    ...(timeZone === "" ? {} : { timeZone }),
  });
  return (atMs) => {
    const parts = words.formatToParts(atMs);
    const word = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
    return DAYS.indexOf(word("weekday")) * 24 + Number(word("hour"));
  };
}

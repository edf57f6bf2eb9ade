const day = /^(\d{4,})-(\d\d)-(\d\d)( BC)?$/;
const instant =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:[.,](\d+))?(?: ?(?:Z|([+-]\d\d)(?::?(\d\d))?))?)?$/i;

/** Whether a string is a day of the calendar, such as `2024-12-31`. */
export function isDay(text: string): boolean {
  const match = day.exec(text);
  if (match === null) return false;
  const [, year = "", month, of, era] = match;
  // A `Date` has no such years. So the database checks them.
  if (year.length > 4 || era !== undefined) return true;
  const date = new Date(`${year}-${month}-${of}`);
  return date.getUTCDate() === Number(of);
}

/**
 * Reads a string such as `2024-12-31T23:59:59Z` as a `Date`. Without a zone, it is a time in UTC. Returns undefined for
 * other strings.
 */
export function readInstant(text: string): Date | undefined {
  const match = instant.exec(text);
  if (match === null) return undefined;
  const [, date = "", time = "00:00", seconds = ":00", fraction = "", hours, minutes = "00"] = match;
  if (!isDay(date)) return undefined;
  const zone = hours === undefined ? "Z" : `${hours}:${minutes}`;
  const read = new Date(`${date}T${time}${seconds}.${fraction.slice(0, 3).padEnd(3, "0")}${zone}`);
  const year = read.getUTCFullYear();
  // The zone may lead to a year that no database holds.
  return year >= 0 && year <= 9999 ? read : undefined;
}

// What clocks of a zone show, by the tables of this program: nothing of it is shared with what is tested.

const parts = (zone) =>
  new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });

/** The day and the time of day that clocks of a zone show at a moment: `['2028-02-29', '09:30:00']`. */
export function shown(zone, moment) {
  const { year, month, day, hour, minute, second } = Object.fromEntries(
    parts(zone).formatToParts(moment).map(({ type, value }) => [type, value]),
  );
  return [`${year}-${month}-${day}`, `${hour}:${minute}:${second}`];
}

/** The moment at which clocks of a zone show that, in milliseconds; of two the first. */
export function momentOf(zone, date, time) {
  const wanted = Date.parse(`${date}T${time}Z`);
  const ahead = (moment) => Date.parse(`${shown(zone, moment).join('T')}Z`) - moment;
  const day = 86_400_000;
  const found = [wanted - day, wanted + day].map((near) => wanted - ahead(near)).filter((moment) => wanted - ahead(moment) === moment);
  if (found.length === 0) throw new Error(`clocks of ${zone} do not show ${date} ${time}`);
  return Math.min(...found);
}

/** So many days later, or with a negative number earlier. */
export const later = (date, days) => new Date(Date.parse(`${date}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** The number of its weekday: 0 is Monday. */
export const weekday = (date) => (new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7;

/** The weeks that a calendar shows of the month of a date, as its first day and its last. */
export function grid(date) {
  const [year, month] = date.split('-').map(Number);
  const first = `${date.slice(0, 8)}01`;
  const last = new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
  return [later(first, -weekday(first)), later(last, 6 - weekday(last))];
}

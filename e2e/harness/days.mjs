// Days and moments of a month that is wholly ahead, as clocks in Moscow show them, and how a day is read aloud.

import { clock } from './clock.mjs';

const now = new Date(clock.now());

/** The month, as an address has it. */
export const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 2, 1)).toISOString().slice(0, 7);

/** A day of it, as an address has it. */
export const iso = (day) => `${month}-${String(day).padStart(2, '0')}`;

/** A day of it, as a field has it. */
export const written = (day) => iso(day).split('-').reverse().join('.');

/**
 * How many days of any month, from the first on, the calendar shows in no later one: the grid of a month begins on a Monday, with as many
 * as six days of the month before.
 */
export const inNoLaterMonth = 22;

/** A moment of a day of it, as the contract writes it. */
export const at = (day, time) => new Date(`${iso(day)}T${time}:00+03:00`).toISOString();

/** What clocks in Moscow show so many milliseconds from now, written as if it were UTC. */
export const moscow = (after = 0) => new Date(clock.now() + 3 * 3_600_000 + after);

/** The last moment of the day that Moscow has, or of the next one within its last minute, as the contract writes it. */
export const endOfDay = () => new Date(`${moscow(60_000).toISOString().slice(0, 10)}T23:59:59+03:00`).toISOString();

/** «суббота, 9 января 2027 г.» */
export const titled = new Intl.DateTimeFormat('ru-RU', { dateStyle: 'full', timeZone: 'UTC' });

/** How the name of a day begins, whatever is due on it. */
export const dayName = (date) => new RegExp(`^(Сегодня, )?${titled.format(new Date(`${date}T00:00Z`))}`);

// What day it is for the tests: one moment, named here, whatever the machine's calendar says. The servers that they start, the windows that
// they open and their data go by it. The machine is asked how much time has passed, and not what day it is.

/** When every file of tests begins: at 10:05 in Moscow, on a Wednesday in the last week of a month. */
const named = '2026-11-25T07:05:00.000Z';

const hour = 3_600_000;

/** A clock that is set to a moment, and goes on at the machine's pace. */
export class Clock {
  #from;
  #since;

  /** @param {string | number} moment as the contract writes it, or in milliseconds since 1970 */
  constructor(moment) {
    this.set(moment);
  }

  /** Sets it to another moment. Servers learn of it when they start again, windows by `goBy`. */
  set(moment) {
    this.#from = new Date(moment).getTime();
    this.#since = performance.now();
  }

  /** The present moment, in whole milliseconds since 1970. */
  now() {
    return Math.round(this.#from + performance.now() - this.#since);
  }

  /** A moment so many hours from now, as the contract writes it. */
  inHours(hours) {
    return new Date(this.now() + Math.round(hours * hour)).toISOString();
  }
}

/** The clock of the tests. */
export const clock = new Clock(named);

/** The machine's, for servers in production mode, which have no other. What goes by it must not care what day it is. */
export const machine = new Clock(performance.timeOrigin + performance.now());

/**
 * Has the pages of a context go by a clock: those that are open, of which there is one, and those that will be. `Date` alone is another:
 * timers, frames and `performance` stay the browser's.
 */
export async function goBy(context, clock) {
  if (clock === machine) return;
  const pages = context.pages();
  const ahead = clock.now() - (await pages[0].evaluate(() => Math.round(performance.timeOrigin + performance.now())));
  await context.addInitScript(shiftDate, ahead);
  for (const page of pages) await page.evaluate(shiftDate, ahead);
}

/** Runs in a page. */
function shiftDate(ahead) {
  const key = Symbol.for('ahead of the machine');
  const isShifted = key in globalThis;
  globalThis[key] = ahead;
  if (isShifted) return;
  const Machine = Date;
  const now = () => Machine.now() + globalThis[key];
  const Shifted = new Proxy(Machine, {
    construct: (target, given, asked) => Reflect.construct(target, given.length ? given : [now()], asked),
    apply: () => new Machine(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
  Machine.prototype.constructor = Shifted;
  globalThis.Date = Shifted;
}

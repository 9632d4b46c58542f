// Going through a page by Tab: where the focus stops, and in what order that is read.

import assert from 'node:assert/strict';

/** No page has as many places for the focus: whoever goes on for longer goes round. */
const most = 300;

/**
 * @typedef {object} Stop
 * @property {string} name what is announced, more or less
 * @property {string} region the innermost landmark or dialog that it stands in
 * @property {{ left: number, top: number, right: number, bottom: number }} box
 * @property {string | null} hidden why it cannot be seen
 * @property {boolean} enters whether the focus came from outside of the page
 */

/**
 * Presses Tab from where the focus is, or from the start of the page, until all of it was gone through.
 * @returns {Promise<{ stops: Stop[], missed: string[] }>} where the focus was, and what takes it and did not get it
 */
export async function goThrough(page) {
  await page.evaluate(async () => {
    // What is still coming in cannot be seen yet; what goes round is not waited for.
    const ends = document.getAnimations().filter((animation) => animation.effect.getComputedTiming().endTime !== Infinity);
    await Promise.all(ends.map((animation) => animation.finished.catch(() => {})));
    const dialog = document.querySelector('dialog[open]');
    window.visited = [];
    window.describe = (element) => {
      const label = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent;
      return `${element.localName} «${label.trim().replaceAll(/\s+/g, ' ').slice(0, 60)}»`;
    };
    // The next Tab goes on from here.
    document.activeElement?.blur();
    getSelection().collapse(dialog ?? document.body, 0);
  });
  const stops = [];
  let enters = true;
  for (;;) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(look);
    enters ||= stop === 'out';
    if (stop === 'out' || stop === 'here') continue;
    if (stop === 'again') break;
    stops.push({ ...stop, enters });
    enters = false;
    assert.ok(stops.length <= most, 'Tab comes back to where it began');
  }
  return { stops, missed: await page.evaluate(missed) };
}

function look() {
  const element = document.activeElement;
  if (!element || element === document.body || element.localName === 'dialog') {
    // Out of the page and in again: the browser's own controls are between.
    window.outside = (window.outside ?? 0) + 1;
    return window.outside > 2 ? 'again' : 'out';
  }
  window.outside = 0;
  // A field for a date has a place for each of its parts.
  if (element === window.visited.at(-1)) return 'here';
  if (window.visited.includes(element)) return 'again';
  window.visited.push(element);
  // A box to tick may be drawn by its label.
  const drawn = element.checkVisibility({ opacityProperty: true }) ? element : (element.labels?.[0] ?? element);
  const { left, top, right, bottom } = drawn.getBoundingClientRect();
  const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const hidden = () => {
    if (element.closest('[aria-hidden="true"], [inert]')) return 'is hidden from assistive programs';
    if (!drawn.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return 'is not drawn';
    if (right - left < 8 || bottom - top < 8) return 'has no size';
    if (!at) return 'is outside of the screen';
    if (!drawn.contains(at) && !at.contains(drawn)) return `is under ${window.describe(at)}`;
    return null;
  };
  const region = element.closest('dialog, aside, nav, main, header.header');
  return {
    name: window.describe(element),
    region: region?.localName ?? 'page',
    box: { left, top, right, bottom },
    hidden: hidden(),
  };
}

function missed() {
  const root = document.querySelector('dialog[open]') ?? document;
  const able = [...root.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')];
  const takes = (element) =>
    element.tabIndex >= 0 && !element.disabled && !element.closest('[inert]') && element.checkVisibility({ visibilityProperty: true });
  // Of several choices of one name the chosen one has the focus, and arrows do the rest.
  const stands = (element) =>
    window.visited.includes(element) || (element.type === 'radio' && window.visited.some((other) => other.name === element.name));
  return able.filter((element) => takes(element) && !stands(element)).map(window.describe);
}

/** Fails where a stop cannot be seen, is read before the one that led to it, or was left out. */
export function assertReadingOrder({ stops, missed }) {
  assert.deepEqual(stops.filter(({ hidden }) => hidden).map(({ name, hidden }) => `${name} ${hidden}`), []);
  assert.deepEqual(missed, []);
  const back = stops.slice(1).flatMap((stop, index) => {
    const before = stops[index];
    const isBefore = stop.region === before.region && !stop.enters && precedes(stop.box, before.box);
    return isBefore ? [`${before.name}, then ${stop.name}`] : [];
  });
  assert.deepEqual(back, []);
}

/** Whether one is read before the other: it stands on an earlier line of the same column, or before it in its line. */
function precedes(one, other) {
  const isAbove = one.bottom <= other.top && one.left < other.right;
  const shareLine = one.top < other.bottom && other.top < one.bottom;
  return isAbove || (shareLine && one.right <= other.left);
}

/** The regions that the focus goes through, in order. */
export const regions = ({ stops }) => stops.map(({ region }) => region).filter((region, index, all) => region !== all[index - 1]);

/** Waits until the focus is on an element. */
export async function hasFocus(locator) {
  const element = await locator.elementHandle();
  await locator.page().waitForFunction((element) => element === document.activeElement, element);
}

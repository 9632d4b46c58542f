// Days as people see them at moments that are hard for calendars: what is due is in its place and called by its name, on every page that
// shows days. `cargo xtask test --dates` runs this file alone.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Person } from './harness/api.mjs';
import { launch } from './harness/browser.mjs';
import { arrive, signedIn, words } from './harness/client.mjs';
import { grid, later, momentOf, shown, weekday } from './harness/civil.mjs';
import { Clock, goBy } from './harness/clock.mjs';
import { dayName } from './harness/days.mjs';
import { hasFocus } from './harness/focus.mjs';
import { Server } from './harness/server.mjs';

/** Where a person is, what their clock shows, and where their device thinks that it is. Of a month, how many weeks its page has. */
const moments = [
  { what: 'a leap day', zone: 'Europe/Moscow', date: '2028-02-29', time: '12:00:00', weeks: 5 },
  { what: 'the first of a year, of a month of five weeks', zone: 'Europe/Moscow', date: '2027-01-01', time: '00:00:05', weeks: 5 },
  { what: 'a Sunday, the last of a month of five weeks', zone: 'Europe/Moscow', date: '2027-01-31', time: '21:00:00', weeks: 5 },
  { what: 'a Monday, the first of a month of four weeks', zone: 'Europe/Moscow', date: '2027-02-01', time: '00:30:00', weeks: 4 },
  { what: 'a Sunday, the last of a month of four weeks', zone: 'Europe/Moscow', date: '2027-02-28', time: '23:30:00', weeks: 4 },
  { what: 'the first of a month of six weeks', zone: 'Europe/Moscow', date: '2027-05-01', time: '08:00:00', weeks: 6 },
  { what: 'a Monday, the last of a month of six weeks', zone: 'Europe/Moscow', date: '2027-05-31', time: '23:00:00', weeks: 6 },
  { what: 'clocks are about to be put forward', zone: 'Europe/Berlin', date: '2027-03-28', time: '01:59:50', weeks: 5 },
  { what: 'clocks are about to be put back', zone: 'Europe/Berlin', date: '2027-10-31', time: '02:59:50', weeks: 5 },
  { what: 'west of a device that is a day ahead', zone: 'America/Los_Angeles', device: 'Pacific/Kiritimati', date: '2027-03-14', time: '00:30:00', weeks: 5 },
  { what: 'east of a device that is in the year before', zone: 'Pacific/Auckland', device: 'Pacific/Honolulu', date: '2028-01-01', time: '00:30:00', weeks: 6 },
];

const own = {
  evening: 'Сдать сегодня',
  morning: 'Сдать завтра',
  week: 'Сдать через неделю',
  months: 'Сдать через сорок дней',
  never: 'Сдать когда-нибудь',
  today: 'Сегодня',
  thisWeek: 'Эта неделя',
  later: 'Позже',
  noDeadline: 'Без срока',
};

const weekdays = ['пн', 'вт', 'ср', 'чт', 'пт', 'сб', 'вс'];
const months = ['янв', 'фев', 'мар', 'апр', 'мая', 'июн', 'июл', 'авг', 'сен', 'окт', 'ноя', 'дек'];

/** A day that is neither today nor near it, as a list says it on `today`. */
function dayInWords(date, today) {
  const [year, month, day] = date.split('-').map(Number);
  const text = `${day} ${months[month - 1]}`;
  return date.slice(0, 4) === today.slice(0, 4) ? `${weekdays[weekday(date)]}, ${text}` : `${text} ${year}`;
}

/** A day as a field has it. */
const written = (date) => date.split('-').reverse().join('.');

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** A server at that moment, one person in that zone with what is due to them, and their window. */
async function at({ zone, device, date, time }) {
  const clock = new Clock(momentOf(zone, date, time));
  const server = await Server.start({}, clock);
  try {
    const person = await Person.register(server, 'Ольга Смирнова', 'olga@example.com', zone);
    const due = (days, time) => new Date(momentOf(zone, later(date, days), time)).toISOString();
    const tasks = {
      [own.evening]: due(0, '23:59:59'),
      [own.morning]: due(1, '09:00:00'),
      [own.week]: due(7, '12:00:00'),
      [own.months]: due(40, '12:00:00'),
      [own.never]: null,
    };
    for (const [title, deadline] of Object.entries(tasks)) await person.createTask({ title, deadline, assigneeId: person.id });
    const window = await signedIn(browser, person, { timeZone: device });
    const stop = async () => {
      await window.close();
      await server.stop();
    };
    return { clock, server, person, window, stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Goes to a path as a link of the page does: nothing is loaded again. */
async function follow(window, path) {
  await window.page.evaluate((href) => {
    const link = Object.assign(document.createElement('a'), { href });
    document.body.append(link);
    link.click();
    link.remove();
  }, path);
  await window.page.waitForURL(`**${path}`);
  await window.settled();
}

const rowOf = (window, title) => window.page.locator('.row', { hasText: title });
const says = (place, text) => place.getByText(text, { exact: true }).first().waitFor();

async function listSays(window, today) {
  await follow(window, '/delegated');
  await says(rowOf(window, own.evening), 'Сегодня, 23:59');
  await says(rowOf(window, own.morning), 'Завтра, 9:00');
  for (const [title, days] of [[own.week, 7], [own.months, 40]]) await says(rowOf(window, title), dayInWords(later(today, days), today));
  await says(rowOf(window, own.never), own.noDeadline);
  await follow(window, '/delegated?due=today');
  await rowOf(window, own.morning).waitFor({ state: 'detached' });
  assert.deepEqual(await window.page.locator('.row-link').allTextContents(), [own.evening]);
}

async function boardSays(window, today) {
  await follow(window, '/board');
  const places = {
    [own.evening]: own.today,
    // The week ends with a Sunday, and what is due on Monday is due later.
    [own.morning]: weekday(today) === 6 ? own.later : own.thisWeek,
    [own.week]: own.later,
    [own.months]: own.later,
    [own.never]: own.noDeadline,
  };
  for (const [title, column] of Object.entries(places)) {
    await window.page.getByRole('region', { name: column, exact: true }).getByRole('link', { name: title, exact: true }).waitFor();
  }
}

async function calendarSays(window, today, weeks) {
  const { page } = window;
  await follow(window, '/calendar?view=month');
  await page.getByRole('gridcell').first().waitFor();
  const cells = await page.getByRole('gridcell').evaluateAll((all) => all.map((cell) => [cell.dataset.date, cell.ariaCurrent]));
  assert.equal(cells.length, weeks * 7);
  assert.deepEqual([cells[0][0], cells.at(-1)[0]], grid(today));
  assert.deepEqual(cells.filter(([, current]) => current).map(([date]) => date), [today]);
  for (const [title, days, time] of [[own.evening, 0, '23:59'], [own.morning, 1, '9:00']]) {
    const day = later(today, days);
    // On the last of a month that ends a week tomorrow is on the next page.
    if (!cells.some(([date]) => date === day)) continue;
    await page.getByRole('gridcell', { name: dayName(day) }).getByRole('link', { name: new RegExp(`^${time} ${title}`) }).waitFor();
  }

  await follow(window, '/calendar?view=week');
  await page.locator('[data-open-day]').first().waitFor();
  const heads = await page.locator('[data-open-day]').evaluateAll((all) => all.map((head) => [head.dataset.openDay, head.ariaCurrent]));
  const monday = later(today, -weekday(today));
  assert.deepEqual(heads, [0, 1, 2, 3, 4, 5, 6].map((days) => [later(monday, days), later(monday, days) === today ? 'date' : null]));
  await page.getByRole('link', { name: new RegExp(`^23:59 ${own.evening}`) }).waitFor();

  await follow(window, '/calendar?view=agenda');
  for (const [title, days] of [[own.evening, 0], [own.morning, 1], [own.week, 7]]) {
    await page.getByRole('region', { name: dayName(later(today, days)) }).getByRole('link', { name: title }).waitFor();
  }
}

async function statisticsSay(window, today) {
  const { page } = window;
  const monday = later(today, -weekday(today));
  const quarter = String(Math.floor((Number(today.slice(5, 7)) - 1) / 3) * 3 + 1).padStart(2, '0');
  const periods = {
    'Эта неделя': [monday, today],
    Месяц: [`${today.slice(0, 8)}01`, today],
    Квартал: [`${today.slice(0, 5)}${quarter}-01`, today],
  };
  await follow(window, '/statistics');
  for (const [name, days] of Object.entries(periods)) {
    await page.getByRole('button', { name, exact: true }).click();
    await says(page.locator('.tile', { hasText: 'Создано' }).first(), '5');
    await page.getByRole('button', { name: 'Свой период', exact: true }).click();
    await page.waitForURL((url) => url.searchParams.get('period') === days.join('..'), { timeout: 5_000 }).catch(() => {
      assert.fail(`${name}: ${new URL(page.url()).search} and not ${days.join('..')}`);
    });
  }
}

/** A task that is set in a line, and a day that is chosen from a month. */
async function formSays({ window, person }, zone, today) {
  const { page } = window;
  await follow(window, '/delegated');
  const form = page.getByRole('dialog', { name: words.newTask });
  const line = form.getByLabel(words.title, { exact: true });
  const field = form.getByLabel(words.date, { exact: true });
  const open = async () => {
    await page.keyboard.press('c');
    await hasFocus(line);
  };
  await open();
  await page.keyboard.type(`Сверка завтра в 15:00 @${person.name}`);
  await form.getByRole('listitem').filter({ hasText: 'Завтра, 15:00' }).waitFor();
  await form.getByRole('listitem').filter({ hasText: person.name }).waitFor();
  assert.equal(await field.inputValue(), written(later(today, 1)));
  await form.getByRole('button', { name: words.createTask }).click();
  await form.waitFor({ state: 'hidden' });
  const note = page.getByText(/^Задача № \d+ поставлена$/);
  await note.waitFor();
  const number = Number((await note.textContent()).match(/\d+/)[0]);
  const due = momentOf(zone, later(today, 1), '15:00:00');
  assert.equal(await person.deadline({ number }), new Date(due).toISOString());

  await open();
  await field.fill('сегодня');
  await form.getByLabel('Время', { exact: true }).focus();
  assert.equal(await field.inputValue(), written(today));
  await form.getByRole('button', { name: words.chooseDay }).click();
  const day = (date) => page.getByRole('grid').locator(`[data-day="${date}"]`);
  await day(today).waitFor();
  assert.equal(await day(today).getAttribute('aria-current'), 'date');
  assert.equal(await day(today).getAttribute('aria-disabled'), null);
  const passed = day(later(today, -1));
  // On the first of a month that begins on a Monday its page has none.
  if (await passed.count()) assert.equal(await passed.getAttribute('aria-disabled'), 'true');
  await page.keyboard.press('Escape');
  await page.getByRole('grid').waitFor({ state: 'detached' });
}

describe('what is due is in its place', { concurrency: 2 }, () => {
  for (const moment of moments) {
    const { what, zone, date, time, weeks } = moment;
    test(`${what}: ${date} ${time} in ${zone}`, async () => {
      const stage = await at(moment);
      const { window, clock } = stage;
      try {
        await listSays(window, date);
        await boardSays(window, date);
        await calendarSays(window, date, weeks);
        await statisticsSay(window, date);
        await formSays(stage, zone, date);
        assert.equal(shown(zone, clock.now())[0], date, 'all of it was seen on that day');
        window.assertClean();
      } finally {
        await stage.stop();
      }
    });
  }

  test('a page that is open at the midnight of a new year goes on with the next day', async () => {
    const zone = 'Europe/Moscow';
    const stage = await at({ zone, date: '2026-12-31', time: '23:50:00' });
    const { window, clock, server } = stage;
    try {
      await listSays(window, '2026-12-31');
      await follow(window, '/delegated');
      await rowOf(window, own.morning).waitFor();
      clock.set(momentOf(zone, '2026-12-31', '23:59:50'));
      await window.duringOutage(async () => {
        await server.rollingRestart();
        await goBy(window.context, clock);
        // The page looks at the clock three times a minute, and the server at what is overdue every ten seconds.
        const patience = { timeout: 60_000 };
        await rowOf(window, own.morning).getByText('Сегодня, 9:00', { exact: true }).waitFor(patience);
        await rowOf(window, own.evening).getByText('Просрочено на 1 минуту', { exact: true }).waitFor(patience);
        await says(rowOf(window, own.months), 'вт, 9 фев');
      });
      await arrive(window, '/calendar?view=month');
      const cells = await window.page.getByRole('gridcell').evaluateAll((all) => all.map((cell) => [cell.dataset.date, cell.ariaCurrent]));
      assert.deepEqual([cells[0][0], cells.at(-1)[0]], ['2026-12-28', '2027-01-31']);
      assert.deepEqual(cells.filter(([, current]) => current).map(([day]) => day), ['2027-01-01']);
      window.assertClean();
    } finally {
      await stage.stop();
    }
  });
});

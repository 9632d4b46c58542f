// The agenda of the calendar: by days what is due, from the day that was asked for on, and moved from one day to another.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { phone } from './harness/browser.mjs';
import { arrive } from './harness/client.mjs';
import { at, dayName, iso, month, moscow } from './harness/days.mjs';
import { hold } from './harness/drag.mjs';
import { setStage } from './harness/stage.mjs';
import { withhold } from './harness/withhold.mjs';

const said = { past: 'Это время уже прошло', nothing: 'Сроков нет' };

/** The supervisor's. */
let anna;
const { people, signedIn } = setStage(async ({ supervisor }) => {
  anna = await signedIn(supervisor);
});

const set = (title, deadline) => people.supervisor.createTask({ title, assigneeId: people.manager.id, deadline });
const saved = (task, deadline) => people.supervisor.deadlineIs(task, deadline);
const open = (window, query = '') => arrive(window, `/calendar?view=agenda${query}`);
const section = (date) => anna.page.getByRole('region', { name: dayName(date) });
const row = (date, title) => section(date).getByRole('listitem').filter({ hasText: title });
const menu = (date, title) => row(date, title).getByRole('button', { name: `Перенести: ${title}` });
/** What a day says is due on it. */
const rows = (date) =>
  section(date).getByRole('listitem').evaluateAll((all) =>
    all.map((one) => `${one.querySelector('.due-time').textContent} ${one.querySelector('a').textContent}`),
  );

test('an agenda tells by days what is due, and a task goes from day to day in it', async () => {
  await set('Подвести итоги', at(22, '17:30'));
  await set('Начать обход', at(22, '09:10'));
  const title = 'Сверить подписи';
  const task = await set(title, at(23, '12:40'));
  await open(anna, `&date=${iso(22)}`);
  await row(iso(23), title).waitFor();
  assert.deepEqual(await rows(iso(22)), ['9:10 Начать обход', '17:30 Подвести итоги']);
  assert.deepEqual(await rows(iso(23)), ['12:40 Сверить подписи']);

  await hold(anna, row(iso(23), title), section(iso(22)));
  await anna.page.locator('.drag-note', { hasText: '12:40' }).waitFor();
  await anna.page.mouse.up();
  await row(iso(22), title).waitFor();
  assert.deepEqual(await rows(iso(22)), ['9:10 Начать обход', '12:40 Сверить подписи', '17:30 Подвести итоги']);
  assert.equal(await section(iso(23)).count(), 0, 'a day on which nothing is due is not there');
  await saved(task, at(22, '12:40'));

  await menu(iso(22), title).click();
  await anna.page.getByRole('menuitem', { name: 'На день позже' }).click();
  await row(iso(23), title).waitFor();
  await saved(task, at(23, '12:40'));
});

test('what has passed refuses a task, and Escape puts it back', async () => {
  // At midnight, which of today has always passed.
  const [today, tomorrow] = [0, 1].map((days) => moscow(days * 86_400_000).toISOString().slice(0, 10));
  const title = 'Ближайшая';
  await set(title, new Date(`${tomorrow}T00:00:00+03:00`).toISOString());
  await open(anna);
  await menu(tomorrow, title).click();
  await anna.page.getByRole('menuitem', { name: 'На день позже' }).waitFor();
  for (const name of ['На день раньше', 'На неделю раньше', 'На сегодня']) {
    assert.equal(await anna.page.getByRole('menuitem', { name }).count(), 0, name);
  }
  await anna.page.keyboard.press('Escape');
  await anna.page.getByRole('menu').waitFor({ state: 'detached' });

  await hold(anna, row(tomorrow, title), section(today));
  await anna.page.locator('.drag-note', { hasText: said.past }).waitFor();
  await anna.page.keyboard.press('Escape');
  await anna.page.locator('.drag-ghost').waitFor({ state: 'detached' });
  await anna.page.mouse.up();
  await row(tomorrow, title).waitFor();
});

test('what is still being read does not look as if nothing were due', async () => {
  await open(anna);
  const { page } = anna;
  const { release } = await withhold(anna, () => true);
  // So far ahead that nothing is due there.
  for (let turn = 0; turn < 10; turn += 1) await page.getByRole('button', { name: 'Позже' }).click();
  const agenda = page.locator('.agenda');
  await agenda.getByRole('status').getByText('Загрузка').waitFor();
  assert.equal(await agenda.getByText(said.nothing).count(), 0);
  release();
  await agenda.getByText(said.nothing).waitFor();
});

test('an agenda opens at the head of its day, whatever is due on the days before it', async () => {
  const sunday = [1, 2, 3, 4, 5, 6, 7].find((day) => new Date(`${iso(day)}T00:00Z`).getUTCDay() === 0) + 14;
  const days = [-6, -5, -4, -3, -2, -1, 0, 1, 2].map((after) => sunday + after);
  for (const day of days) {
    await Promise.all([1, 2, 3, 4, 5].map((number) => set(`Дело ${day}/${number}`, at(day, `1${number}:30`))));
  }
  const window = await signedIn(people.supervisor, { viewport: phone });
  // Not every browser makes up for what grows or shrinks above.
  await window.context.addInitScript(() => {
    const style = new CSSStyleSheet();
    style.replaceSync('.agenda { overflow-anchor: none }');
    document.adoptedStyleSheets = [style];
  });
  await open(window, `&date=${iso(sunday)}`);
  // What is out of sight is in the page, and in no tree of roles.
  await window.page.locator('.agenda a', { hasText: `Дело ${days[0]}/5` }).waitFor({ state: 'attached' });
  const off = await window.page.locator(`#day-${iso(sunday)}`).evaluate((day) => {
    const frame = day.parentElement;
    return day.getBoundingClientRect().top - frame.getBoundingClientRect().top - parseFloat(getComputedStyle(frame).paddingTop);
  });
  assert.ok(Math.abs(off) <= 2, `${off} pixels off`);
  window.assertClean();
  await window.close();
});

test('an agenda of nothing says up to which day it looked', async () => {
  await open(anna, `&date=${Number(month.slice(0, 4)) + 3}-03-04`);
  const agenda = anna.page.locator('.agenda');
  await agenda.getByText(said.nothing).waitFor();
  assert.match(await agenda.innerText(), /Показаны дни по \d+ \S+ \d{4}/);
});

test('nothing went wrong in all of it', () => anna.assertClean());

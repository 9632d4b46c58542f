// Fields for a day and a time, in the language of the person whatever that of the browser: typed as people write, or chosen from a month.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inHours } from './harness/api.mjs';
import { phone } from './harness/browser.mjs';
import { goTo, openTask, panel, words } from './harness/client.mjs';
import { at, iso, month, moscow, titled, written } from './harness/days.mjs';
import { hasFocus } from './harness/focus.mjs';
import { setStage } from './harness/stage.mjs';

const { people, signedIn } = setStage();

const own = {
  deadline: /^Крайний срок:/,
  save: 'Сохранить срок',
  later: 'Позже',
  wrongDay: 'Такого дня нет. Пример: 05.12.2026',
  wrongTime: 'Такого времени нет. Пример: 18:30',
};

const date = ({ page }) => page.getByLabel(words.date, { exact: true });
const time = ({ page }) => page.getByLabel('Время', { exact: true });
const chooseDay = ({ page }) => page.getByRole('button', { name: words.chooseDay });
const grid = ({ page }) => page.getByRole('grid');
const dayOf = (window, day) => grid(window).getByRole('button', { name: titled.format(new Date(`${day}T00:00Z`)) });

/** The first days of a month that is wholly ahead, as they are typed. */
const short = (day) => `${day}.${Number(month.slice(5))}`;

/** A task, opened to give it a deadline. */
async function atDeadline(title, options) {
  const task = await people.supervisor.createTask({ title, assigneeId: people.manager.id, deadline: inHours(30) });
  const window = await signedIn(people.supervisor, options);
  await goTo(window, words.setByMe);
  await openTask(window, title);
  await panel(window).getByRole('button', { name: own.deadline }).click();
  await hasFocus(date(window));
  return { task, window };
}

test('a day and a time are typed as they are said, and shown as they were understood', async () => {
  const { task, window } = await atDeadline('Короткая запись');
  await date(window).fill(short(5));
  assert.equal(await date(window).inputValue(), short(5), 'nothing changes under the fingers');
  await time(window).fill('930');
  assert.equal(await date(window).inputValue(), written(5));
  await window.page.keyboard.press('Enter');
  await people.supervisor.deadlineIs(task, at(5, '09:30'));
  window.assertClean();
  await window.close();
});

test('what is no day or no time is told, stays as it was typed, and changes nothing', async () => {
  const { task, window } = await atDeadline('Нет такого дня');
  const before = await people.supervisor.deadline(task);
  const { page } = window;
  await date(window).fill('32.12');
  await page.keyboard.press('Enter');
  await page.getByText(own.wrongDay).waitFor();
  await time(window).focus();
  assert.equal(await date(window).inputValue(), '32.12');
  assert.equal(await date(window).getAttribute('aria-invalid'), 'true');

  await date(window).fill(iso(6));
  await time(window).fill('25:00');
  await page.keyboard.press('Enter');
  await page.getByText(own.wrongTime).waitFor();
  assert.equal(await people.supervisor.deadline(task), before);
  window.assertClean();
  await window.close();
});

for (const [device, options] of Object.entries({ desktop: {}, phone: { viewport: phone } })) {
  test(`a day is chosen from a month by pressing it, none that has passed: ${device}`, async () => {
    const { task, window } = await atDeadline(`Выбрать нажатием: ${device}`, options);
    const { page } = window;
    await time(window).fill('15:00');
    await date(window).fill(written(1));
    await chooseDay(window).click();
    await dayOf(window, iso(7)).click();
    await grid(window).waitFor({ state: 'detached' });
    assert.equal(await date(window).inputValue(), written(7));

    const [today, yesterday] = [0, -1].map((days) => moscow(days * 86_400_000).toISOString().slice(0, 10));
    await date(window).fill(today);
    await chooseDay(window).click();
    const passed = dayOf(window, yesterday);
    // On the first of a month that begins on a Monday its month has none.
    if (await passed.count()) {
      await passed.click({ force: true });
      await grid(window).waitFor();
    }
    await page.getByRole('button', { name: own.later, exact: true }).last().click();
    await page.keyboard.press('Escape');
    await grid(window).waitFor({ state: 'detached' });
    await date(window).fill(written(7));
    await page.getByRole('button', { name: own.save }).click();
    await people.supervisor.deadlineIs(task, at(7, '15:00'));
    window.assertClean();
    await window.close();
  });
}

test('a day is chosen by keys, and Escape closes the month alone', async () => {
  const { task, window } = await atDeadline('Выбрать клавишами');
  const { page } = window;
  await time(window).fill('12:00');
  await date(window).fill(written(8));
  await page.keyboard.press('ArrowDown');
  await hasFocus(dayOf(window, iso(8)));
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await hasFocus(dayOf(window, iso(16)));
  await page.keyboard.press('Escape');
  await grid(window).waitFor({ state: 'detached' });
  assert.equal(await date(window).inputValue(), written(8));

  await hasFocus(chooseDay(window));
  await page.keyboard.press('Enter');
  await hasFocus(dayOf(window, iso(8)));
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await grid(window).waitFor({ state: 'detached' });
  const chosen = (await date(window).inputValue()).split('.').reverse().join('-');
  assert.equal(new Date(`${chosen}T00:00Z`).getUTCDay(), 0, `${chosen} is a Sunday`);
  await page.getByRole('button', { name: own.save }).click();
  await people.supervisor.deadlineIs(task, new Date(`${chosen}T12:00:00+03:00`).toISOString());
  window.assertClean();
  await window.close();
});

test('in the form of a new task Escape closes the month, and what was written stays', async () => {
  const window = await signedIn(people.supervisor);
  const { page } = window;
  await page.getByRole('button', { name: words.newTask }).first().click();
  const form = page.getByRole('dialog', { name: words.newTask });
  await form.getByLabel(words.title, { exact: true }).fill('Не потеряется');
  await chooseDay(window).click();
  await grid(window).waitFor();
  await page.keyboard.press('Escape');
  await grid(window).waitFor({ state: 'detached' });
  assert.equal(await form.getByLabel(words.title, { exact: true }).inputValue(), 'Не потеряется');
  await form.getByRole('button', { name: 'Отмена' }).click();
  window.assertClean();
  await window.close();
});

test('a filter takes a period whose days are typed or chosen, and says what is none', async () => {
  const window = await signedIn(people.supervisor);
  const { page } = window;
  await goTo(window, words.setByMe);
  const open = async () => {
    await page.getByRole('button', { name: 'Фильтр', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Крайний срок' }).click();
  };
  await open();
  const [first, last] = ['С', 'По'].map((name) => page.getByLabel(name, { exact: true }));
  await first.fill('завтра-завтра');
  await page.keyboard.press('Enter');
  await page.getByText(own.wrongDay).waitFor();
  await first.fill(short(9));
  await last.focus();
  await page.keyboard.press('ArrowDown');
  await grid(window).waitFor();
  await page.keyboard.press('Escape');
  await last.fill(short(12));
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.searchParams.get('due') === `${iso(9)}..${iso(12)}`);
  window.assertClean();
  await window.close();
});

test('statistics take a period of days that are typed or chosen', async () => {
  const window = await signedIn(people.supervisor);
  const { page } = window;
  await window.visit(`/statistics?period=${iso(1)}..${iso(20)}`);
  const [first, last] = ['С', 'По'].map((name) => page.getByLabel(name, { exact: true }));
  await page.waitForFunction((value) => document.querySelector('#own-last')?.value === value, written(20));
  await last.fill(short(25));
  await first.focus();
  await page.waitForURL((url) => url.searchParams.get('period') === `${iso(1)}..${iso(25)}`);
  await chooseDay(window).first().click();
  await dayOf(window, iso(3)).click();
  await page.waitForURL((url) => url.searchParams.get('period') === `${iso(3)}..${iso(25)}`);
  await first.fill(short(28));
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: /\S/ }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get('period'), `${iso(3)}..${iso(25)}`);
  window.assertClean();
  await window.close();
});

test('in English the month goes first', async () => {
  const window = await signedIn(people.manager);
  const { page } = window;
  await window.visit('/profile');
  await page.getByRole('group', { name: words.language }).getByText('English').click();
  await page.getByRole('heading', { name: 'Profile' }).waitFor();
  // The server has it, too.
  await window.settled();
  await window.visit('/');
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Deadline' }).click();
  const first = page.getByLabel('From', { exact: true });
  assert.equal(await first.getAttribute('placeholder'), 'mm/dd/yyyy');
  await first.fill('12/5/2026');
  await page.getByLabel('To', { exact: true }).focus();
  assert.equal(await first.inputValue(), '12/05/2026');
  window.assertClean();
  await window.close();
});

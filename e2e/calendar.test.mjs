// The calendar: tasks are set by a press on a day, moved by mouse, by finger and with the keys, and every move can be taken
// back. Two browsers see it live; clocks that change are told right.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { phone } from './harness/browser.mjs';
import { arrive, panel, words } from './harness/client.mjs';
import { at, dayName, inNoLaterMonth, iso, month, moscow, titled, written } from './harness/days.mjs';
import { finger, hold, middle } from './harness/drag.mjs';
import { hasFocus } from './harness/focus.mjs';
import { setStage } from './harness/stage.mjs';

const calendar = {
  date: 'Дата',
  time: 'Время',
  moved: /^Срок: .+ → .+/,
  undo: /^(Отменить|Вернуть)$/,
  more: /^\+\d+ ещё, все задачи дня$/,
  tray: 'Без срока',
  whose: /^Чьи задачи:/,
};

let anna;
let petr;
const { people, signedIn } = setStage(async ({ supervisor, manager }) => {
  anna = await signedIn(supervisor);
  petr = await signedIn(manager);
});

const set = (title, deadline, assignee = people.manager) =>
  people.supervisor.createTask({ title, assigneeId: assignee.id, deadline });
const dayOf = (window, date) => window.page.getByRole('gridcell', { name: dayName(date) });
const saved = (task, deadline) => people.supervisor.deadlineIs(task, deadline);
const taskIn = (place, title) => place.getByRole('link', { name: title });
const menuOf = (place, title) => place.getByRole('button', { name: `Перенести: ${title}` });
const open = (window, query) => arrive(window, `/calendar?${query}`);

describe('month', () => {
  test('a press on a day sets a task due on it', async () => {
    await open(anna, `view=month&date=${iso(1)}`);
    await dayOf(anna, iso(10)).click({ position: { x: 60, y: 60 } });
    const form = anna.page.getByRole('dialog', { name: words.newTask });
    assert.equal(await form.getByLabel(calendar.date, { exact: true }).inputValue(), written(10));
    assert.equal(await form.getByLabel(calendar.time, { exact: true }).inputValue(), '18:00');
    await form.getByLabel(words.title, { exact: true }).fill('Сдать отчёт');
    await form.getByRole('button', { name: new RegExp(`^${words.assignee}:`) }).click();
    await form.getByRole('combobox', { name: words.findPerson }).fill('Пётр');
    await form.getByRole('option', { name: people.manager.name }).click();
    await form.getByRole('button', { name: words.createTask }).click();
    const task = taskIn(dayOf(anna, iso(10)), /^18:00 Сдать отчёт Ждёт выполнения, Пётр Иванов/);
    const number = Number((await task.getAttribute('href')).split('/').at(-1));
    await saved({ number, title: 'Сдать отчёт' }, at(10, '18:00'));
  });

  test('a drag moves the deadline and keeps its time of day; the other browser sees it; undo takes it back', async () => {
    await set('Согласовать смету', at(11, '15:40'));
    await open(anna, `view=month&date=${iso(1)}`);
    await open(petr, `view=month&date=${iso(1)}`);
    const task = /^15:40 Согласовать смету/;
    await hold(anna, taskIn(dayOf(anna, iso(11)), task), dayOf(anna, iso(19)));
    await anna.page.locator('.drag-note', { hasText: '15:40' }).waitFor();
    await anna.page.mouse.up();
    await taskIn(dayOf(anna, iso(19)), task).waitFor();
    await taskIn(dayOf(petr, iso(19)), task).waitFor();
    const toast = anna.page.getByRole('status').filter({ hasText: calendar.moved });
    await toast.getByRole('button', { name: calendar.undo }).click();
    await taskIn(dayOf(anna, iso(11)), task).waitFor();
    await taskIn(dayOf(petr, iso(11)), task).waitFor();
  });

  test('whoever may not move a task cannot take it up', async () => {
    await set('Не его срок', at(2, '10:30'));
    for (const [window, isAllowed] of [[anna, true], [petr, false]]) {
      await open(window, `view=month&date=${iso(1)}`);
      const task = taskIn(dayOf(window, iso(2)), /Не его срок/);
      await task.waitFor();
      assert.equal((await task.getAttribute('data-drag')) !== null, isAllowed);
    }
  });

  test('keys move a task and go from day to day', async () => {
    const called = await set('Обзвонить клиентов', at(12, '11:20'));
    await open(anna, `view=month&date=${iso(12)}`);
    const task = /^11:20 Обзвонить клиентов/;
    await taskIn(dayOf(anna, iso(12)), task).focus();
    await anna.page.keyboard.press('Alt+ArrowRight');
    const moved = taskIn(dayOf(anna, iso(13)), task);
    await moved.waitFor();
    await anna.page.waitForFunction(() => document.activeElement?.textContent.includes('Обзвонить'));
    await anna.page.keyboard.press('Alt+ArrowDown');
    await taskIn(dayOf(anna, iso(20)), task).waitFor();
    await saved(called, at(20, '11:20'));
    await anna.page.keyboard.press('Control+z');
    await taskIn(dayOf(anna, iso(13)), task).waitFor();
    await saved(called, at(13, '11:20'));

    await dayOf(anna, iso(15)).focus();
    await anna.page.keyboard.press('ArrowLeft');
    await anna.page.keyboard.press('ArrowDown');
    await hasFocus(dayOf(anna, iso(21)));
    await anna.page.keyboard.press('Enter');
    const form = anna.page.getByRole('dialog', { name: words.newTask });
    assert.equal(await form.getByLabel(calendar.date, { exact: true }).inputValue(), written(21));
    await anna.page.keyboard.press('Escape');
    await form.waitFor({ state: 'hidden' });
    await dayOf(anna, iso(21)).focus();
    await anna.page.keyboard.press('PageUp');
    const before = new Date(Date.UTC(+month.slice(0, 4), +month.slice(5) - 2, 21)).toISOString().slice(0, 10);
    await anna.page.waitForFunction((date) => document.activeElement.dataset.date === date, before);
  });

  test('what is dragged hangs where it was taken hold of, however fast the pointer goes', async () => {
    await set('Свериться с планом', at(26, '10:10'));
    await open(anna, `view=month&date=${iso(1)}`);
    const chip = taskIn(dayOf(anna, iso(26)), /^10:10 Свериться/);
    const { x, y } = await chip.boundingBox();
    const [from, to] = [{ x: x + 70, y: y + 15 }, await middle(dayOf(anna, iso(4)))];
    await anna.page.mouse.move(from.x, from.y);
    await anna.page.mouse.down();
    await anna.page.mouse.move(to.x, to.y);
    const ghost = await anna.page.locator('.drag-ghost').boundingBox();
    const off = [to.x - ghost.x - 70, to.y - ghost.y - 15];
    assert.ok(off.every((distance) => Math.abs(distance) <= 1), `${off} pixels from where it was held`);
    await anna.page.keyboard.press('Escape');
    await anna.page.mouse.up();
    await anna.page.locator('.drag-ghost').waitFor({ state: 'detached' });
  });

  test('a menu moves a task without dragging, and the focus goes with it', async () => {
    await set('Отправить акт', at(4, '14:50'));
    await open(anna, `view=month&date=${iso(4)}`);
    const task = /^14:50 Отправить акт/;
    const menu = (window) => menuOf(dayOf(window, iso(11)), 'Отправить акт');
    await taskIn(dayOf(anna, iso(4)), task).focus();
    await anna.page.keyboard.press('Tab');
    await anna.page.keyboard.press('Enter');
    await anna.page.getByRole('menuitem', { name: 'На неделю позже' }).click();
    await taskIn(dayOf(anna, iso(11)), task).waitFor();
    await anna.page.waitForFunction(() => document.activeElement?.textContent.includes('Отправить акт'));

    await taskIn(dayOf(anna, iso(11)), task).hover();
    await menu(anna).click();
    await anna.page.keyboard.press('Escape');
    await anna.page.getByRole('menu').waitFor({ state: 'detached' });
    await anna.page.waitForFunction(() => document.activeElement?.getAttribute('aria-haspopup') === 'menu');
    await open(petr, `view=month&date=${iso(1)}`);
    await taskIn(dayOf(petr, iso(11)), task).hover();
    await petr.settled();
    assert.equal(await menu(anna).count(), 1);
    assert.equal(await menu(petr).count(), 0, 'who may not move a task has no menu for it');
  });

  test('what finds no place on a day is counted, and opens beside it', async () => {
    for (let number = 1; number <= 9; number += 1) await set(`Позиция ${number}`, at(24, `1${number}:00`.replace('110', '10')));
    await open(anna, `view=month&date=${iso(1)}`);
    const day = dayOf(anna, iso(24));
    const shown = await day.getByRole('link').count();
    const more = day.getByRole('button', { name: calendar.more });
    assert.equal(await more.textContent(), `+${9 - shown} ещё`);
    await more.click();
    await day.getByRole('listitem').nth(8).waitFor();
    assert.equal(await day.getByRole('listitem').count(), 9);
    await set('Ещё одна', at(24, '09:00'));
    await day.getByRole('listitem').filter({ hasText: 'Ещё одна' }).waitFor();
    await anna.page.keyboard.press('Escape');
    assert.equal(await more.textContent(), `+${10 - shown} ещё`);
  });

  test('a task without a deadline gets one by a drag, and loses it again', async () => {
    const archive = await set('Разобрать архив', null);
    await open(anna, `view=month&date=${iso(1)}`);
    await anna.page.getByRole('button', { name: calendar.tray, exact: true }).click();
    const tray = anna.page.getByRole('region', { name: calendar.tray });
    await hold(anna, tray.getByRole('listitem').filter({ hasText: 'Разобрать архив' }), dayOf(anna, iso(3)));
    await anna.page.mouse.up();
    const task = taskIn(dayOf(anna, iso(3)), /^18:00 Разобрать архив/);
    await task.waitFor();
    await saved(archive, at(3, '18:00'));
    await hold(anna, task, tray);
    await anna.page.mouse.up();
    await tray.getByRole('link', { name: 'Разобрать архив' }).waitFor();
    await saved(archive, null);
  });

  test('tasks are those of whoever is chosen, and the address keeps it', async () => {
    await set('Задача Ольги', at(5, '12:00'), people.admin);
    await set('Задача Петра', at(5, '13:00'));
    await open(anna, `view=month&date=${iso(1)}`);
    const [his, hers] = [/Задача Петра/, /Задача Ольги/].map((title) => taskIn(dayOf(anna, iso(5)), title));
    await his.waitFor();
    await hers.waitFor();
    await anna.page.getByRole('button', { name: calendar.whose }).click();
    await anna.page.getByRole('combobox', { name: words.findPerson }).fill('Ольга');
    await anna.page.getByRole('option', { name: people.admin.name }).click();
    await his.waitFor({ state: 'detached' });
    await hers.waitFor();
    await anna.reload();
    await hers.waitFor();
    assert.equal(await his.count(), 0);
    await anna.page.goBack();
    await his.waitFor();
    await his.click();
    await panel(anna).waitFor();
    await panel(anna).press('Escape');
    await his.waitFor();
    assert.match(anna.page.url(), new RegExp(`/calendar\\?view=month&date=${iso(1)}`));
  });
});

describe('hours', () => {
  test('in a week a drag moves the hour by quarters, a press sets a task at the hour', async () => {
    const call = await set('Созвон', at(17, '10:00'));
    await open(anna, `view=week&date=${iso(17)}`);
    const task = anna.page.getByRole('link', { name: /Созвон/ });
    await task.scrollIntoViewIfNeeded();
    const { x, y } = await task.boundingBox();
    await anna.page.mouse.move(x + 20, y + 8);
    await anna.page.mouse.down();
    await anna.page.mouse.move(x + 20, y + 13);
    // Two hours and a little further down.
    await anna.page.mouse.move(x + 20, y + 8 + 100, { steps: 3 });
    await anna.page.locator('.drag-note', { hasText: '12:00' }).waitFor();
    await anna.page.mouse.up();
    await anna.page.getByRole('link', { name: /^12:00 Созвон/ }).waitFor();
    await saved(call, at(17, '12:00'));
    await anna.page.getByRole('link', { name: /^12:00 Созвон/ }).focus();
    await anna.page.keyboard.press('Alt+ArrowDown');
    await anna.page.getByRole('link', { name: /^12:15 Созвон/ }).waitFor();
    await saved(call, at(17, '12:15'));

    const date = new Date(`${iso(17)}T00:00Z`);
    await anna.page.getByRole('gridcell', { name: `${titled.format(date)}, 14:00` }).click();
    const form = anna.page.getByRole('dialog', { name: words.newTask });
    assert.equal(await form.getByLabel(calendar.time, { exact: true }).inputValue(), '14:00');
    await anna.page.keyboard.press('Escape');
  });

  test('the menu of a task is in a week too, for whoever may move it', async () => {
    const title = 'Сдать пропуск';
    const task = await set(title, at(18, '13:20'));
    await open(anna, `view=week&date=${iso(18)}`);
    await taskIn(anna.page, title).hover();
    await menuOf(anna.page, title).click();
    await anna.page.getByRole('menuitem', { name: 'На неделю позже' }).click();
    await taskIn(anna.page, title).waitFor({ state: 'detached' });
    await saved(task, at(25, '13:20'));

    await open(petr, `view=week&date=${iso(25)}`);
    await taskIn(petr.page, title).hover();
    await petr.settled();
    assert.equal(await menuOf(petr.page, title).count(), 0);
  });

  test('a line stands at the present; single keys change the view', async () => {
    await open(anna, 'view=day');
    const line = await anna.page.getByRole('img', { name: 'Сейчас' }).boundingBox();
    const present = moscow();
    const hour = `${titled.format(present)}, ${present.getUTCHours()}:00`;
    const { y, height } = await anna.page.getByRole('gridcell', { name: hour, exact: true }).boundingBox();
    // It goes on by the minute, so that it may lag behind the hour a little.
    assert.ok(line.y > y - 4 && line.y < y + height, `${line.y} within ${hour}, from ${y}`);
    await anna.page.locator('body').press('m');
    await anna.page.getByRole('radio', { name: 'Месяц', checked: true }).waitFor();
    await anna.page.locator('body').press('a');
    await anna.page.getByRole('radio', { name: 'Повестка', checked: true }).waitFor();
    await anna.page.goBack();
    await anna.page.getByRole('radio', { name: 'Месяц', checked: true }).waitFor();
  });
});

test('on a phone a finger that rests on a task moves it, and the agenda comes first', async () => {
  const task = await set('Проверка склада', at(9, '16:00'));
  const window = await signedIn(people.supervisor, { viewport: phone, hasTouch: true });
  await open(window, `date=${iso(9)}`);
  await window.page.getByRole('radio', { name: 'Повестка', checked: true }).waitFor();
  await window.page.getByText('Месяц', { exact: true }).click();
  const row = window.page.getByRole('listitem').filter({ hasText: 'Проверка склада' });
  await row.waitFor();
  const [from, to] = [await middle(row.getByRole('link')), await middle(dayOf(window, iso(16)))];
  const touch = await finger(window);
  await touch('touchStart', from);
  await window.page.locator('[data-lifted]').waitFor();
  await touch('touchMove', { x: to.x, y: to.y - 10 });
  await touch('touchMove', to);
  await touch('touchEnd');
  await row.waitFor({ state: 'detached' });
  await dayOf(window, iso(16)).click();
  await row.waitFor();
  await saved(task, at(16, '16:00'));
  window.assertClean();
  await window.close();
});

test('clocks that are put forward: a time that does not exist moves on, all others stay', async () => {
  // The first Sunday of daylight saving in New York that is ahead: the second of a March.
  const now = moscow();
  const year = now.getUTCMonth() < 2 ? now.getUTCFullYear() : now.getUTCFullYear() + 1;
  const weekday = new Date(Date.UTC(year, 2, 1)).getUTCDay();
  const sunday = 8 + ((7 - weekday) % 7);
  const march = (day) => `${year}-03-${String(day).padStart(2, '0')}`;
  await people.supervisor.call(
    'mutation ($input: ProfileUpdateInput!) { profileUpdate(input: $input) { userErrors { code message field } } }',
    { input: { timeZone: 'America/New_York' } },
  );
  const night = await set('Ночная', `${march(sunday - 1)}T07:30:00.000Z`);
  const day = await set('Дневная', `${march(sunday - 1)}T14:30:00.000Z`);
  await set('Последняя минута', `${march(sunday + 1)}T03:59:00.000Z`);
  const window = await signedIn(people.supervisor);
  await open(window, `view=month&date=${march(1)}`);
  await taskIn(dayOf(window, march(sunday)), /^23:59 Последняя минута/).waitFor();
  await taskIn(dayOf(window, march(sunday - 1)), /^2:30 Ночная/).focus();
  await window.page.keyboard.press('Alt+ArrowRight');
  await taskIn(dayOf(window, march(sunday)), /^3:30 Ночная/).waitFor();
  await saved(night, `${march(sunday)}T07:30:00.000Z`);
  await taskIn(dayOf(window, march(sunday - 1)), /^9:30 Дневная/).focus();
  await window.page.keyboard.press('Alt+ArrowRight');
  await taskIn(dayOf(window, march(sunday)), /^9:30 Дневная/).waitFor();
  await saved(day, `${march(sunday)}T13:30:00.000Z`);
  window.assertClean();
  await window.close();
});

test('on a phone a week shows whole days, that of the address among them', async () => {
  const window = await signedIn(people.supervisor, { viewport: phone });
  const thursday = [1, 2, 3, 4, 5, 6, 7].find((day) => new Date(`${iso(day)}T00:00Z`).getUTCDay() === 4) + 7;
  await open(window, `view=week&date=${iso(thursday)}`);
  const { page } = window;
  const shown = await page.locator('.hours').evaluate((frame) => {
    const right = frame.getBoundingClientRect().left + frame.clientWidth;
    const left = frame.getBoundingClientRect().left + document.querySelector('.hour-name').getBoundingClientRect().width;
    const part = ({ left: from, right: to }) => (Math.min(to, right) - Math.max(from, left)) / (to - from);
    const days = [...frame.querySelectorAll('.hours-head')].map((head) => [head.dataset.openDay, part(head.getBoundingClientRect())]);
    return days.filter(([, share]) => share > 0.01);
  });
  assert.ok(shown.every(([, share]) => share > 0.99), `days that are cut: ${JSON.stringify(shown)}`);
  assert.ok(shown.some(([date]) => date === iso(thursday)), JSON.stringify(shown));
  window.assertClean();
  await window.close();
});

test('a full month is drawn week by week, also when one comes back to it', async () => {
  const busy = `${Number(month.slice(0, 4)) + 1}${month.slice(4)}`;
  // Whoever leaves it for the next month sees none of its tasks there.
  const days = Array.from({ length: 2 * inNoLaterMonth }, (_, number) => String((number % inNoLaterMonth) + 1).padStart(2, '0'));
  await Promise.all(days.map((day, number) => set(`Обход ${number}`, `${busy}-${day}T09:00:00.000Z`)));
  await open(anna, `view=month&date=${busy}-01`);
  const { page } = anna;
  const chips = page.locator('.month .due');
  await chips.nth(days.length - 1).waitFor();
  await page.getByRole('button', { name: 'Позже' }).click();
  await chips.first().waitFor({ state: 'detached' });
  const drawn = page.locator('.calendar').evaluate(
    (calendar, all) =>
      new Promise((resolve) => {
        const seen = [];
        const observer = new MutationObserver(() => {
          const count = calendar.querySelectorAll('.month .due').length;
          if (count !== seen.at(-1)) seen.push(count);
          if (count < all) return;
          observer.disconnect();
          resolve(seen);
        });
        observer.observe(calendar, { childList: true, subtree: true });
      }),
    days.length,
  );
  await page.getByRole('button', { name: 'Раньше' }).click();
  const counts = await drawn;
  assert.equal(counts[0], 0, `the days come first, alone: ${counts}`);
  assert.ok(counts[1] < days.length, `then a part of the tasks: ${counts}`);
});

test('nothing went wrong in all of it', () => {
  anna.assertClean();
  petr.assertClean();
});

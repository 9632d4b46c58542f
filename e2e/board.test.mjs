// The board: cards are moved by mouse, by finger, with the keys and from a menu, and each column says what it would do
// before it does it. Two browsers see it live.

import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';

import { inHours } from './harness/api.mjs';
import { phone } from './harness/browser.mjs';
import { arrive, panel, words } from './harness/client.mjs';
import { finger, hold, middle } from './harness/drag.mjs';
import { setStage } from './harness/stage.mjs';

const board = {
  later: 'Позже',
  noDeadline: 'Без срока',
  overdue: 'Просрочено',
  mondayEvening: 'пн, 30 ноя, 18:00',
  onlyCreator: 'Срок переносит постановщик',
  onlyCreatorAccepts: 'Принимает постановщик',
  past: 'Срок не ставят в прошлом',
  undo: 'Отменить',
  todo: 'Ждёт выполнения',
  columns: 'Колонки доски',
  actionsOf: (title) => `Действия: ${title}`,
  pickedUp: /^Взята задача/,
  statuses: 'Статусы',
};

let anna;
let petr;
const { people, signedIn } = setStage(async ({ supervisor, manager }) => {
  // Wide enough for every column.
  const viewport = { width: 1680, height: 900 };
  anna = await signedIn(supervisor, { viewport });
  petr = await signedIn(manager, { viewport });
});

const set = (title, more = {}) => people.supervisor.createTask({ title, assigneeId: people.manager.id, ...more });
const column = (window, name) => window.page.getByRole('region', { name, exact: true });
const link = (place, title) => place.getByRole('link', { name: title, exact: true });
const cardIn = (window, name, title) => link(column(window, name), title);
const hint = (window, name) => column(window, name).locator('.stack-hint');
const heard = (window, text) => window.page.getByRole('status').filter({ hasText: text });

const open = (window, query = '') => arrive(window, `/board${query}`);

/** Takes a card up with the mouse and holds it over a column. */
const holdOver = (window, title, to) => hold(window, link(window.page, title), column(window, to));

/** The deadline of a task as the server has it, in the hours of Moscow. */
async function deadline(task) {
  const moment = await people.supervisor.deadline(task);
  if (moment === null) return null;
  const options = { timeZone: 'Europe/Moscow', weekday: 'short', hour: '2-digit', minute: '2-digit' };
  return new Intl.DateTimeFormat('ru-RU', options).format(new Date(moment));
}

/** Waits until the server has that deadline: the card is on the screen before. */
const saved = (window) => window.page.waitForFunction(() => !document.querySelector('.card.under-way'));

describe('by deadline', () => {
  beforeEach(() => Promise.all([open(anna), open(petr)]));

  test('a card dragged to «Позже» is due on Monday evening, for both, until it is undone', async () => {
    const task = await set('Собрать отзывы');
    await cardIn(petr, board.noDeadline, 'Собрать отзывы').waitFor();

    await holdOver(anna, 'Собрать отзывы', board.later);
    assert.equal(await hint(anna, board.later).innerText(), board.mondayEvening);
    await anna.page.mouse.up();
    await cardIn(anna, board.later, 'Собрать отзывы').waitFor();
    await cardIn(petr, board.later, 'Собрать отзывы').waitFor();
    await saved(anna);
    assert.equal(await deadline(task), 'пн 18:00');
    assert.equal(new URL(anna.page.url()).pathname, '/board', 'the drop is no click');

    await anna.page.getByRole('button', { name: board.undo }).click();
    await cardIn(anna, board.noDeadline, 'Собрать отзывы').waitFor();
    await cardIn(petr, board.noDeadline, 'Собрать отзывы').waitFor();
  });

  test('a column that refuses says why before the drop, and nothing happens then', async () => {
    const due = inHours(24 * 30);
    const task = await set('Заказать пропуск', { deadline: due });
    await cardIn(petr, board.later, 'Заказать пропуск').waitFor();
    await holdOver(petr, 'Заказать пропуск', board.noDeadline);
    assert.equal(await hint(petr, board.noDeadline).innerText(), board.onlyCreator);
    assert.equal(await petr.page.evaluate(() => getComputedStyle(document.body).cursor), 'not-allowed');
    await petr.page.mouse.up();
    await cardIn(petr, board.later, 'Заказать пропуск').waitFor();

    await cardIn(anna, board.later, 'Заказать пропуск').waitFor();
    await holdOver(anna, 'Заказать пропуск', board.overdue);
    assert.equal(await hint(anna, board.overdue).innerText(), board.past);
    await anna.page.mouse.up();
    await cardIn(anna, board.later, 'Заказать пропуск').waitFor();
    assert.equal(await people.supervisor.deadline(task), due);
  });

  test('Escape puts a card back, and the button let go after it opens nothing', async () => {
    const title = 'Сменить замки';
    await set(title, { deadline: inHours(24 * 30) });
    await cardIn(anna, board.later, title).waitFor();
    await holdOver(anna, title, board.noDeadline);
    await anna.page.keyboard.press('Escape');
    await anna.page.locator('[data-lifted]').waitFor({ state: 'detached' });
    assert.equal(await anna.page.locator('.drag-ghost').count(), 0);
    await anna.page.mouse.up();
    await cardIn(anna, board.later, title).waitFor();
    assert.equal(new URL(anna.page.url()).pathname, '/board');
  });

  test('nothing jumps under a card in the hand; what came meanwhile is there once it is let go', async () => {
    await set('Вызвать электрика', { deadline: inHours(24 * 30) });
    await cardIn(anna, board.later, 'Вызвать электрика').waitFor();
    await holdOver(anna, 'Вызвать электрика', board.noDeadline);
    const before = await column(anna, board.noDeadline).getByRole('link').allInnerTexts();
    await set('Пришла, пока тащили');
    await cardIn(petr, board.noDeadline, 'Пришла, пока тащили').waitFor();
    // The count beside the name is told by the same event that brings the card.
    await column(anna, board.noDeadline).locator('.count').filter({ hasText: String(before.length + 1) }).waitFor();
    assert.deepEqual(await column(anna, board.noDeadline).getByRole('link').allInnerTexts(), before);
    await anna.page.keyboard.press('Escape');
    await anna.page.mouse.up();
    await cardIn(anna, board.noDeadline, 'Пришла, пока тащили').waitFor();
  });

  test('with the keys: Space takes a card up, arrows carry it, Enter puts it down, and all of it is said', async () => {
    const title = 'Разобрать рекламацию';
    await set('Ответить на рекламацию');
    await cardIn(anna, board.noDeadline, 'Ответить на рекламацию').waitFor();
    await set(title, { deadline: inHours(24 * 40) });
    const card = cardIn(anna, board.later, title);
    await card.focus();
    await anna.page.keyboard.press('Space');
    await heard(anna, board.pickedUp).waitFor();
    await anna.page.keyboard.press('Home');
    await heard(anna, board.past).waitFor();
    await anna.page.keyboard.press('Enter');
    assert.equal(await card.count(), 1, 'refused');
    await anna.page.keyboard.press('Escape');
    await anna.page.locator('[data-lifted]').waitFor({ state: 'detached' });

    await anna.page.keyboard.press('m');
    await anna.page.keyboard.press('ArrowRight');
    await heard(anna, board.noDeadline).waitFor();
    await anna.page.keyboard.press('Enter');
    const there = cardIn(anna, board.noDeadline, title);
    await there.waitFor();
    await anna.page.waitForFunction((title) => document.activeElement.textContent === title, title);

    // The card above it is the next that the arrows come to.
    await anna.page.keyboard.press('ArrowUp');
    assert.notEqual(await anna.page.evaluate(() => document.activeElement.textContent), title);
    assert.equal(await anna.page.evaluate(() => document.activeElement.className), 'card-link');
    await anna.page.keyboard.press('Enter');
    await panel(anna).waitFor();
  });

  test('from the menu of a card', async () => {
    const title = 'Уточнить поставку';
    await set(title);
    const card = cardIn(anna, board.noDeadline, title);
    await card.hover();
    await anna.page.getByRole('button', { name: board.actionsOf(title) }).click();
    await anna.page.getByRole('menuitem', { name: board.later }).click();
    await cardIn(anna, board.later, title).waitFor();
    await cardIn(petr, board.later, title).waitFor();
    await saved(anna);
  });
});

describe('by status', () => {
  test('the assignee starts and hands in, the creator returns with a reason and accepts', async () => {
    const title = 'Подготовить презентацию';
    await set(title);
    await open(anna, '?view=statuses');
    await open(petr);
    await petr.page.getByRole('radio', { name: board.statuses }).check({ force: true });
    await petr.page.waitForURL('**/board?view=statuses');
    const drop = async (window, to) => {
      await holdOver(window, title, to);
      await window.page.mouse.up();
    };

    await cardIn(petr, board.todo, title).waitFor();
    await drop(petr, words.inProgress);
    await cardIn(anna, words.inProgress, title).waitFor();
    await saved(petr);
    await drop(petr, words.inReview);
    await cardIn(anna, words.inReview, title).waitFor();
    await saved(petr);

    await holdOver(petr, title, words.done);
    assert.equal(await hint(petr, words.done).innerText(), board.onlyCreatorAccepts);
    await petr.page.keyboard.press('Escape');
    await petr.page.mouse.up();

    await drop(anna, words.inProgress);
    await anna.page.getByLabel(words.returnReason).fill('Нет цифр за ноябрь');
    await anna.page.getByRole('button', { name: words.returnSubmit, exact: true }).click();
    await cardIn(petr, words.inProgress, title).waitFor();
    await drop(petr, words.inReview);
    await cardIn(anna, words.inReview, title).waitFor();
    await drop(anna, words.done);
    await cardIn(petr, words.done, title).waitFor();
    await saved(anna);
  });

  test('both windows stayed clean', () => {
    anna.assertClean();
    petr.assertClean();
  });
});

describe('on a phone', () => {
  let window;
  let touch;
  before(async () => {
    window = await signedIn(people.supervisor, { viewport: phone, hasTouch: true });
    touch = await finger(window);
  });

  /** Opens the board and brings a column into view by its name. */
  const show = async (name) => {
    await open(window);
    await window.page.getByRole('group', { name: board.columns }).getByRole('button', { name }).click();
    await window.page.waitForFunction((name) => {
      const { left, right } = document.querySelector(`section[aria-label="${name}"]`).getBoundingClientRect();
      return left >= 0 && right <= innerWidth;
    }, name);
  };

  test('one column is in view; its name leads to another', async () => {
    await show(board.later);
    const isInView = await column(window, board.overdue).evaluate((column) => column.getBoundingClientRect().right > 0);
    assert.equal(isInView, false, 'the one before has gone');
  });

  test('a finger that swipes scrolls, one that rests takes a card up and carries it past the edge', async () => {
    const title = 'Отправить образцы';
    const task = await set(title, { deadline: inHours(24 * 21) });
    // So many that the column has something to scroll to.
    for (let number = 1; number <= 8; number += 1) await set(`Образец ${number}`, { deadline: inHours(24 * 22) });
    await show(board.later);
    await cardIn(window, board.later, 'Образец 8').waitFor();
    const card = cardIn(window, board.later, title);
    const from = await middle(card);
    const { y } = await card.boundingBox();

    await touch('touchStart', from);
    for (const far of [15, 30, 60, 90]) await touch('touchMove', { x: from.x, y: from.y - far });
    assert.equal(await window.page.locator('[data-lifted]').count(), 0);
    assert.ok((await card.boundingBox()).y < y, 'the cards went along');
    await touch('touchEnd');

    const at = await middle(card);
    await touch('touchStart', at);
    await window.page.locator('[data-lifted]').waitFor();
    // At the edge the board goes on to the next column.
    const edge = { x: phone.width - 6, y: at.y };
    await touch('touchMove', { x: at.x + 40, y: at.y });
    await touch('touchMove', edge);
    await column(window, board.noDeadline).and(window.page.locator('[data-over="takes"]')).waitFor();
    await touch('touchEnd');
    await cardIn(window, board.noDeadline, title).waitFor();
    assert.equal(new URL(window.page.url()).pathname, '/board');
    await saved(window);
    assert.equal(await deadline(task), null);
    window.assertClean();
  });
});

// Notifications: why they are there, read one by one or all at once in every tab and on every device, and the browser's own.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { panel, words } from './harness/client.mjs';
import { setStage } from './harness/stage.mjs';

const own = {
  readAll: 'Прочитать все',
  markRead: 'Отметить прочитанным',
  unreadOnly: 'Только непрочитанные',
  allRead: 'Всё прочитано',
  byBrowser: 'Уведомления браузера',
};

/** The manager's, on two devices. */
let desk;
let laptop;
const { people, signedIn } = setStage(async ({ manager }) => {
  desk = await signedIn(manager);
  laptop = await signedIn(manager);
});

const set = (title) => people.supervisor.createTask({ title, assigneeId: people.manager.id });
const told = (window, title) => window.page.getByRole('main').locator('.notification', { hasText: title });

test('each says what happened, why it is shown, and opens its task', async () => {
  const task = await set('Договор с «Альфой»');
  await desk.visit('/notifications');
  const row = told(desk, 'Договор с');
  await row.getByText('Вам поручена задача «Договор с „Альфой“»').waitFor();
  await row.getByText('вы исполнитель').waitFor();
  await desk.page.getByRole('heading', { name: 'Сегодня' }).waitFor();
  await row.getByRole('link').click();
  await panel(desk).getByRole('heading', { name: 'Договор с «Альфой»' }).waitFor();
  assert.equal(new URL(desk.page.url()).pathname, `/tasks/${task.number}`);
  desk.assertClean();
});

test('read on one device is read on the other, one and all', async () => {
  await Promise.all([desk.visit('/notifications'), laptop.visit('/notifications')]);
  await Promise.all([desk.settled(), laptop.settled()]);
  await set('Первая');
  await set('Вторая');
  for (const window of [desk, laptop]) await window.page.getByRole('button', { name: words.unread(2) }).waitFor();

  await told(desk, 'Первая').getByRole('button', { name: own.markRead }).click();
  await told(laptop, 'Первая').getByRole('button', { name: own.markRead }).waitFor({ state: 'detached' });
  await laptop.page.getByRole('button', { name: words.unread(1) }).waitFor();

  await laptop.page.getByLabel(own.unreadOnly).check();
  await told(laptop, 'Первая').waitFor({ state: 'detached' });
  await told(laptop, 'Вторая').waitFor();

  await desk.page.getByRole('main').getByRole('button', { name: own.readAll }).click();
  await laptop.page.getByText(own.allRead).waitFor();
  await laptop.page.getByRole('button', { name: words.notifications, exact: true }).waitFor();
  for (const window of [desk, laptop]) window.assertClean();
});

test('the browser tells once however many tabs are hidden, not while one is looked at, and leads to the task', async () => {
  const context = desk.context;
  await context.grantPermissions(['notifications']);
  // What the browser would show, by its tags; and pages that say they are hidden.
  await context.addInitScript(() => {
    window.shown = [];
    window.Notification = class {
      static permission = 'granted';
      static requestPermission = async () => 'granted';
      constructor(title, { tag, body }) {
        Object.assign(this, { title, tag, body, close() {} });
        window.shown.push(this);
      }
    };
    window.isHidden = false;
    Object.defineProperty(Document.prototype, 'hidden', { get: () => window.isHidden });
  });
  await desk.visit('/profile');
  await desk.page.getByLabel(own.byBrowser).check();
  const other = await context.newPage();
  await other.goto(`${desk.server.url}/profile`);
  const pages = [desk.page, other];
  const hide = (page, isHidden) =>
    page.evaluate((value) => {
      window.isHidden = value;
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  const bell = (page, count) => page.getByRole('button', { name: words.unread(count) }).waitFor();
  const tags = () => Promise.all(pages.map((page) => page.evaluate(() => window.shown.map(({ tag, title }) => `${tag} ${title}`))));

  for (const page of pages) await page.getByRole('button', { name: words.notifications, exact: true }).waitFor();
  await hide(desk.page, true);
  await set('Пока смотрят');
  for (const page of pages) await bell(page, 1);
  assert.deepEqual(await tags(), [[], []], 'one tab is looked at');

  await hide(other, true);
  const task = await set('Пока не смотрят');
  for (const page of pages) await bell(page, 2);
  await desk.page.waitForFunction(() => window.shown.length === 1);
  const all = (await tags()).flat();
  assert.equal(new Set(all).size, 1, 'one tag: the browser shows one');
  assert.match(all[0], / Вам поручена задача «Пока не смотрят»$/);

  await desk.page.evaluate(() => window.shown[0].onclick());
  await panel(desk).getByRole('heading', { name: 'Пока не смотрят' }).waitFor();
  assert.equal(new URL(desk.page.url()).pathname, `/tasks/${task.number}`);
  desk.assertClean();
});

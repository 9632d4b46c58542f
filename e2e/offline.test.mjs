// Without a connection: it is said at once, nothing that was typed or done is lost in silence, and everything goes on by itself.
// And several tabs of one browser agree.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inHours } from './harness/api.mjs';
import { act, openAt, panel, signIn, statusOf, words } from './harness/client.mjs';
import { setStage } from './harness/stage.mjs';

const own = {
  description: 'Описание',
  comment: 'Комментарий',
  retry: 'Повторить',
  save: 'Сохранить',
  send: 'Отправить',
  lostAt: /^Нет связи\. Данные на \d{1,2}:\d\d$/,
};

/** The supervisor's. */
let window;
const { people, signedIn } = setStage(async ({ supervisor }) => {
  window = await signedIn(supervisor);
});

const set = (title, more = {}) =>
  people.supervisor.createTask({ title, assigneeId: people.manager.id, deadline: inHours(30), ...more });

const open = (task) => openAt(window, task);

test('what is typed while there is no connection is kept and saved later', async () => {
  const task = await set('Без связи', { description: 'было' });
  await open(task);
  const body = panel(window);
  await window.page.keyboard.press('KeyE');
  const field = body.getByRole('textbox', { name: own.description });
  await field.fill('стало без связи');
  await window.duringOutage(async () => {
    await window.context.setOffline(true);
    await window.server.kill();
    await window.page.getByText(own.lostAt).waitFor();
    await body.getByRole('button', { name: own.save }).click();
    await body.locator('.field-error', { hasText: 'Сервер не отвечает' }).waitFor();
    assert.equal(await field.inputValue(), 'стало без связи');

    await body.getByRole('textbox', { name: own.comment }).fill('тоже без связи');
    await body.getByRole('button', { name: own.send }).click();
    await body.locator('.new-comment .field-error', { hasText: 'Сервер не отвечает' }).waitFor();

    await window.context.setOffline(false);
    await window.server.restart();
    await window.page.getByText(words.connectionRestored).waitFor();
  });
  await body.getByRole('button', { name: own.save }).click();
  await body.locator('.prose', { hasText: 'стало без связи' }).first().waitFor();
  await body.getByRole('button', { name: own.send }).click();
  await body.locator('.comment', { hasText: 'тоже без связи' }).waitFor();
  window.assertClean();
});

test('what is done while there is no connection is taken back, said, and done again at a press', async () => {
  const task = await set('Отложить потом');
  await open(task);
  const note = window.page.getByRole('status').filter({ hasText: 'Сервер не отвечает' });
  await window.duringOutage(async () => {
    await window.server.kill();
    await window.page.getByText(own.lostAt).waitFor();
    await act(window, 'Отложить');
    await note.waitFor();
    await statusOf(window, 'Ждёт выполнения').waitFor();
    await window.server.restart();
    await window.page.getByText(words.connectionRestored).waitFor();
  });
  await note.getByRole('button', { name: own.retry }).click();
  await statusOf(window, 'Отложена').waitFor();
  window.assertClean();
});

test('tabs of one browser agree on language, theme, and who is signed in', async () => {
  await window.visit('/profile');
  const other = await window.context.newPage();
  await other.goto(`${window.server.url}/profile`);
  await other.getByRole('heading', { name: words.profile, level: 1 }).waitFor();

  await window.page.getByRole('group', { name: words.theme }).getByText(words.themeDark).click();
  await other.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
  await window.page.getByRole('group', { name: words.language }).getByText('English').click();
  await other.getByRole('heading', { name: 'Profile', level: 1 }).waitFor();
  await window.page.getByRole('group', { name: 'Language' }).getByText('Русский').click();
  await other.getByRole('heading', { name: words.profile, level: 1 }).waitFor();

  await window.page.getByRole('button', { name: /^Учётная запись/ }).click();
  await window.page.getByRole('menuitem', { name: words.signOut }).click();
  await other.getByRole('button', { name: words.signIn, exact: true }).waitFor();

  await signIn(window, people.manager);
  await other.getByRole('button', { name: `Учётная запись: ${people.manager.name}` }).waitFor();
  window.assertClean();
});

// The palette: going, doing and finding, by a part of the name, on either layout.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertAccessible } from './harness/axe.mjs';
import { looks } from './harness/browser.mjs';
import { panel, words } from './harness/client.mjs';
import { hasFocus } from './harness/focus.mjs';
import { setStage } from './harness/stage.mjs';

let contract;
const { people, signedIn } = setStage(async ({ supervisor, manager }) => {
  contract = await supervisor.createTask({ title: 'Договор с поставщиком', assigneeId: manager.id });
  await supervisor.createTask({ title: 'Отчёт о продажах', assigneeId: manager.id });
});

/** Opens the palette and gives its parts. */
async function openPalette({ page }, key = 'Control+k') {
  await page.keyboard.press(key);
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  return { dialog, field: dialog.getByRole('combobox'), option: (name) => dialog.getByRole('option', { name }) };
}

test('it opens with nothing fetched, and goes to a page by a part of its name', async (test) => {
  const window = await signedIn(people.admin);
  const { page } = window;
  await page.waitForFunction(() => performance.getEntriesByType('resource').some((entry) => entry.name.endsWith('/split_overlay.wasm')));
  const opened = await page.evaluate(async () => {
    const start = performance.now();
    const options = { code: 'KeyK', key: 'k', ctrlKey: true, bubbles: true, cancelable: true };
    document.body.dispatchEvent(new KeyboardEvent('keydown', options));
    await new Promise((resolve) => {
      const look = () => (document.querySelector('dialog[open] [role=option]') ? resolve() : setTimeout(look, 0));
      look();
    });
    const took = performance.now() - start;
    return { took, fetched: performance.getEntriesByType('resource').filter((entry) => entry.startTime >= start).map((entry) => entry.name) };
  });
  test.diagnostic(`open after ${opened.took} ms`);
  assert.deepEqual(opened.fetched, []);
  const dialog = page.getByRole('dialog', { name: 'Команды' });
  await hasFocus(dialog.getByRole('combobox'));
  await page.keyboard.type('люд');
  await dialog.getByRole('option', { name: words.people, selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/people');

  await openPalette(window);
  const first = dialog.getByRole('group', { name: 'Недавнее' }).getByRole('option', { name: words.people });
  await first.waitFor();
  window.assertClean();
  await window.close();
});

test('the other layout will do, and ё is е', async () => {
  const window = await signedIn(people.supervisor);
  const { page } = window;
  const { field, option } = await openPalette(window);
  await field.fill('pflfxf');
  await option(/^Новая задача/).first().waitFor();
  await field.fill('ljujdjh');
  await option(/Договор с поставщиком/).waitFor();
  await field.fill('ыгзукмшыщк');
  await option(/Анна Соколова/).waitFor();
  await field.fill('отчет');
  await option(/Отчёт о продажах/).waitFor();
  await field.fill('fyyf');
  await option(/Анна Соколова/).waitFor();
  window.assertClean();
  await window.close();
  assert.ok(page);
});

test('a task is found by its number and acted on where it is open', async () => {
  const window = await signedIn(people.manager);
  const { page } = window;
  await window.visit('/notifications');
  await window.settled();
  const { field, option } = await openPalette(window, '/');
  await field.fill(`#${contract.number}`);
  await option(/Договор с поставщиком/).waitFor();
  await page.keyboard.press('Enter');
  await panel(window).getByRole('heading', { name: 'Договор с поставщиком' }).waitFor();

  const acting = await openPalette(window);
  await acting.field.fill('начать');
  await acting.dialog.getByRole('option', { name: /Начать выполнение/, selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await panel(window).getByText(words.inProgress).first().waitFor();
  window.assertClean();
  await window.close();
});

test('what was typed begins a new task, for whoever may set one', async () => {
  const window = await signedIn(people.supervisor);
  const { page } = window;
  const { field, option } = await openPalette(window);
  await field.fill('Сверить склад завтра');
  await option('Новая задача: Сверить склад завтра').click();
  const form = page.getByRole('dialog', { name: words.newTask });
  await form.getByRole('listitem').filter({ hasText: 'Завтра, 18:00' }).waitFor();
  assert.equal(await form.getByLabel(words.title, { exact: true }).inputValue(), 'Сверить склад завтра');
  window.assertClean();
  await window.close();

  const manager = await signedIn(people.manager);
  const theirs = await openPalette(manager);
  await theirs.field.fill('задача');
  assert.equal(await theirs.option(/Новая задача/).count(), 0);
  await manager.close();
});

test('theme, language and the keys are commands', async () => {
  const window = await signedIn(people.manager);
  const { page } = window;
  const { field, option } = await openPalette(window);
  await field.fill('тёмная');
  await option(/Тёмная/).click();
  await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
  const again = await openPalette(window);
  await again.field.fill('english');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.documentElement.lang === 'en');
  window.assertClean();
  await window.close();
});

for (const { theme, device, viewport } of looks) {
  test(`it is accessible: ${theme}, ${device}`, async () => {
    const window = await signedIn(people.supervisor, { theme, viewport });
    const { field, option } = await openPalette(window);
    await assertAccessible(window);
    await field.fill('до');
    await option(/Договор с поставщиком/).waitFor();
    await assertAccessible(window);
    window.assertClean();
    await window.close();
  });
}

// Shortcuts by the key's place, so that they work on a Russian layout; help; undo.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertAccessible } from './harness/axe.mjs';
import { looks } from './harness/browser.mjs';
import { openTask, row, words } from './harness/client.mjs';
import { pressQuestion, pressRussian } from './harness/keys.mjs';
import { setStage } from './harness/stage.mjs';

const { people, signedIn } = setStage();

const dialog = (page, name) => page.getByRole('dialog', { name });

test('a Russian layout presses the same keys', async () => {
  const window = await signedIn(people.supervisor);
  const { page } = window;
  await pressRussian(page, 'KeyC');
  const title = dialog(page, words.newTask).getByLabel(words.title, { exact: true });
  await title.waitFor();
  await title.fill('');
  await pressRussian(page, 'KeyC KeyG KeyL');
  assert.equal(await title.inputValue(), 'спд', 'in a field keys write');
  await title.fill('');
  await page.keyboard.press('Escape');
  await dialog(page, words.newTask).waitFor({ state: 'hidden' });

  await window.visit('/notifications');
  await window.settled();
  await pressRussian(page, 'KeyG KeyL');
  await page.waitForURL('**/delegated');
  await pressRussian(page, 'KeyK', { ctrl: true });
  await dialog(page, 'Команды').waitFor();
  await pressQuestion(page);
  assert.equal(await page.getByRole('dialog').count(), 1, 'nothing acts under a dialog');
  await page.keyboard.press('Escape');
  await dialog(page, 'Команды').waitFor({ state: 'hidden' });
  window.assertClean();
  await window.close();
});

for (const { theme, device, viewport } of looks) {
  test(`help lists what keys do: ${theme}, ${device}`, async () => {
    const window = await signedIn(people.supervisor, { theme, viewport });
    await pressQuestion(window.page);
    const help = dialog(window.page, 'Клавиши');
    await help.getByText(words.newTask).waitFor();
    await help.getByText('Отменить последнее').waitFor();
    await assertAccessible(window);
    window.assertClean();
    await window.close();
  });
}

test('who sets no tasks has no key for it', async () => {
  const window = await signedIn(people.manager);
  await pressRussian(window.page, 'KeyC');
  await pressQuestion(window.page);
  await dialog(window.page, 'Клавиши').waitFor();
  assert.equal(await window.page.getByText(words.newTask).count(), 0);
  window.assertClean();
  await window.close();
});

test('an open task is changed by its keys', async () => {
  await people.supervisor.createTask({ title: 'Перенести поставку', assigneeId: people.manager.id });
  const window = await signedIn(people.supervisor);
  const { page } = window;
  await window.visit('/delegated');
  await openTask(window, 'Перенести поставку');
  await pressRussian(page, 'KeyD');
  await page.getByLabel('Дата', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByLabel('Дата', { exact: true }).waitFor({ state: 'detached' });
  await pressRussian(page, 'KeyA');
  await page.getByRole('combobox', { name: words.findPerson }).waitFor();
  window.assertClean();
  await window.close();
});

test('Ctrl+Z takes back what was deleted last', async () => {
  await people.supervisor.createTask({ title: 'Убрать и вернуть', assigneeId: people.supervisor.id });
  const window = await signedIn(people.supervisor);
  const { page } = window;
  await openTask(window, 'Убрать и вернуть');
  await page.getByRole('button', { name: 'Ещё действия' }).click();
  await page.getByRole('menuitem', { name: 'Удалить задачу' }).click();
  // A row that leaves under the pointer stays until the pointer has gone.
  await page.mouse.move(20, 700);
  await row(window, 'Убрать и вернуть').waitFor({ state: 'detached' });
  await page.getByText(/удалена$/).waitFor();
  await pressRussian(page, 'KeyZ', { ctrl: true });
  await row(window, 'Убрать и вернуть').waitFor();
  assert.equal(await page.getByText(/удалена$/).count(), 0);
  window.assertClean();
  await window.close();
});

test('single keys are off where the profile says so, and stay off', async () => {
  const window = await signedIn(people.admin);
  const { page } = window;
  await window.visit('/profile');
  const choice = page.getByRole('checkbox', { name: 'Управление клавишами' });
  const kept = page.waitForResponse((response) => response.request().postData()?.includes('profileUpdate'));
  await choice.click();
  await kept;
  await window.reload();
  await page.getByRole('checkbox', { name: 'Управление клавишами', checked: false }).waitFor();
  await page.getByRole('heading', { level: 1 }).click();
  await pressRussian(page, 'KeyC');
  await pressRussian(page, 'KeyK', { ctrl: true });
  await dialog(page, 'Команды').waitFor();
  assert.equal(await page.getByRole('dialog').count(), 1);
  window.assertClean();
  await window.close();
});

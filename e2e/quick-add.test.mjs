// A task in one line: what is understood, shown, taken back, kept and set.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Person } from './harness/api.mjs';
import { assertAccessible } from './harness/axe.mjs';
import { looks } from './harness/browser.mjs';
import { words } from './harness/client.mjs';
import { moscow } from './harness/days.mjs';
import { hasFocus } from './harness/focus.mjs';
import { setStage } from './harness/stage.mjs';

let anna;
const { people, signedIn } = setStage(async ({ supervisor }) => {
  anna = await Person.register(supervisor.server, 'Анна Иванова', 'ivanova@example.com');
});

/** Opens the form by its key, once the people that may be named are there. */
async function openForm({ page }) {
  const read = page.waitForResponse((response) => response.request().postData()?.includes('users('));
  await page.keyboard.press('c');
  await read;
  const form = page.getByRole('dialog', { name: words.newTask });
  const line = form.getByLabel(words.title, { exact: true });
  await hasFocus(line);
  return { form, line, chip: (text) => form.getByRole('listitem').filter({ hasText: text }) };
}

/** 15:00 in Moscow on the day after today there. */
function tomorrowAt15() {
  const day = moscow(86_400_000).toISOString().slice(0, 10);
  return `${day}T12:00:00.000Z`;
}

async function task(number) {
  const query = `query ($number: Int!) { task(number: $number) { title deadline priority assignee { name } } }`;
  return (await people.supervisor.call(query, { number })).task;
}

/** The number in the note that a task was set. */
async function created({ page }) {
  const note = page.getByText(/^Задача № \d+ поставлена$/).last();
  await note.waitFor();
  return Number((await note.textContent()).match(/\d+/)[0]);
}

test('a line and Enter set a task', async () => {
  const window = await signedIn(people.supervisor);
  const { page } = window;
  const { form, line, chip } = await openForm(window);
  await page.keyboard.type('Отчёт завтра в 15:00 @сидорову @Петру !высокий');
  await chip('Завтра, 15:00').waitFor();
  await chip('Пётр Иванов').waitFor();
  await chip('Высокий').waitFor();
  assert.equal(await form.getByLabel('Время', { exact: true }).inputValue(), '15:00', 'the fields below agree');
  await form.getByRole('button', { name: /^Исполнитель: Пётр Иванов/ }).waitFor();
  await form.getByRole('button', { name: /^Приоритет: Высокий/ }).waitFor();
  await line.press('Enter');
  await form.waitFor({ state: 'hidden' });
  assert.deepEqual(await task(await created(window)), {
    title: 'Отчёт @сидорову',
    deadline: tomorrowAt15(),
    priority: 'HIGH',
    assignee: { name: 'Пётр Иванов' },
  });
  await page.getByRole('button', { name: 'Открыть' }).click();
  await page.getByRole('heading', { name: 'Отчёт @сидорову' }).waitFor();
  window.assertClean();
  await window.close();
});

test('a chip that is removed gives its words back to the title', async () => {
  const window = await signedIn(people.supervisor);
  const { form, chip } = await openForm(window);
  await window.page.keyboard.type('Обсудить завтра в 15:00 @Петру');
  await form.getByText('Обсудить', { exact: true }).waitFor();
  await form.getByRole('button', { name: 'Оставить в названии: завтра в 15:00' }).click();
  await form.getByText('Обсудить завтра в 15:00', { exact: true }).waitFor();
  assert.equal(await chip('15:00').count(), 0);
  assert.equal(await form.getByLabel('Дата', { exact: true }).inputValue(), '');
  await window.page.keyboard.press('Enter');
  await form.waitFor({ state: 'hidden' });
  const made = await task(await created(window));
  assert.deepEqual([made.title, made.deadline], ['Обсудить завтра в 15:00', null]);
  window.assertClean();
  await window.close();
});

test('what is chosen below takes the place of what the line says', async () => {
  const window = await signedIn(people.supervisor);
  const { form, line } = await openForm(window);
  await window.page.keyboard.type('Сверка @Петру !низкий');
  await form.getByRole('button', { name: /^Приоритет: Низкий/ }).click();
  await window.page.getByRole('menuitemradio', { name: 'Высокий' }).click();
  await form.getByRole('button', { name: /^Приоритет: Высокий/ }).waitFor();
  assert.equal(await line.inputValue(), 'Сверка @Петру');
  await line.press('Enter');
  await form.waitFor({ state: 'hidden' });
  assert.equal((await task(await created(window))).priority, 'HIGH');
  window.assertClean();
  await window.close();
});

test('where several may be meant it asks, and @ offers people while it is typed', async () => {
  const window = await signedIn(people.supervisor);
  const { page } = window;
  const { form, line, chip } = await openForm(window);
  await page.keyboard.type('Акт @иванова ');
  const who = form.getByRole('group', { name: '@иванова — кто именно?' });
  await who.getByRole('button', { name: 'Анна Иванова' }).waitFor();
  await who.getByRole('button', { name: 'Пётр Иванов' }).click();
  await chip('Пётр Иванов').waitFor();

  await line.fill('');
  await page.keyboard.type('Акт @ив');
  await form.getByRole('option', { name: /Анна Иванова/ }).waitFor();
  const names = await form.getByRole('option').allTextContents();
  const at = names.findIndex((name) => name.includes('Анна'));
  for (let step = 0; step <= at; step += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await chip('Анна Иванова').waitFor();
  assert.equal(await line.inputValue(), 'Акт @Анна Иванова ');
  await page.keyboard.press('Enter');
  await form.waitFor({ state: 'hidden' });
  assert.equal((await task(await created(window))).assignee.name, anna.name);
  window.assertClean();
  await window.close();
});

test('Ctrl+Enter sets one and waits for the next', async () => {
  const window = await signedIn(people.supervisor);
  const { page } = window;
  const { form, line } = await openForm(window);
  await page.keyboard.type('Первая @Петру');
  await page.keyboard.press('Control+Enter');
  const first = await created(window);
  await page.waitForFunction(() => document.activeElement.id === 'task-title' && document.activeElement.value === '');
  await page.keyboard.type('Вторая @Анне Ивановой');
  await line.press('Enter');
  await form.waitFor({ state: 'hidden' });
  await page.getByText(`Задача № ${first + 1} поставлена`).waitFor();
  assert.equal((await task(first + 1)).title, 'Вторая');
  window.assertClean();
  await window.close();
});

test('what was typed survives a reload, and is forgotten when it is sent', async () => {
  const window = await signedIn(people.supervisor);
  const { page } = window;
  await openForm(window);
  await page.keyboard.type('Черновик к пятнице @Петру');
  await page.waitForFunction(() => localStorage.getItem('vekha.draft')?.includes('Петру'));
  await window.reload();
  await window.settled();
  const { form, line, chip } = await openForm(window);
  assert.equal(await line.inputValue(), 'Черновик к пятнице @Петру');
  await chip('Пётр Иванов').waitFor();
  await line.press('Enter');
  await form.waitFor({ state: 'hidden' });
  await created(window);
  assert.equal(await page.evaluate(() => localStorage.getItem('vekha.draft')), null);
  window.assertClean();
  await window.close();
});

for (const { theme, device, viewport } of looks) {
  test(`the form is accessible: ${theme}, ${device}`, async () => {
    const window = await signedIn(people.supervisor, { theme, viewport });
    const { form, chip } = await openForm(window);
    await window.page.keyboard.type('Отчёт завтра в 15:00 !высокий @ив');
    await form.getByRole('option').first().waitFor();
    await assertAccessible(window);
    await window.page.keyboard.press('Escape');
    await form.getByRole('group', { name: '@ив — кто именно?' }).waitFor();
    await chip('Завтра, 15:00').waitFor();
    await assertAccessible(window);
    window.assertClean();
    await window.close();
  });
}

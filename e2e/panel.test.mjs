// A task's panel: Markdown that can do no harm, texts edited in place and never lost, history in words, and keys for everything.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inHours } from './harness/api.mjs';
import { goTo, openAt, openTask, panel, row, words } from './harness/client.mjs';
import { hasFocus } from './harness/focus.mjs';
import { setStage } from './harness/stage.mjs';

const own = {
  editDescription: 'Изменить описание',
  description: 'Описание',
  save: 'Сохранить',
  restoreDraft: 'Восстановить черновик',
  conflict: 'Задачу уже изменили',
  keepMine: 'Оставить моё',
  comment: 'Комментарий',
  edit: 'Изменить',
  delete: 'Удалить',
  more: 'Ещё действия',
  copyLink: 'Скопировать ссылку',
};

/** The supervisor's, for one test after the other. */
let window;
const { people, signedIn } = setStage(async ({ supervisor }) => {
  window = await signedIn(supervisor);
});

/** A task of the supervisor's for the manager. */
const set = (title, more = {}) =>
  people.supervisor.createTask({ title, assigneeId: people.manager.id, deadline: inHours(30), ...more });

const open = (task) => openAt(window, task);

const update = (person, task, changes) =>
  person.call(
    `mutation ($input: TaskUpdateInput!) { taskUpdate(input: $input) { task { version } userErrors { code message field } } }`,
    { input: { id: task.id, version: task.version, ...changes } },
  );

test('Markdown is shown, and what could do harm is text', async () => {
  const harm = [
    '<script>window.harmed = 1</script>',
    '<img src=x onerror="window.harmed = 2">',
    '[нажмите](javascript:window.harmed=3)',
    '[данные](data:text/html,<script>window.harmed=4</script>)',
    '![рисунок](javascript:window.harmed=5)',
    '<a href="javascript:window.harmed=6">ссылка</a>',
  ];
  const description = ['# План', '- [x] **сделано**', '- [ ] [форма](https://example.com/a)', '', ...harm].join('\n\n');
  const task = await set('Разметка', { description });
  await people.supervisor.comment(task, harm.join('\n'));
  await open(task);
  const body = panel(window);

  await body.getByRole('heading', { name: 'План' }).waitFor();
  await body.locator('strong', { hasText: 'сделано' }).waitFor();
  const link = body.getByRole('link', { name: 'форма' });
  assert.deepEqual(
    [await link.getAttribute('href'), await link.getAttribute('rel'), await link.getAttribute('target')],
    ['https://example.com/a', 'noopener noreferrer nofollow', '_blank'],
  );
  for (const text of harm) assert.ok((await body.textContent()).includes(text.split('](').at(0)), text);
  assert.equal(await body.locator('img, script, .prose a:not([href^="https://"])').count(), 0);
  assert.equal(await window.page.evaluate(() => window.harmed), undefined);
  window.assertClean();
});

test('marks that are never closed, thousands of them, are the text that they were', async () => {
  const description = '[a **b _c ~~d '.repeat(1_400).trim();
  const task = await set('Скобки', { description });
  await open(task);
  const prose = panel(window).locator('.task-description .prose');
  assert.ok((await prose.textContent()) === description, 'nothing is lost and nothing is marked');
  assert.equal(await prose.locator('em, strong, s, code, a').count(), 0);
  window.assertClean();
});

test('a draft outlives a reload and is gone once it is saved; keys format what is selected', async () => {
  const task = await set('Черновик', { description: 'Начало' });
  await open(task);
  const { page } = window;
  await page.keyboard.press('KeyE');
  const field = panel(window).getByRole('textbox', { name: own.description });
  await field.fill('важное дело');
  await field.selectText();
  await page.keyboard.press('Control+KeyB');
  assert.equal(await field.inputValue(), '**важное дело**');
  await page.keyboard.press('Control+KeyZ');
  assert.equal(await field.inputValue(), 'важное дело', 'the undo of the browser knows of it');
  await field.selectText();
  await page.keyboard.press('Control+KeyI');

  await window.reload();
  await panel(window).getByRole('button', { name: own.restoreDraft }).click();
  assert.equal(await field.inputValue(), '_важное дело_');
  await page.keyboard.press('Control+Enter');
  await panel(window).locator('em', { hasText: 'важное дело' }).waitFor();
  await window.settled();
  await window.reload();
  await panel(window).locator('em', { hasText: 'важное дело' }).waitFor();
  assert.equal(await panel(window).getByRole('button', { name: own.restoreDraft }).count(), 0);

  const comment = panel(window).getByRole('textbox', { name: own.comment });
  await comment.fill('недописано');
  await window.reload();
  await page.waitForFunction(() => document.querySelector('#new-comment')?.value === 'недописано');
  window.assertClean();
});

test('a change of the same text is shown beside what was typed, and mine can stay', async () => {
  const task = await set('Спор', { description: 'первое' });
  await open(task);
  const { page } = window;
  await page.keyboard.press('KeyE');
  const field = panel(window).getByRole('textbox', { name: own.description });
  await field.fill('моё');
  await update(people.admin, task, { description: 'чужое' });
  await panel(window).getByText(own.conflict).waitFor();
  await page.keyboard.press('Control+Enter');
  const dialog = page.getByRole('dialog', { name: own.conflict });
  await dialog.getByText('чужое').waitFor();
  await dialog.getByText('моё', { exact: true }).waitFor();
  await dialog.getByRole('button', { name: own.keepMine }).click();
  await panel(window).locator('.prose', { hasText: 'моё' }).first().waitFor();
  await window.settled();
  await window.reload();
  await panel(window).locator('.prose', { hasText: 'моё' }).first().waitFor();
  window.assertClean();
});

test('a change of another field does not stand in the way of a text', async () => {
  const task = await set('Мирно', { description: 'первое' });
  await open(task);
  await window.page.keyboard.press('KeyE');
  const field = panel(window).getByRole('textbox', { name: own.description });
  await field.fill('второе');
  await update(people.admin, task, { priority: 'HIGH' });
  await panel(window).getByText('Высокий').waitFor();
  await window.page.keyboard.press('Control+Enter');
  await panel(window).locator('.prose', { hasText: 'второе' }).first().waitFor();
  assert.equal(await window.page.getByRole('dialog').count(), 0);
  window.assertClean();
});

test('history tells who did what in words', async () => {
  let task = await set('История');
  task = await people.manager.transition(task, 'START');
  await open(task);
  await panel(window).getByRole('tab', { name: words.history }).click();
  const said = panel(window).getByRole('tabpanel');
  await said.getByText('Пётр Иванов начинает выполнение: Ждёт выполнения → Выполняется').waitFor();
  await said.getByText('Анна Соколова ставит задачу').waitFor();
  await people.supervisor.call(
    `mutation ($id: ID!, $version: Int!, $deadline: DateTime) {
      taskDeadlineChange(id: $id, version: $version, deadline: $deadline) { task { id } userErrors { code message field } }
    }`,
    { id: task.id, version: task.version, deadline: inHours(30 + 24 * 40) },
  );
  await said.getByText(/^Анна Соколова переносит срок: .+ → .+$/).waitFor();
  window.assertClean();
});

test('comments are live, counted, edited and deleted by whoever wrote them', async () => {
  const task = await set('Разговор');
  await open(task);
  const { page } = window;
  await page.keyboard.press('KeyM');
  await hasFocus(panel(window).getByRole('textbox', { name: own.comment }));
  await page.keyboard.type('Первое слово');
  await page.keyboard.press('Control+Enter');
  await panel(window).locator('.comment', { hasText: 'Первое слово' }).waitFor();
  await people.manager.comment(task, 'Ответ');
  await panel(window).locator('.comment', { hasText: 'Ответ' }).waitFor();
  await panel(window).getByRole('tab', { name: `${words.comments} 2` }).waitFor();
  assert.equal(await panel(window).locator('.comment', { hasText: 'Ответ' }).getByRole('button').count(), 0, 'not theirs');

  const mine = panel(window).locator('.comment', { hasText: 'Первое слово' });
  await mine.getByRole('button', { name: own.more }).click();
  await page.getByRole('menuitem', { name: own.edit }).click();
  await panel(window).locator('.comment textarea').fill('Второе слово');
  await page.keyboard.press('Control+Enter');
  await panel(window).locator('.comment', { hasText: 'Второе слово' }).getByText('изменён').waitFor();
  await panel(window).locator('.comment', { hasText: 'Второе слово' }).getByRole('button', { name: own.more }).click();
  await page.getByRole('menuitem', { name: own.delete }).click();
  await page.getByRole('dialog').getByRole('button', { name: own.delete, exact: true }).click();
  await panel(window).locator('.comment', { hasText: 'Второе слово' }).waitFor({ state: 'detached' });
  await panel(window).getByRole('tab', { name: `${words.comments} 1` }).waitFor();
  window.assertClean();
});

test('keys open, go from task to task, and give the focus back to the row', async () => {
  for (const [index, title] of ['Раз', 'Два', 'Три'].entries()) await set(title, { deadline: inHours(1 + index) });
  await goTo(window, words.setByMe);
  const { page } = window;
  await openTask(window, 'Раз');
  const heading = (title) => panel(window).getByRole('heading', { name: title, exact: true });
  await page.keyboard.press('KeyJ');
  await heading('Два').waitFor();
  await page.keyboard.press('KeyJ');
  await heading('Три').waitFor();
  await page.keyboard.press('KeyK');
  await heading('Два').waitFor();

  await page.keyboard.press('KeyD');
  await hasFocus(page.getByLabel('Дата', { exact: true }));
  await page.keyboard.press('Escape');
  await page.keyboard.press('KeyA');
  await page.getByRole('combobox', { name: words.findPerson }).waitFor();
  await page.keyboard.press('Escape');
  await panel(window).waitFor();
  await page.keyboard.press('Escape');
  await panel(window).waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement.textContent === 'Два');
  window.assertClean();
});

test('a link to a task is copied and opens it', async () => {
  const task = await set('Ссылка');
  await open(task);
  await window.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await panel(window).getByRole('button', { name: own.more }).first().click();
  await window.page.getByRole('menuitem', { name: own.copyLink }).click();
  await window.page.getByText('Скопировано').waitFor();
  const copied = await window.page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, `${window.server.url}/tasks/${task.number}`);
  window.assertClean();
});

test('five tasks are accepted or returned in a row without the mouse', async () => {
  const titles = ['Первая', 'Вторая', 'Третья', 'Четвёртая', 'Пятая'].map((name) => `На проверку: ${name}`);
  for (const [index, title] of titles.entries()) {
    const task = await set(title, { deadline: inHours(index + 1) });
    await people.manager.transition(await people.manager.transition(task, 'START'), 'SUBMIT');
  }
  await window.visit('/review');
  await row(window, titles[0]).waitFor();
  const { page } = window;
  await row(window, titles[0]).focus();
  await page.keyboard.press('Enter');
  for (const [index, title] of titles.entries()) {
    await panel(window).getByRole('heading', { name: title, exact: true }).waitFor();
    await panel(window).getByRole('button', { name: words.accept }).waitFor();
    if (index === 2) {
      await page.keyboard.press('KeyR');
      await hasFocus(page.getByLabel(words.returnReason));
      await page.keyboard.type('Нет подписи');
      await page.keyboard.press('Control+Enter');
    } else {
      await page.keyboard.press('KeyS');
      await page.keyboard.press('Enter');
    }
  }
  await panel(window).waitFor({ state: 'detached' });
  await page.getByText('Проверять больше нечего').waitFor();
  for (const title of titles) assert.equal(await row(window, title).count(), 0);
  window.assertClean();
});

// Statistics: the figures of a period, the lists that they open, and the same as a file.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { parse } from 'csv-parse/sync';

import { phone } from './harness/browser.mjs';
import { fill } from './harness/pages.mjs';
import { setStage } from './harness/stage.mjs';

const said = {
  statistics: 'Статистика',
  onTime: 'В срок',
  completed: 'Завершено',
  created: 'Создано',
  returned: 'Возвращено',
  month: 'Месяц',
  ownPeriod: 'Свой период',
  asTable: 'Показать таблицей',
  asChart: 'Показать графиком',
  download: 'Скачать CSV',
  addPerson: 'Добавить исполнителя',
  findPerson: 'Найти по имени',
};

const { people, signedIn } = setStage(fill);

const shown = async (person, options) => {
  const window = await signedIn(person, options);
  await window.visit('/statistics');
  await window.page.getByText(said.created, { exact: true }).first().waitFor();
  await window.settled();
  return window;
};

/** What a tile says. */
const tile = (page, name) => page.locator('.tile', { hasText: name }).first().locator('.tile-value');

test('the figures of the week are there, and the address keeps what was chosen', async () => {
  const window = await shown(people.supervisor);
  const { page } = window;
  const figures = { [said.created]: '13', [said.completed]: '1', [said.returned]: '1' };
  for (const [name, value] of Object.entries(figures)) assert.equal(await tile(page, name).innerText(), value, name);
  assert.match(await tile(page, said.onTime).innerText(), /^100\s%$/);

  await page.getByRole('button', { name: said.month, exact: true }).click();
  await page.waitForURL(/period=month/);
  await page.getByRole('button', { name: said.addPerson }).click();
  await page.getByPlaceholder(said.findPerson).fill('Пётр');
  await page.getByRole('option', { name: 'Пётр Иванов' }).click();
  await page.waitForURL(/period=month&assignee=/);
  await page.waitForFunction((name) => {
    const tiles = [...document.querySelectorAll('.tile')];
    return tiles.find((tile) => tile.textContent.startsWith(name))?.querySelector('.tile-value').textContent === '12';
  }, said.created);

  await window.reload();
  await window.settled();
  assert.equal(await tile(page, said.created).innerText(), '12');
  await page.getByRole('button', { name: said.ownPeriod, exact: true }).click();
  await page.waitForURL(/period=\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d/);
  window.assertClean();
  await window.close();
});

test('each chart has its table, and says in a sentence what it shows', async () => {
  const window = await shown(people.supervisor);
  const { page } = window;
  await page.getByRole('img', { name: /За период создано: 13, завершено: 1/ }).waitFor();
  assert.equal(await page.getByRole('table').count(), 0);
  for (let left = 3; left > 0; left -= 1) await page.getByRole('button', { name: said.asTable }).first().click();
  assert.equal(await page.getByRole('table').count(), 3);
  await page.getByRole('row', { name: /^Пётр Иванов/ }).waitFor();
  assert.equal(await page.getByRole('button', { name: said.asChart }).count(), 3);
  window.assertClean();
  await window.close();
});

test('every number opens its list, which has exactly that many', async () => {
  const window = await shown(people.supervisor);
  const { page } = window;
  for (let left = 3; left > 0; left -= 1) await page.getByRole('button', { name: said.asTable }).first().click();
  const links = await page.getByRole('main').getByRole('link').evaluateAll((all) =>
    all.map((link) => ({ href: link.getAttribute('href'), text: link.textContent.trim() })),
  );
  const numbers = links.filter(({ text }) => /^\d+$/.test(text));
  assert.ok(numbers.length >= 10, `numbers that open a list: ${numbers.length}`);
  for (const [href, text] of new Map(numbers.map(({ href, text }) => [href, text]))) {
    await window.visit(href);
    await window.settled();
    assert.equal(await page.getByRole('main').locator('a[href^="/tasks/"]').count(), Number(text), href);
  }
  window.assertClean();
  await window.close();
});

test('a file of the same tasks, which another reader of such files understands', async () => {
  const window = await shown(people.supervisor);
  const { page } = window;
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: said.download }).click(),
  ]);
  assert.match(file.suggestedFilename(), /^Статистика_\d{4}-\d\d-\d\d_\d{4}-\d\d-\d\d\.csv$/);
  const text = await readFile(await file.path(), 'utf8');
  assert.ok(text.startsWith('\uFEFF'), 'a byte order mark');
  const rows = parse(text, { bom: true, delimiter: ';', columns: true, record_delimiter: '\r\n' });
  assert.equal(rows.length, 13);
  const done = rows.find((row) => row['Статус'] === 'Завершена');
  assert.equal(done['Задача'], 'Заказать пропуска');
  assert.equal(done['Исполнитель'], 'Пётр Иванов');
  assert.equal(done['В срок'], 'да');
  assert.equal(rows.reduce((sum, row) => sum + Number(row['Возвратов за период']), 0), 1);
  await window.close();
});

test('managers see their own, and neither people to choose nor a file', async () => {
  const window = await shown(people.manager, { viewport: phone });
  const { page } = window;
  assert.equal(await tile(page, said.created).innerText(), '12');
  assert.equal(await page.getByRole('button', { name: said.download }).count(), 0);
  assert.equal(await page.getByRole('button', { name: said.addPerson }).count(), 0);
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.equal(tooWide, false);
  window.assertClean();
  await window.close();
});

// What a phone shows in a width of 390 pixels: where one is, what a list is narrowed to, people and statistics, none of it cut off.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inHours } from './harness/api.mjs';
import { phone } from './harness/browser.mjs';
import { fill } from './harness/pages.mjs';
import { setStage } from './harness/stage.mjs';
import { withhold } from './harness/withhold.mjs';

const stage = setStage(fill);
const windows = {};

async function open(role, path, look = async () => {}) {
  const window = (windows[role] ??= await stage.signedIn(stage.people[role], { viewport: phone }));
  await window.visit(path);
  await look(window);
  await window.settled();
  return window;
}

const lists = ({ page }) => page.getByRole('navigation', { name: 'Списки' });
const sections = ({ page }) => page.getByRole('navigation', { name: 'Разделы' });

/** Whether all of an element can be seen in what it scrolls in. */
const isInSight = (item, frame) =>
  item.evaluate((item, frame) => {
    const [inner, outer] = [item, frame].map((element) => element.getBoundingClientRect());
    return inner.left >= outer.left - 1 && inner.right <= outer.right + 1;
  }, frame);

test('the list that is open is in sight among the others, also once their counts have come', async () => {
  const { supervisor, manager } = stage.people;
  await supervisor.createTask({ title: 'Сдать табель', assigneeId: manager.id, deadline: inHours(1 / 3600) });
  const window = await open('supervisor', '/overdue');
  await lists(window).getByRole('link', { name: 'Просрочено 1' }).waitFor();
  const { release } = await withhold(window, (body) => body.includes('taskCounts'));
  await open('supervisor', '/all', async () => {
    await lists(window).getByRole('link', { name: 'Все', exact: true }).waitFor();
    release();
    await lists(window).getByRole('link', { name: /^Все \d/ }).waitFor();
  });
  for (const name of [/^Мои \d/, /^Поручил \d/, /^На проверке \d/, /^Просрочено \d/]) await lists(window).getByRole('link', { name }).waitFor();
  const here = lists(window).locator('[aria-current="page"]');
  assert.ok(await isInSight(here, await lists(window).elementHandle()), 'the tab is cut off');
  window.assertClean();
});

test('managers too go from list to list, and the tab below stands for all of them', async () => {
  const window = await open('manager', '/');
  const { page } = window;
  assert.deepEqual(await lists(window).getByRole('link').evaluateAll((all) => all.map((link) => link.firstChild.textContent.trim())), ['Мои', 'Просрочено']);
  await lists(window).getByRole('link', { name: /^Просрочено/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Просрочено' }).waitFor();
  assert.equal(await lists(window).locator('[aria-current="page"]').getByText('Просрочено').count(), 1);
  const tab = sections(window).locator('[aria-current="page"]');
  assert.equal((await tab.textContent()).trim(), 'Задачи');
  await tab.click();
  await page.getByRole('heading', { level: 1, name: 'Мои' }).waitFor();
  window.assertClean();
});

test('what a list is narrowed to stands in one line, which scrolls', async () => {
  const query = 'status=new,in-progress,deferred&priority=high,low&due=this-month&text=отчёт';
  const window = await open('supervisor', `/delegated?${query}`);
  const { page } = window;
  const bar = page.getByRole('group', { name: 'Фильтр списка' });
  const chips = bar.getByRole('button', { name: /^Убрать фильтр/ });
  assert.equal(await chips.count(), 3);
  const tops = await chips.evaluateAll((all) => all.map((chip) => Math.round(chip.getBoundingClientRect().top)));
  assert.equal(new Set(tops).size, 1, `${tops}`);
  const { height } = await bar.boundingBox();
  assert.ok(height <= 112, `${height} pixels`);
  await bar.getByRole('button', { name: 'Сбросить фильтр' }).click();
  await page.waitForURL((url) => url.search === '');
  window.assertClean();
});

test('people are cards, none of them wider than the screen', async () => {
  const window = await open('admin', '/people');
  const { page } = window;
  const wide = await page.getByRole('main').evaluate((main) =>
    [main, ...main.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > innerWidth).map((element) => element.outerHTML),
  );
  assert.deepEqual(wide, []);
  for (const { name, email } of Object.values(stage.people)) {
    const card = page.getByRole('row', { name: new RegExp(name) });
    await card.getByText(email).waitFor();
    const [role, actions] = await Promise.all(
      [/^Роль/, /^Действия/].map((name) => card.getByRole('button', { name }).boundingBox()),
    );
    assert.ok(role.y + role.height <= (await card.boundingBox()).y + (await card.boundingBox()).height + 1);
    assert.ok(role.x + role.width <= actions.x, 'one does not cover the other');
  }
  window.assertClean();
});

test('periods of statistics stand in one line with the chosen one in sight, and a period without anything says so', async () => {
  const window = await open('supervisor', '/statistics?period=2020-01-01..2020-01-07');
  const { page } = window;
  const periods = page.getByRole('group', { name: 'Период' });
  const tops = await periods.getByRole('button').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
  assert.equal(new Set(tops).size, 1, `${tops}`);
  const chosen = periods.getByRole('button', { pressed: true });
  assert.equal(await chosen.textContent(), 'Свой период');
  assert.ok(await isInSight(chosen, await periods.elementHandle()), 'it is cut off');
  const flow = page.locator('section', { has: page.getByRole('heading', { name: 'По дням' }) });
  await flow.getByText('За период ничего не было.').waitFor();
  assert.equal(await flow.getByRole('button').count(), 0);
  window.assertClean();
});

test('the properties of a task are in line, two by two', async () => {
  const window = await open('supervisor', `/tasks/${stage.data.task.number}`);
  const places = await window.page.locator('.properties .property').evaluateAll((all) =>
    all.map((property) => {
      const range = document.createRange();
      range.selectNodeContents(property.querySelector('dd'));
      const words = property.querySelector('dd :is(.badge, .person, .priority)') ?? range;
      const { top, bottom } = words.getBoundingClientRect();
      return { row: property.getBoundingClientRect().top, middle: (top + bottom) / 2 };
    }),
  );
  for (const one of places) {
    for (const other of places.filter(({ row }) => row === one.row)) {
      assert.ok(Math.abs(one.middle - other.middle) <= 1.5, JSON.stringify(places));
    }
  }
  window.assertClean();
});

test('a column of the board is as wide as the screen, whatever the columns are', async () => {
  for (const view of ['deadlines', 'statuses']) {
    const window = await open('supervisor', `/board?view=${view}`);
    const columns = await window.page.locator('.stack').evaluateAll((all) => all.map((column) => column.getBoundingClientRect().width));
    assert.ok(columns.length >= 5, `${columns.length} columns`);
    for (const width of columns) assert.ok(width > phone.width - 60, `${width} pixels by ${view}`);
    window.assertClean();
  }
});

test('the two days of a period are in one line', async () => {
  const window = await open('supervisor', '/statistics', async ({ page }) => page.getByRole('button', { name: 'Свой период' }).click());
  const [first, last] = await window.page.locator('.own-period input').evaluateAll((all) => all.map((input) => input.getBoundingClientRect()));
  assert.equal(first.top, last.top);
  assert.ok(last.right <= phone.width, `up to ${last.right} pixels`);
  window.assertClean();
});

test('an empty board begins at the first column for which a task can be set', async () => {
  const { admin } = stage.people;
  for (const [view, column] of [['deadlines', 'Сегодня'], ['statuses', 'Ждёт выполнения']]) {
    const window = await open('supervisor', `/board?view=${view}&who=${admin.id}`);
    const { page } = window;
    assert.equal(await page.locator('.cards > *').count(), 0);
    const shown = page.getByRole('region', { name: column, exact: true });
    await page.waitForFunction((shown) => {
      const { left, right } = shown.getBoundingClientRect();
      return left >= 0 && right <= innerWidth;
    }, await shown.elementHandle());
    window.assertClean();
  }
});

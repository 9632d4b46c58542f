// Lists as people use them: narrowed, grouped, sorted, saved, changed many at once; live, and steady under the pointer.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';

import { inHours } from './harness/api.mjs';
import { goTo, panel, row, words } from './harness/client.mjs';
import { clock } from './harness/clock.mjs';
import { hasFocus } from './harness/focus.mjs';
import { setStage } from './harness/stage.mjs';

let tasks;
const { people, signedIn } = setStage(async ({ supervisor, manager }) => {
  const set = (title, hours, more = {}) =>
    supervisor.createTask({ title, assigneeId: manager.id, deadline: hours && inHours(hours), ...more });
  tasks = {
    late: await set('Сдать табель', 1 / 3600),
    report: await set('Отчёт за ноябрь', 30, { priority: 'HIGH' }),
    contract: await set('Договор с поставщиком', 50),
    archive: await set('Архив разобрать', null, { priority: 'LOW' }),
    stock: await set('Остатки на складе', 70),
  };
  tasks.roof = await supervisor.transition(await set('Ремонт крыши', 300), 'DEFER');
  const started = await manager.transition(tasks.stock, 'START');
  tasks.stock = await manager.transition(started, 'SUBMIT');
});

/** A window of each person: signing in is not what is tested here. */
const windows = {};

/** The window of a person, on a path. */
async function open(role, path) {
  const window = (windows[role] ??= await signedIn(people[role]));
  await window.page.mouse.move(20, 700);
  await window.visit(path);
  await window.settled();
  return window;
}

const titles = (window) => window.page.locator('.row:not(.left) .row-link').allTextContents();
const path = (window) => decodeURIComponent(new URL(window.page.url()).pathname + new URL(window.page.url()).search);
/** Waits until the rows are these, in this order. */
async function rowsAre(window, expected) {
  const wanted = JSON.stringify(expected);
  const same = (wanted) =>
    JSON.stringify([...document.querySelectorAll('.row:not(.left) .row-link')].map((link) => link.textContent)) === wanted;
  await window.page.waitForFunction(same, wanted).catch(async () => assert.deepEqual(await titles(window), expected));
}
const button = (window, name) => window.page.getByRole('button', { name, exact: true });
const toast = (window, text) => window.page.locator('.toast', { hasText: text });
const group = (window, name) => window.page.getByRole('rowgroup', { name, exact: true });
const box = (window, title) => window.page.getByRole('checkbox', { name: `Выбрать: ${title}`, exact: true });

test('filters are added and taken away, by mouse and by keyboard, and stand in the address', async () => {
  const anna = await open('supervisor', '/delegated');
  const { page } = anna;
  await button(anna, 'Фильтр').click();
  await page.getByRole('menuitem', { name: 'Статус' }).click();
  await page.getByRole('checkbox', { name: 'Ждёт контроля' }).click();
  await rowsAre(anna, ['Остатки на складе']);
  await page.getByRole('checkbox', { name: 'Отложена' }).click();
  await rowsAre(anna, ['Остатки на складе', 'Ремонт крыши']);
  assert.equal(path(anna), '/delegated?status=in-review,deferred');
  await page.keyboard.press('Escape');

  await page.reload();
  await rowsAre(anna, ['Остатки на складе', 'Ремонт крыши']);
  await page.goBack();
  await rowsAre(anna, ['Остатки на складе']);
  await page.goForward();
  await rowsAre(anna, ['Остатки на складе', 'Ремонт крыши']);

  await page.getByRole('button', { name: 'Статус: Ждёт контроля, Отложена. Изменить' }).focus();
  await page.keyboard.press('Delete');
  await page.waitForURL((url) => url.search === '');
  await page.keyboard.press('f');
  await hasFocus(page.getByRole('menuitem', { name: 'Статус' }));
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('checkbox', { name: 'Без срока' }).focus();
  await page.keyboard.press('Enter');
  await rowsAre(anna, ['Архив разобрать']);
  assert.equal(path(anna), '/delegated?due=none');
  await button(anna, 'Сбросить фильтр').click();

  await page.getByRole('searchbox', { name: 'Найти в списке' }).fill('отчет');
  await rowsAre(anna, ['Отчёт за ноябрь']);
  await page.getByRole('searchbox', { name: 'Найти в списке' }).fill('такого нет');
  await page.getByRole('heading', { name: 'Под фильтр ничего не подходит' }).waitFor();

  await anna.visit('/delegated?status=finished&due=never&sort=colour&priority=high&group=x&assignee=nobody,');
  await page.getByRole('heading', { name: 'Под фильтр ничего не подходит' }).waitFor();
  await anna.visit('/delegated?status=finished&due=never&sort=colour&priority=high&group=x');
  await rowsAre(anna, ['Отчёт за ноябрь']);
});

test('people are chosen by a part of their name, and a link shows their names', async () => {
  const anna = await open('supervisor', '/all');
  const { page } = anna;
  await button(anna, 'Фильтр').click();
  await page.getByRole('menuitem', { name: 'Исполнитель' }).click();
  await page.getByRole('searchbox', { name: 'Найти по имени' }).fill('Пётр');
  await page.getByRole('checkbox', { name: people.manager.name }).click();
  await page.getByRole('button', { name: `Исполнитель: ${people.manager.name}. Изменить` }).waitFor();
  const link = path(anna);
  const petr = await open('admin', link);
  await petr.page.getByRole('button', { name: `Исполнитель: ${people.manager.name}. Изменить` }).waitFor();
  await petr.page.getByRole('button', { name: 'Убрать фильтр: Исполнитель' }).click();
  await petr.page.waitForURL((url) => url.search === '');
});

test('a press on a column sorts by it, another turns it around', async () => {
  const anna = await open('supervisor', '/delegated');
  const { page } = anna;
  const column = (name) => page.getByRole('columnheader', { name });
  assert.equal(await column('Крайний срок').getAttribute('aria-sort'), 'ascending');
  await column('Название').getByRole('button').click();
  const sorted = ['Архив разобрать', 'Договор с поставщиком', 'Остатки на складе', 'Отчёт за ноябрь', 'Ремонт крыши', 'Сдать табель'];
  await rowsAre(anna, sorted);
  assert.equal(await column('Название').getAttribute('aria-sort'), 'ascending');
  await column('Название').getByRole('button').click();
  await rowsAre(anna, sorted.toReversed());
  assert.equal(await column('Название').getAttribute('aria-sort'), 'descending');
  assert.equal(path(anna), '/delegated?sort=-title');
  await column('Приоритет').getByRole('button').click();
  await row(anna, 'Отчёт за ноябрь').waitFor();
  assert.equal((await titles(anna))[0], 'Отчёт за ноябрь');
});

describe('two browsers, live', () => {
  let anna;
  let petr;
  before(async () => {
    anna = await open('supervisor', '/delegated?group=status');
    petr = await open('manager', '/?due=none');
    await Promise.all([anna.live(), petr.live()]);
  });
  test('a task appears in a filtered list and leaves it', async () => {
    await rowsAre(petr, ['Архив разобрать']);
    const input = { title: 'Без срока пока', assigneeId: people.manager.id };
    const task = await people.supervisor.createTask(input);
    await rowsAre(petr, ['Архив разобрать', 'Без срока пока']);
    await people.supervisor.call(
      'mutation ($id: ID!, $version: Int!, $deadline: DateTime) { taskDeadlineChange(id: $id, version: $version, deadline: $deadline) { userErrors { code } } }',
      { id: task.id, version: task.version, deadline: inHours(90) },
    );
    await rowsAre(petr, ['Архив разобрать']);
  });

  test('a task moves from group to group, with the counts', async () => {
    const waiting = group(anna, 'Ждёт выполнения');
    const working = group(anna, 'Выполняется');
    await waiting.getByRole('link', { name: 'Договор с поставщиком' }).waitFor();
    assert.equal(await working.count(), 0, 'a group in which there is nothing is not there');
    tasks.contract = await people.manager.transition(tasks.contract, 'START');
    await working.getByRole('link', { name: 'Договор с поставщиком' }).waitFor();
    await working.getByRole('button', { name: 'Выполняется 1' }).waitFor();
    await working.getByRole('button', { name: 'Выполняется 1' }).click();
    await working.getByRole('link').first().waitFor({ state: 'detached' });
  });

  test('a row that leaves stays under the pointer, grey, until the pointer has gone', async () => {
    await anna.visit('/delegated?status=new');
    const title = 'Уйдёт из-под указателя';
    const task = await people.supervisor.createTask({ title, assigneeId: people.manager.id, deadline: inHours(200) });
    await row(anna, title).hover();
    const before = await row(anna, title).boundingBox();
    await people.manager.transition(task, 'START');
    const left = anna.page.locator('.row.left', { hasText: title });
    await left.waitFor();
    assert.equal((await left.locator('.row-link').boundingBox()).y, before.y);
    await anna.page.mouse.move(20, 700);
    await left.waitFor({ state: 'detached' });

    await row(anna, 'Архив разобрать').hover();
    const place = (await row(anna, 'Архив разобрать').boundingBox()).y;
    await people.supervisor.createTask({ title: 'Встанет выше', assigneeId: people.manager.id, deadline: inHours(2) });
    await row(anna, 'Встанет выше').waitFor({ state: 'attached' });
    assert.equal((await row(anna, 'Архив разобрать').boundingBox()).y, place, 'what comes above does not push it away');
    await anna.page.mouse.move(20, 700);
  });
});

test('a filter is saved, in every tab, renamed, deleted and brought back', async () => {
  const anna = await open('supervisor', '/all?priority=high');
  const { page } = anna;
  const other = await anna.context.newPage();
  await other.goto(anna.server.url);
  await page.bringToFront();
  const named = (name) => other.getByRole('link', { name });
  await button(anna, 'Сохранить').click();
  await page.getByRole('dialog').getByLabel('Название').fill('Горит');
  await page.getByRole('dialog').getByRole('button', { name: 'Сохранить' }).click();
  await named('Горит').waitFor();

  await page.getByRole('button', { name: 'Фильтр «Горит»: действия' }).click();
  await page.getByRole('menuitem', { name: 'Переименовать' }).click();
  await page.getByRole('dialog').getByLabel('Название').fill('Важное');
  await page.getByRole('dialog').getByRole('button', { name: 'Сохранить' }).click();
  await named('Важное').waitFor();
  await page.getByRole('button', { name: 'Фильтр «Важное»: действия' }).click();
  await page.getByRole('menuitem', { name: 'Удалить' }).click();
  await named('Важное').waitFor({ state: 'detached' });
  await button(anna, 'Отменить').click();
  await named('Важное').waitFor();

  await other.bringToFront();
  await named('Важное').click();
  await other.getByRole('link', { name: 'Отчёт за ноябрь' }).waitFor();
  assert.equal(new URL(other.url()).search, '?priority=high');
  await other.close();
});

test('many are changed at once, told of in one note, and taken back', async () => {
  const anna = await open('supervisor', '/delegated?sort=title');
  const { page } = anna;
  await box(anna, 'Архив разобрать').click();
  await box(anna, 'Договор с поставщиком').click({ modifiers: ['Shift'] });
  await page.getByRole('toolbar', { name: /^Выбрано: [2-9]/ }).waitFor();
  const count = await page.locator('.row.selected').count();
  await page.getByRole('toolbar').getByRole('button', { name: 'Приоритет' }).click();
  await page.getByRole('menuitem', { name: 'Высокий' }).click();
  await toast(anna, `Выполнено: `).waitFor();
  const high = page.locator('.row.selected .priority.high');
  assert.equal(await high.count(), count);
  await button(anna, 'Отменить').click();
  await row(anna, 'Архив разобрать').waitFor();
  await page.locator('.row.selected .priority.low').first().waitFor();

  await page.getByRole('button', { name: 'Снять выбор' }).click();
  await page.getByRole('toolbar').waitFor({ state: 'detached' });
  await row(anna, 'Остатки на складе').focus();
  await page.mouse.move(20, 700);
  await page.keyboard.press('x');
  await page.getByRole('toolbar', { name: 'Выбрано: 1' }).waitFor();
  await page.getByRole('toolbar').getByRole('button', { name: 'Действие' }).click();
  await page.getByRole('menuitem', { name: 'Принять работу' }).waitFor();
  await page.keyboard.press('Escape');
  await box(anna, 'Отчёт за ноябрь').click();
  await page.getByRole('toolbar', { name: 'Выбрано: 2' }).waitFor();
  const actions = page.getByRole('toolbar').getByRole('button', { name: 'Действие' });
  assert.equal(await actions.count(), 0, 'only what each of them offers, and these two have nothing in common');

  const gone = ['Удалить один', 'Удалить два'];
  for (const title of gone) await people.supervisor.createTask({ title, assigneeId: people.manager.id });
  for (const title of gone) await box(anna, title).click();
  await box(anna, 'Остатки на складе').click();
  await box(anna, 'Отчёт за ноябрь').click();
  await page.getByRole('toolbar').getByRole('button', { name: 'Удалить' }).click();
  await toast(anna, 'Выполнено: 2').waitFor();
  await row(anna, gone[0]).waitFor({ state: 'detached' });
  await page.keyboard.press('Control+z');
  for (const title of gone) await row(anna, title).waitFor();
});

test('a status is changed in its row, and the next row has the focus', async () => {
  const petr = await open('manager', '/?status=new&sort=title');
  const { page } = petr;
  await row(petr, 'Архив разобрать').focus();
  await page.keyboard.press('s');
  await page.getByRole('menuitem', { name: 'Начать выполнение' }).focus();
  await page.keyboard.press('Enter');
  await row(petr, 'Архив разобрать').waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement?.matches('.row-link'));
});

describe('a long list', () => {
  let olga;
  before(async () => {
    // Each task that is set would be drawn by every window that is open.
    for (const [role, window] of Object.entries(windows)) {
      window.assertClean();
      await window.close();
      delete windows[role];
    }
    const many = Array.from({ length: 330 }, (_, number) => number);
    const set = (number) =>
      people.admin.createTask({ title: `Задача ${String(number).padStart(3, '0')}`, assigneeId: people.supervisor.id });
    for (let from = 0; from < many.length; from += 10) await Promise.all(many.slice(from, from + 10).map(set));
    olga = await open('admin', '/all?text=Задача&sort=title');
  });

  const rows = () => olga.page.locator('.row').count();
  const scrollTo = (top) => olga.page.locator('.list-scroll').evaluate((list, top) => list.scrollTo(0, top), top);
  const last = 'Задача 329';

  test('is read page by page while one scrolls, with few rows in the page', async () => {
    await row(olga, 'Задача 000').waitFor();
    await olga.page.waitForFunction((last) => {
      const list = document.querySelector('.list-scroll');
      list.scrollTo(0, list.scrollHeight);
      return [...list.querySelectorAll('.row-link')].some((link) => link.textContent === last);
    }, last);
    assert.ok((await rows()) < 100, `${await rows()} rows in the page`);
    const height = await olga.page.locator('.list-scroll').evaluate((list) => list.scrollHeight);
    assert.ok(height >= 330 * 36, `${height} pixels`);
  });

  test('keeps the focus on a row that is scrolled away, and goes on from it', async () => {
    await scrollTo(0);
    await row(olga, 'Задача 003').focus();
    await scrollTo(8_000);
    await row(olga, 'Задача 230').waitFor();
    assert.equal(await olga.page.evaluate(() => document.activeElement.textContent), 'Задача 003');
    await olga.page.mouse.move(20, 700);
    await olga.page.keyboard.press('j');
    await olga.page.waitForFunction(() => document.activeElement.textContent === 'Задача 004');
    await olga.page.keyboard.press('ArrowDown');
    await olga.page.waitForFunction(() => document.activeElement.textContent === 'Задача 005');
    await olga.page.keyboard.press('k');
    await olga.page.waitForFunction(() => document.activeElement.textContent === 'Задача 004');
    await row(olga, 'Задача 004').waitFor();
  });

  test('draws what is passed over alone, and what surrounds it once the eye rests', async () => {
    await scrollTo(0);
    await row(olga, 'Задача 000').waitFor();
    const drawn = await olga.page.locator('.list-scroll').evaluate(
      (list, titles) =>
        new Promise((resolve) => {
          const seen = [];
          const observer = new MutationObserver(() => {
            const links = [...list.querySelectorAll('.row-link')].map((link) => link.textContent);
            const now = titles.filter((title) => links.includes(title)).join();
            if (now !== seen.at(-1)) seen.push(now);
            if (seen.at(-1) !== titles.join()) return;
            observer.disconnect();
            resolve(seen);
          });
          observer.observe(list, { childList: true, subtree: true });
          list.scrollTo(0, 6_000);
        }),
      ['Задача 155', 'Задача 170'],
    );
    assert.deepEqual(drawn.slice(-2), ['Задача 170', 'Задача 155,Задача 170']);
  });

  test('stands where it was left after a task was opened, and another page', async () => {
    await scrollTo(5_000);
    await row(olga, 'Задача 140').click();
    await panel(olga).waitFor();
    await olga.page.goBack();
    await panel(olga).waitFor({ state: 'detached' });
    const top = () => olga.page.locator('.list-scroll').evaluate((list) => list.scrollTop);
    assert.equal(await top(), 5_000);
    await goTo(olga, words.people);
    await olga.page.goBack();
    await row(olga, 'Задача 140').waitFor();
    assert.equal(await top(), 5_000);
  });
});

test('each list holds what its name says, and overdue its count', async () => {
  const anna = await open('supervisor', '/overdue');
  await row(anna, 'Сдать табель').waitFor();
  await rowsAre(anna, ['Сдать табель']);
  const link = anna.page.getByRole('navigation').getByRole('link', { name: /^Просрочено/ });
  await link.getByText('1', { exact: true }).waitFor();
  await goTo(anna, 'На проверке');
  await rowsAre(anna, ['Остатки на складе']);
  await goTo(anna, 'Поручил');
  await row(anna, 'Отчёт за ноябрь').waitFor();
  assert.equal(await anna.page.getByText('Завершённые').count(), 0, 'nothing is done, so nothing is said of it');
  const olga = await open('admin', '/');
  await olga.page.getByRole('heading', { name: 'Задач для вас нет' }).waitFor();
});

test('a list that another tab saves while this one starts is there', async () => {
  const anna = await open('supervisor', '/all?priority=low');
  const { page } = anna;
  const other = await anna.context.newPage();
  let begin;
  let release;
  const [begun, held] = [new Promise((resolve) => (begin = resolve)), new Promise((resolve) => (release = resolve))];
  await other.route('**/graphql', async (route) => {
    // By then it has read what is kept, and nothing hears yet of what comes after.
    if (route.request().postData().includes('query Start')) {
      begin();
      await held;
    }
    await route.continue();
  });
  await other.goto(new URL(page.url()).origin);
  await begun;
  await page.bringToFront();
  await button(anna, 'Сохранить').click();
  await page.getByRole('dialog').getByLabel('Название').fill('Подождёт');
  await page.getByRole('dialog').getByRole('button', { name: 'Сохранить' }).click();
  await page.getByRole('link', { name: 'Подождёт' }).waitFor();
  release();
  await other.bringToFront();
  await other.getByRole('link', { name: 'Подождёт' }).waitFor();
  await other.close();
});

test('the counts beside the lists are asked for with the page, so that nothing moves later', async () => {
  const anna = await open('supervisor', '/profile');
  const { page } = anna;
  // It takes the place of the clock of the tests, and has to begin where that is.
  await page.clock.install({ time: clock.now() });
  await page.clock.pauseAt(clock.now() + 60_000);
  const isCounting = (request) => request.postData()?.includes('taskCounts') ?? false;
  const counting = page.waitForRequest(isCounting, { timeout: 5_000 });
  counting.catch(() => {});
  await anna.visit('/profile');
  await page.getByRole('navigation').getByRole('link', { name: words.setByMe }).waitFor();
  // Far less than what a burst of events is waited for.
  await page.clock.runFor(100);
  await counting;
  await page.getByRole('navigation').getByRole('link', { name: /^Поручил \d/ }).waitFor();
  await page.clock.resume();
});

test('nothing went wrong in all of it', () => {
  for (const window of Object.values(windows)) window.assertClean();
});

// The administrator's search: as fast as one types, by words, person, status and deadline, all of it in the address.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { company, inHours } from './harness/api.mjs';
import { goTo, panel, words } from './harness/client.mjs';
import { moscow } from './harness/days.mjs';
import { hasFocus } from './harness/focus.mjs';
import { freePort, Server } from './harness/server.mjs';
import { setStage } from './harness/stage.mjs';
import { withhold } from './harness/withhold.mjs';

const said = {
  search: 'Поиск',
  field: 'Слова из задачи или её №',
  person: 'Участник',
  status: 'Статус',
  deadline: 'Крайний срок',
  byDeadline: 'По сроку',
  nothing: 'Ничего не нашлось',
  clear: 'Сбросить фильтр',
  start: 'Найти любую задачу',
  degraded: /^Поиск временно упрощён/,
  notFound: 'Такой страницы нет',
};

/** The administrator's. */
let own;
const { people, signedIn } = setStage(async ({ admin, supervisor, manager }) => {
  const set = (title, hours, more) =>
    supervisor.createTask({ title, assigneeId: manager.id, deadline: hours && inHours(hours), ...more });
  await set('Согласовать договор с поставщиком', 200);
  const renewed = await set('Продлить договоры аренды', 100, { description: 'Старые — до конца года.\n\n- склад\n- <b>офис</b>' });
  await manager.transition(renewed, 'START');
  await set('Убрать офис', null);
  await admin.createTask({ title: 'Подписать договор с банком', assigneeId: supervisor.id });
  await admin.finds('Подписать договор с банком');
  own = await signedIn(admin);
});

/** The search as the administrator has it, who signs in once. */
async function searching(path = '/search', window = own) {
  const { page } = window;
  await window.visit(path);
  const field = page.getByRole('searchbox', { name: said.field });
  await field.waitFor();
  const results = page.getByRole('list', { name: said.search }).getByRole('link');
  /** Waits until these are found, in this order. */
  const finds = (...titles) =>
    page.waitForFunction((titles) => {
      const links = [...document.querySelectorAll('.results:not(.stale) a')];
      return links.map((link) => link.textContent).join('|') === titles;
    }, titles.join('|'));
  return { window, page, field, results, finds };
}

const contract = 'Согласовать договор с поставщиком';
const rent = 'Продлить договоры аренды';
const bank = 'Подписать договор с банком';
const office = 'Убрать офис';

test('it finds while one types: forms of words, typos, the other layout, numbers', async () => {
  const { window, page, field, results, finds } = await searching();
  await page.getByText(said.start).waitFor();
  await hasFocus(field);
  for (const typed of ['поставщика', 'поставшик', 'gjcnfdobr']) {
    await field.fill('');
    await page.getByText(said.start).waitFor();
    await field.pressSequentially(typed);
    await finds(contract);
    assert.deepEqual(await results.locator('mark').allTextContents(), ['поставщиком'], typed);
  }
  await field.fill('ljujdjh');
  await page.getByText('Нашлись 3 задачи').waitFor();
  await field.fill('1');
  await finds(contract);

  // What was found in a description is shown, as text.
  await field.fill('офис');
  await finds(office, rent);
  await page.getByText('<b>офис</b>').waitFor();
  assert.equal(await page.locator('.results b').count(), 0);

  await field.fill('жираф');
  await page.getByText(said.nothing).waitFor();
  window.assertClean();
});

test('the latest answer counts, and the one before stays until it is there', async () => {
  const { window, page, field, finds } = await searching();
  await field.fill('поставщик');
  await finds(contract);
  const { asked, release } = await withhold(window, (body) => body.includes('"text":"аренда"'));
  await field.fill('аренда');
  await asked;
  await page.locator('.results.stale').getByText(contract).waitFor();
  await field.fill('офис');
  await finds(office, rent);
  release();
  await window.settled();
  await finds(office, rent);
  window.assertClean();
});

test('person, status and deadline narrow it; the link shows the same, and Back leads to what was before', async () => {
  const { window, page, finds } = await searching('/search?text=%D0%B4%D0%BE%D0%B3%D0%BE%D0%B2%D0%BE%D1%80&sort=deadline');
  await finds(rent, contract, bank);
  await page.getByRole('button', { name: said.person, exact: true }).click();
  await page.getByRole('combobox', { name: words.findPerson }).fill('Пётр');
  await page.getByRole('option', { name: 'Пётр Иванов' }).click();
  await finds(rent, contract);
  // Backspace in the field of a chip takes a letter away, not the chip.
  await page.getByRole('button', { name: `${said.person}: Пётр Иванов. Изменить` }).click();
  await hasFocus(page.getByRole('combobox', { name: words.findPerson }));
  await page.keyboard.type('Ан');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: `Убрать фильтр: ${said.person}` }).waitFor();
  await page.getByRole('button', { name: said.status, exact: true }).click();
  await page.getByRole('checkbox', { name: 'Выполняется' }).click();
  await finds(rent);
  await page.getByRole('checkbox', { name: 'Ждёт выполнения' }).click();
  await finds(rent, contract);
  await page.keyboard.press('Escape');
  const day = moscow(200 * 3_600_000).toISOString().slice(0, 10);
  await page.getByRole('button', { name: said.deadline, exact: true }).click();
  await page.getByLabel('С', { exact: true }).fill(day);
  await page.getByRole('button', { name: 'Показать', exact: true }).click();
  await finds(contract);

  const link = new URL(page.url());
  const chosen = Object.fromEntries(link.searchParams);
  assert.deepEqual(chosen, {
    status: 'in-progress,new',
    due: `${day}..${day}`,
    person: 'Пётр Иванов',
    text: 'договор',
    sort: 'deadline',
  });
  await page.goBack();
  await finds(rent, contract);
  await page.goForward();
  await finds(contract);
  await window.reload();
  await finds(contract);
  assert.equal(await page.getByRole('searchbox', { name: said.field }).inputValue(), 'договор');
  await page.getByRole('button', { name: said.clear }).click();
  await finds(rent, contract, bank);
});

test('arrows go through what was found, and Enter opens it beside', async () => {
  const { window, page, field, finds } = await searching();
  await field.fill('договор');
  await page.getByRole('button', { name: /^Сортировать/ }).click();
  await page.getByRole('menuitemradio', { name: said.byDeadline }).click();
  await finds(rent, contract, bank);
  await page.keyboard.press('Slash');
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  assert.equal(await focused(), contract);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  assert.equal(await field.evaluate((field) => field === document.activeElement), true);
  await page.keyboard.press('Enter');
  await panel(window).getByRole('heading', { name: rent }).waitFor();
  await finds(rent, contract, bank);
  await page.keyboard.press('KeyJ');
  await panel(window).getByRole('heading', { name: contract }).waitFor();
  await page.keyboard.press('Escape');
  await panel(window).waitFor({ state: 'hidden' });
  await finds(rent, contract, bank);

  // Enter before the answer opens nothing of what was found before.
  await field.fill('офис');
  await page.keyboard.press('Enter');
  await finds(rent, office);
  assert.equal(await panel(window).count(), 0);
  window.assertClean();
});

test('what is set elsewhere is found without loading anew, and changes while it is shown', async () => {
  const { window, page, field, finds } = await searching('/search?text=дирижабль');
  await page.getByText(said.nothing).waitFor();
  await window.live();
  const { supervisor, manager, admin } = people;
  const task = await supervisor.createTask({ title: 'Надуть дирижабль', assigneeId: manager.id });
  await admin.finds(task.title, 'дирижабль');
  await field.fill('дирижабли');
  await finds(task.title);
  await manager.transition(task, 'START');
  await page.getByRole('listitem').filter({ hasText: task.title }).getByText(words.inProgress).waitFor();
  window.assertClean();
});

test('what follows comes as one scrolls', async () => {
  const { supervisor, manager, admin } = people;
  const last = 35;
  for (let number = 1; number <= last; number += 1) {
    await supervisor.createTask({ title: `Осмотр ${number}`, assigneeId: manager.id });
  }
  await admin.finds(`Осмотр ${last}`);
  const { window, page, results } = await searching('/search?text=осмотр');
  await page.getByText(`Нашлось ${last} задач`).waitFor();
  assert.equal(await results.count(), 30);
  await results.last().scrollIntoViewIfNeeded();
  await results.nth(last - 1).waitFor();
  assert.equal(await results.count(), last);
  assert.equal(new Set(await results.allTextContents()).size, last);
  window.assertClean();
});

test('the palette finds as well, and leads here', async () => {
  const { window, page } = await searching();
  await goTo(window, words.mine);
  await page.keyboard.press('Control+k');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox').fill('поставшика');
  await dialog.getByRole('option', { name: contract }).waitFor();
  await dialog.getByRole('option', { name: 'Искать везде: поставшика' }).click();
  await page.waitForURL('**/search?text=*');
  await page.getByRole('listitem').filter({ hasText: contract }).waitFor();
  window.assertClean();
});

test('what fails can be tried again', async () => {
  const { window, page, field, finds } = await searching();
  await page.route('**/graphql', (route) => route.abort());
  await window.duringOutage(async () => {
    await field.fill('поставщик');
    await page.getByRole('button', { name: 'Повторить' }).waitFor();
  });
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: 'Повторить' }).click();
  await finds(contract);
});

test('only administrators have it', async () => {
  const window = await signedIn(people.supervisor);
  const { page } = window;
  assert.equal(await page.getByRole('navigation').getByRole('link', { name: said.search }).count(), 0);
  await window.visit('/search?text=договор');
  await page.getByText(said.notFound).waitFor();
  window.assertClean();
  await window.close();
});

test('without its engine it says that it finds less', async () => {
  const degraded = await Server.start({ VEKHA_ELASTICSEARCH_URL: `http://127.0.0.1:${await freePort()}` });
  try {
    const { admin, manager } = await company(degraded);
    await admin.createTask({ title: contract, assigneeId: manager.id });
    const elsewhere = await signedIn(admin);
    const { window, page, field, finds } = await searching('/search', elsewhere);
    await field.fill('договор');
    await finds(contract);
    await page.getByRole('status').getByText(said.degraded).waitFor();
    window.assertClean();
    await window.close();
  } finally {
    await degraded.stop();
  }
});

// People: registration, sign-in, roles, language and theme, notifications; and what a browser keeps of them.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { company, password } from './harness/api.mjs';
import { launch, Window } from './harness/browser.mjs';
import { choose, goTo, panel, register, row, signedIn, signIn, words } from './harness/client.mjs';
import { Server } from './harness/server.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Runs a test on a server of its own. */
const onServer = (name, body) =>
  test(name, async () => {
    const server = await Server.start();
    try {
      await body(server);
    } finally {
      await server.stop();
    }
  });

/** Runs a test with a company of its own. */
const inCompany = (name, body) => onServer(name, async (server) => body(await company(server), server));

onServer('the first account is the administrator, the next one a manager', async (server) => {
  const olga = await Window.open(browser, { server });
  await register(olga, { name: 'Ольга Смирнова', email: 'olga@example.com', first: true });
  await olga.page.getByRole('link', { name: words.people }).first().waitFor();

  const petr = await Window.open(browser, { server });
  await register(petr, { name: 'Пётр Иванов', email: 'petr@example.com' });
  await petr.page.getByRole('link', { name: words.mine }).first().waitFor();
  assert.equal(await petr.page.getByRole('link', { name: words.people }).count(), 0);
  assert.equal(await petr.page.getByRole('button', { name: words.newTask }).count(), 0);
  for (const window of [olga, petr]) {
    window.assertClean();
    await window.close();
  }
});

onServer('whose device has a time zone without a name gets one as far from UTC, and is told', async (server) => {
  // A distance alone, as POSIX writes it; Chromium names such a zone Etc/Unknown, and no clock can be asked for that.
  const abroad = await launch({ timeZone: 'MSK-3' });
  try {
    const window = await Window.open(abroad, { server, timeZone: null });
    const { page } = window;
    await window.visit('/register');
    assert.equal(await page.evaluate(() => new Intl.DateTimeFormat().resolvedOptions().timeZone), 'Etc/Unknown');
    await register(window, { name: 'Ольга Смирнова', email: 'olga@example.com', first: true });
    await page.getByText('Браузер не назвал часовой пояс, взят UTC+3. Его можно сменить в профиле').waitFor();
    await window.visit('/profile');
    await page.getByRole('button', { name: /^Часовой пояс: .*UTC\+3$/ }).waitFor();
    window.assertClean();
  } finally {
    await abroad.close();
  }
});

inCompany('a wrong password says so beside the form, and the session outlives a reload', async ({ manager }, server) => {
  const window = await Window.open(browser, { server });
  await window.visit('/login');
  await window.page.getByLabel(words.email).fill(manager.email);
  await window.page.getByLabel(words.password, { exact: true }).fill('не тот пароль');
  await window.page.getByRole('button', { name: words.signIn, exact: true }).click();
  await window.page.getByRole('alert').first().waitFor();

  await signIn(window, manager);
  await window.reload();
  await window.page.getByRole('link', { name: words.mine }).first().waitFor();
  window.assertClean();
  await window.close();
});

inCompany('nothing that opens a session is in reach of a script', async ({ manager }) => {
  const window = await signedIn(browser, manager);
  const kept = await window.page.evaluate(() => [
    document.cookie,
    ...Object.values({ ...localStorage }),
    ...Object.values({ ...sessionStorage }),
  ]);
  for (const value of kept) assert.doesNotMatch(value, /eyJ|[A-Za-z0-9_-]{40,}/, 'a token');
  const cookies = await window.context.cookies();
  assert.ok(cookies.length > 0, 'the session is in a cookie');
  for (const cookie of cookies) assert.deepEqual([cookie.httpOnly, cookie.sameSite], [true, 'Strict'], cookie.name);
  await window.close();
});

inCompany('a role that the administrator changes is in force at once', async ({ admin, manager }) => {
  const petr = await signedIn(browser, manager);
  await petr.page.getByRole('link', { name: words.mine }).first().waitFor();
  assert.equal(await petr.page.getByRole('button', { name: words.newTask }).count(), 0);

  const olga = await signedIn(browser, admin);
  await goTo(olga, words.people);
  await choose(olga, words.roleOf(manager.name), words.supervisor);

  await petr.page.getByRole('button', { name: words.newTask }).first().waitFor();
  for (const window of [olga, petr]) {
    window.assertClean();
    await window.close();
  }
});

inCompany('language and theme change without a reload and are kept', async ({ manager }) => {
  const window = await signedIn(browser, manager);
  const { page } = window;
  await window.visit('/profile');
  await page.evaluate(() => {
    window.sameDocument = true;
  });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();

  await page.getByRole('group', { name: words.theme }).getByText(words.themeDark).click();
  await page.waitForFunction((light) => getComputedStyle(document.body).backgroundColor !== light, light);
  await page.getByRole('group', { name: words.language }).getByText('English').click();
  await page.getByRole('heading', { name: 'Profile', level: 1 }).waitFor();
  assert.equal(await page.evaluate(() => window.sameDocument), true);
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');

  // What is shown at once is saved a moment later.
  await window.settled();
  await window.reload();
  await page.getByRole('heading', { name: 'Profile', level: 1 }).waitFor();
  assert.notEqual(await background(), light);
  window.assertClean();
  await window.close();
});

inCompany('notifications arrive, count and open their task', async ({ supervisor, manager }) => {
  const window = await signedIn(browser, manager);
  const { page } = window;
  await page.getByRole('button', { name: words.notifications }).first().waitFor();
  await window.live();

  await supervisor.createTask({ title: 'Позвонить поставщику', assigneeId: manager.id });
  const bell = page.getByRole('button', { name: words.unread(1) });
  await bell.waitFor();
  await row(window, 'Позвонить поставщику').waitFor();

  await bell.click();
  await page.getByRole('link', { name: 'Вам поручена задача «Позвонить поставщику»' }).click();
  await panel(window).getByRole('heading', { name: 'Позвонить поставщику' }).waitFor();
  await page.getByRole('button', { name: words.notifications, exact: true }).waitFor();
  window.assertClean();
  await window.close();
});

inCompany('people are found by name and role, lose access and get it back, and the last administrator stays', async (people) => {
  const { admin, supervisor, manager } = people;
  const window = await signedIn(browser, admin);
  await goTo(window, words.people);
  const { page } = window;
  const person = (name) => page.getByRole('row', { name: new RegExp(name) });
  await person(manager.name).waitFor();

  await page.getByRole('searchbox', { name: 'Найти по имени или почте' }).fill('anna@');
  await person(manager.name).waitFor({ state: 'detached' });
  await person(supervisor.name).waitFor();
  await page.getByRole('searchbox').fill('');
  await page.getByRole('combobox', { name: 'Роль' }).selectOption('Менеджер');
  await person(supervisor.name).waitFor({ state: 'detached' });
  await person(manager.name).waitFor();

  // What can be taken back is done without a question.
  await person(manager.name).getByRole('button', { name: `Действия: ${manager.name}` }).click();
  await page.getByRole('menuitem', { name: 'Закрыть доступ' }).click();
  await person(manager.name).getByText('Доступ закрыт').waitFor();
  await page.getByRole('status').getByRole('button', { name: 'Отменить' }).click();
  await person(manager.name).getByText('Доступ есть').waitFor();

  await page.getByRole('combobox', { name: 'Роль' }).selectOption('Все роли');
  await person(admin.name).waitFor();
  await choose(window, words.roleOf(admin.name), 'Менеджер');
  await page.getByRole('dialog').getByRole('button', { name: 'Отказаться от роли' }).click();
  await page.getByRole('status').getByText('Должен остаться хотя бы один администратор.').waitFor();
  await person(admin.name).getByText('Администратор').waitFor();
  window.assertClean();
  await window.close();
});

inCompany('an invitation registers with its role, and a reset link sets a new password', async ({ admin, manager }, server) => {
  const window = await signedIn(browser, admin);
  await goTo(window, words.people);
  const { page } = window;
  const link = async () => {
    const field = page.getByRole('dialog').getByRole('textbox', { name: 'Ссылка' });
    await field.waitFor();
    const { pathname, hash } = new URL(await field.inputValue());
    await page.getByRole('dialog').getByRole('button', { name: 'Закрыть' }).last().click();
    return pathname + hash;
  };
  await page.getByRole('button', { name: 'Пригласить' }).click();
  await page.getByRole('dialog').getByLabel(words.supervisor).check();
  await page.getByRole('button', { name: 'Получить ссылку' }).click();
  const invitation = await link();
  const invited = await Window.open(browser, { server });
  await invited.visit(invitation);
  await invited.page.getByLabel(words.name).waitFor();
  assert.equal(await invited.page.evaluate(() => location.href), `${server.url}/register`, 'the secret does not stay in the history');
  await invited.page.getByLabel(words.name).fill('Мария Ким');
  await invited.page.getByLabel(words.email).fill('maria@example.com');
  await invited.page.getByLabel(words.password, { exact: true }).fill('тихая-гавань-48');
  await invited.page.getByRole('button', { name: words.register, exact: true }).click();
  await invited.page.getByRole('button', { name: words.newTask }).first().waitFor();

  await page.getByRole('button', { name: `Действия: ${manager.name}` }).click();
  await page.getByRole('menuitem', { name: 'Ссылка для нового пароля' }).click();
  const reset = await link();
  const petr = await Window.open(browser, { server });
  await petr.visit(reset);
  await petr.page.getByLabel('Новый пароль').waitFor();
  assert.equal(await petr.page.evaluate(() => location.href), `${server.url}/reset`);
  await petr.page.getByLabel('Новый пароль').fill('тихая-гавань-49');
  await petr.page.getByRole('button', { name: 'Сменить пароль и войти' }).click();
  await petr.page.getByRole('link', { name: words.mine }).first().waitFor();
  for (const one of [window, invited, petr]) {
    one.assertClean();
    await one.close();
  }
});

inCompany('an administrator hears of a newcomer and closes registration on the spot', async ({ admin }, server) => {
  const olga = await signedIn(browser, admin);
  const { page } = olga;
  await olga.live();
  const stranger = await Window.open(browser, { server });
  await register(stranger, { name: 'Вера Новикова', email: 'vera@example.com' });

  await goTo(olga, words.notifications);
  await page.getByRole('link', { name: /Новый сотрудник: Вера Новикова/ }).click();
  const opened = page.getByRole('checkbox', { name: 'Регистрация без приглашения' });
  await opened.waitFor();
  assert.equal(await opened.isChecked(), true);
  await opened.uncheck();
  await page.getByText('Теперь зарегистрироваться можно только по приглашению').waitFor();

  const late = await Window.open(browser, { server });
  await late.visit('/register');
  await late.page.getByText('Регистрация по приглашениям.').waitFor();
  await olga.reload();
  await opened.waitFor();
  assert.equal(await opened.isChecked(), false, 'it stays so');
  for (const one of [olga, stranger, late]) {
    one.assertClean();
    await one.close();
  }
});

inCompany('whoever tries too often is told how long to wait, and the button waits as long', async ({ manager }, server) => {
  const window = await Window.open(browser, { server });
  const { page } = window;
  await window.visit('/login');
  let asked = 0;
  await page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('mutation Login')) return route.continue();
    asked += 1;
    if (asked > 1) return route.continue();
    const errors = [{ message: 'Слишком много попыток.', extensions: { code: 'RATE_LIMITED', retryAfter: 3 } }];
    return route.fulfill({ status: 200, contentType: 'application/json', body: JSON.stringify({ data: null, errors }) });
  });
  await page.getByLabel(words.email).fill(manager.email);
  await page.getByLabel(words.password, { exact: true }).fill(password);
  const button = page.getByRole('button', { name: words.signIn, exact: true });
  await button.click();
  await page.getByText('Слишком часто. Повторите через 3\u00a0с.').waitFor();
  assert.equal(await button.getAttribute('aria-disabled'), 'true');
  // A click would wait for the button.
  await page.getByLabel(words.password, { exact: true }).press('Enter');
  assert.equal(asked, 1, 'it is not sent before its time');
  await page.locator('button[type=submit][aria-disabled=false]').waitFor();
  await button.click();
  await page.getByRole('link', { name: words.mine }).first().waitFor();
  assert.equal(asked, 2);
  window.assertClean();
  await window.close();
});

inCompany('the profile ends other sessions, changes the zone in which deadlines are shown, and turns single keys off', async ({ supervisor }) => {
  const here = await signedIn(browser, supervisor);
  const there = await signedIn(browser, supervisor);
  await there.live();
  await here.visit('/profile');
  const { page } = here;
  await page.getByRole('button', { name: 'Завершить все остальные' }).click();
  await there.page.getByRole('button', { name: words.signIn, exact: true }).waitFor();
  await there.page.getByText('Сеанс завершён. Войдите снова.').waitFor();

  await page.getByRole('button', { name: 'Часовой пояс: Москва, UTC+3' }).click();
  await page.getByRole('combobox', { name: /^Найти пояс/ }).fill('asia/vlad');
  await page.getByRole('option', { name: 'Владивосток, UTC+10 Asia/Vladivostok' }).click();
  await page.getByLabel('Управление клавишами').uncheck();
  await here.settled();
  await here.visit('/delegated');
  await here.settled();
  await page.keyboard.press('KeyC');
  assert.equal(await page.getByRole('dialog').count(), 0);
  await here.visit('/profile');
  await page.getByRole('button', { name: 'Часовой пояс: Владивосток, UTC+10' }).waitFor();
  here.assertClean();
  await here.close();
  await there.close();
});

inCompany('time zones go from west to east and are found by their city, their offset and their identifier, in both languages', async ({ manager }) => {
  const window = await signedIn(browser, manager);
  await window.visit('/profile');
  const { page } = window;
  const option = page.getByRole('option');
  await page.getByRole('button', { name: 'Часовой пояс: Москва, UTC+3' }).click();
  await page.getByRole('option', { selected: true }).getByText('Europe/Moscow').waitFor();
  const hours = await option.evaluateAll((all) => all.map(({ textContent }) => /, UTC([+−]?)(\d*):?(\d*)/.exec(textContent)));
  const ahead = hours.map(([, sign, hours, minutes]) => (sign === '−' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)));
  assert.ok(ahead.length > 80);
  assert.deepEqual(ahead, ahead.toSorted((one, other) => one - other));
  const field = page.getByRole('combobox', { name: /^Найти пояс/ });
  for (const typed of ['екатер', 'Asia/Yekaterinburg', 'yekaterinburg']) {
    await field.fill(typed);
    await option.first().getByText('Екатеринбург, UTC+5').waitFor();
  }
  for (const typed of ['utc+5:45', '+5:45']) {
    await field.fill(typed);
    await option.first().getByText(/Kath?mandu, UTC\+5:45/).waitFor();
  }
  await field.fill('такого нет');
  await page.getByText('Такого пояса нет').waitFor();
  await field.fill('new york');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Часовой пояс: Нью-Йорк, UTC−\d$/ }).waitFor();
  await page.getByRole('group', { name: words.language }).getByText('English').click();
  await page.getByRole('button', { name: /^Time zone: New York, UTC−\d$/ }).waitFor();
  window.assertClean();
  await window.close();
});

inCompany('choices of the profile are shown at once, undo none that are under way, and come back where they are refused', async ({ manager }) => {
  const window = await signedIn(browser, manager);
  await window.visit('/profile');
  const { page } = window;
  const choice = (group, name) => page.getByRole('group', { name: group }).getByText(name, { exact: true });
  await choice(words.theme, words.themeDark).waitFor();
  await window.settled();
  await page.evaluate(() => {
    const root = document.documentElement;
    window.seen = [];
    new MutationObserver(() => window.seen.push(`${root.dataset.theme ?? 'system'} ${root.lang}`)).observe(root, { attributes: true });
  });
  // Three changes, each of which the server gets when its gate is opened.
  const gates = [1, 2, 3].map(() => {
    const gate = {};
    gate.asked = new Promise((resolve) => (gate.ask = resolve));
    gate.opened = new Promise((resolve) => (gate.open = resolve));
    return gate;
  });
  let turn = 0;
  await page.route('**/graphql', async (route) => {
    if (route.request().postData().includes('profileUpdate')) {
      const gate = gates[turn++];
      gate.ask();
      await gate.opened;
    }
    await route.continue();
  });
  await choice(words.theme, words.themeDark).click();
  await gates[0].asked;
  await choice(words.language, 'English').click();
  await page.getByLabel('Single keys act').uncheck();
  for (const gate of gates) {
    await gate.asked;
    gate.open();
  }
  await window.settled();
  assert.deepEqual(new Set(await page.evaluate(() => window.seen)), new Set(['dark ru', 'dark en']));
  assert.equal(await page.getByLabel('Single keys act').isChecked(), false);
  await page.unroute('**/graphql');

  const forbidden = JSON.stringify({ errors: [{ message: 'No', extensions: { code: 'FORBIDDEN' } }] });
  await page.route('**/graphql', async (route) => {
    if (!route.request().postData().includes('profileUpdate')) return route.continue();
    return route.fulfill({ contentType: 'application/graphql-response+json', body: forbidden });
  });
  await choice('Language', 'Русский').click();
  await page.locator('.toast.trouble').waitFor();
  await page.getByRole('heading', { name: 'Profile', level: 1 }).waitFor();
  assert.equal(await page.getByRole('radio', { name: 'English' }).isChecked(), true);
  await page.unroute('**/graphql');
  await window.reload();
  await page.getByRole('heading', { name: 'Profile', level: 1 }).waitFor();
  assert.equal(await page.getByRole('radio', { name: 'Dark' }).isChecked(), true);
  assert.equal(await page.getByLabel('Single keys act').isChecked(), false);
  window.assertClean();
  await window.close();
});

inCompany('an invitation that is open is listed, and one that is revoked registers nobody', async ({ admin }, server) => {
  const window = await signedIn(browser, admin);
  await goTo(window, words.people);
  const { page } = window;
  await page.getByRole('button', { name: 'Пригласить' }).click();
  await page.getByRole('button', { name: 'Получить ссылку' }).click();
  const field = page.getByRole('dialog').getByRole('textbox', { name: 'Ссылка' });
  await field.waitFor();
  const { pathname, hash } = new URL(await field.inputValue());
  await page.getByRole('dialog').getByRole('button', { name: 'Закрыть' }).last().click();

  const open = page.getByRole('region', { name: 'Открытые приглашения' }).getByRole('listitem');
  await open.getByText('Действует', { exact: true }).waitFor();
  assert.match(await open.innerText(), new RegExp(`Менеджер[^]*${admin.name} · Действует до`));
  await open.getByRole('button', { name: `Отозвать: Менеджер, ${admin.name}` }).click();
  await open.getByText('Отозвано').waitFor();
  assert.equal(await open.getByRole('button').count(), 0);

  const late = await Window.open(browser, { server });
  await late.visit(pathname + hash);
  await late.page.getByLabel(words.name).fill('Мария Ким');
  await late.page.getByLabel(words.email).fill('maria@example.com');
  await late.page.getByLabel(words.password, { exact: true }).fill('тихая-гавань-48');
  await late.page.getByRole('button', { name: words.register, exact: true }).click();
  await late.page.getByText('Ссылка больше не действует.').waitFor();
  for (const one of [window, late]) {
    one.assertClean();
    await one.close();
  }
});

inCompany('another address to sign in by needs the present password, and is told', async ({ manager }) => {
  const window = await signedIn(browser, manager);
  await window.visit('/profile');
  const { page } = window;
  const part = page.getByRole('region', { name: 'Учётная запись' });
  const present = part.getByLabel('Нынешний пароль');
  await part.getByLabel(words.email).waitFor();
  assert.equal(await present.count(), 0);
  await part.getByLabel(words.email).fill('petr@firma.example');
  await present.fill('не тот пароль');
  await part.getByRole('button', { name: 'Сохранить' }).click();
  await part.getByText('Неверный адрес или пароль.').waitFor();
  await present.fill(manager.password ?? 'тихая-гавань-47');
  await part.getByRole('button', { name: 'Сохранить' }).click();
  await present.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: words.unread(1) }).waitFor();
  window.assertClean();
  await window.close();
});

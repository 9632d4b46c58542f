// The seventeen things that the product is for, each as its people do it: in a real browser, on an installation for a large
// company. Where a case speaks of the database, that is where it looks; what is published is read off the browser's own socket.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';

import { parse } from 'csv-parse/sync';

import { inHours, password, Person } from './harness/api.mjs';
import { act, choose, createTask, goTo, openAt, panel, register, row, signIn, statusOf, words } from './harness/client.mjs';
import { clock } from './harness/clock.mjs';
import { createDatabase, dropDatabase, select } from './harness/database.mjs';
import { moscow } from './harness/days.mjs';
import { Index } from './harness/elasticsearch.mjs';
import { Server, sharedSecrets } from './harness/server.mjs';
import { setStage } from './harness/stage.mjs';

const own = {
  description: 'Описание',
  time: 'Время',
  moveDeadline: 'Перенести',
  more: 'Ещё действия',
  delete: 'Удалить',
  calendar: 'Календарь',
  all: 'Все',
  search: 'Поиск',
  searchField: 'Слова из задачи или её №',
  participant: 'Участник',
  deadline: 'Крайний срок',
  firstDay: 'С',
  show: 'Показать',
  statistics: 'Статистика',
  download: 'Скачать CSV',
  unread: /^Уведомления: [1-9]/,
};

let database;
let index;
const start = async () => {
  database = await createDatabase();
  index = new Index();
  return Server.start({ VEKHA_DATABASE_URL: database, VEKHA_SECRETS: sharedSecrets(), ...index.environment });
};
/** The administrator, the supervisor and the manager, each before a screen of their own. */
let olga;
let anna;
let petr;
const enter = async ({ admin, supervisor, manager }) => {
  olga = await signedIn(admin);
  anna = await signedIn(supervisor);
  petr = await signedIn(manager);
  await Promise.all([olga, anna, petr].map((window) => window.live()));
};
const { people, open, signedIn } = setStage(enter, { start });
after(async () => {
  await index?.drop();
  if (database) await dropDatabase(database);
});

/** A case, after which nothing may have gone wrong on any screen. */
const useCase = (number, name, body) =>
  test(`case ${number}: ${name}`, async () => {
    await body();
    for (const window of [olga, anna, petr]) window.assertClean();
  });

/** Sets a task as programs do. */
const set = (title, more = {}) =>
  people.supervisor.createTask({ title, assigneeId: people.manager.id, deadline: inHours(30), ...more });

/** Who was told what of a task, as the database has it. */
const told = (title) =>
  select(
    database,
    `SELECT users.email, notifications.kind FROM notifications
       JOIN tasks ON tasks.id = notifications.task_id JOIN users ON users.id = notifications.recipient_id
      WHERE tasks.title = :'title' ORDER BY notifications.id`,
    { title },
  );
const is = (person, kind) => ({ email: person.email, kind });

/** A note in the list that the bell opens. */
const bell = async (window, text) => {
  await window.page.getByRole('button', { name: own.unread }).first().click();
  await window.page.locator('.notifications-popover').getByRole('listitem').filter({ hasText: text }).first().waitFor();
  await window.page.keyboard.press('Escape');
};

/** Gives the task that is open a deadline, by the keys. */
async function moveDeadline({ page }, moment) {
  const [date, time] = new Date(Date.parse(moment) + 3 * 3_600_000).toISOString().split(/[TZ]/);
  await page.keyboard.press('KeyD');
  await page.getByLabel(words.date, { exact: true }).fill(date);
  await page.getByLabel(own.time).fill(time.slice(0, 5));
  await page.keyboard.press('Enter');
}

useCase(1, 'registration: the password is hashed, the user is created, a role is given', async () => {
  const window = await open();
  await register(window, { name: 'Вера Новикова', email: 'vera@example.com' });
  await window.page.getByRole('link', { name: words.mine }).first().waitFor();
  window.assertClean();
  await window.close();

  const [vera] = await select(database, `SELECT name, role, password_hash FROM users WHERE email = 'vera@example.com'`);
  assert.deepEqual([vera.name, vera.role], ['Вера Новикова', 'MANAGER']);
  assert.match(vera.password_hash, /^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$/);
  assert.ok(!vera.password_hash.includes(password));
  const [first] = await select(database, 'SELECT email, role FROM users ORDER BY id LIMIT 1');
  assert.deepEqual(first, { email: people.admin.email, role: 'ADMIN' });
});

useCase(2, 'login: a JWT and a refresh token, which is a row of refresh_tokens', async () => {
  const issued = () =>
    select(
      database,
      `SELECT encode(token_hash, 'hex') AS hash, refresh_tokens.expires_at FROM refresh_tokens JOIN sessions ON sessions.id = session_id
         JOIN users ON users.id = user_id WHERE email = :'email'`,
      { email: people.manager.email },
    );
  const earlier = await issued();
  const window = await open();
  const answer = window.page.waitForResponse((response) => response.request().postData()?.includes('login('));
  await signIn(window, people.manager);
  const { data } = await (await answer).json();
  const { accessToken } = Object.values(data)[0];
  const [header, claims] = accessToken.split('.').slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url')));
  assert.equal(header.typ, 'at+jwt', 'the type of an access token, RFC 9068');
  assert.ok(claims.exp * 1_000 > clock.now());

  const later = await issued();
  assert.equal(later.length, earlier.length + 1);
  const [cookie] = (await window.context.cookies()).filter(({ httpOnly }) => httpOnly);
  const hash = createHash('sha256').update(Buffer.from(cookie.value, 'base64url')).digest('hex');
  const stored = later.find((token) => token.hash === hash);
  assert.ok(stored, 'the token of the cookie, by its hash');
  assert.ok(Number(stored.expires_at) > clock.now());
  window.assertClean();
  await window.close();
});

useCase(3, 'users: the administrator sees all of them and changes a role, and the person is told', async () => {
  const zoya = await Person.register(people.admin.server, 'Зоя Белова', 'zoya@example.com');
  const window = await signedIn(zoya);
  await window.live();

  await goTo(olga, words.people);
  for (const { name } of [...Object.values(people), zoya]) await olga.page.getByRole('row', { name: new RegExp(name) }).waitFor();
  await choose(olga, words.roleOf(zoya.name), words.supervisor);

  await window.page.getByRole('button', { name: words.newTask }).first().waitFor();
  await bell(window, `Ваша роль: ${words.supervisor}`);
  const [row] = await select(
    database,
    `SELECT role, kind FROM users JOIN notifications ON recipient_id = users.id WHERE email = :'email'`,
    { email: zoya.email },
  );
  assert.deepEqual(row, { role: 'SUPERVISOR', kind: 'ROLE_CHANGED' });
  await window.close();
});

useCase(4, 'a task is created: a notification, and published over WebSocket', async () => {
  const title = 'Подготовить отчёт за ноябрь';
  await goTo(anna, words.setByMe);
  await createTask(anna, { title, assignee: people.manager.name });
  const { task } = await petr.event('TaskCreated', title);
  assert.equal(task.title, title);
  await petr.event('NotificationReceived', title);
  await row(petr, title).waitFor();
  await row(anna, title).waitFor();
  assert.deepEqual(await told(title), [is(people.manager, 'TASK_CREATED')]);
});

useCase(5, 'a task is edited: title, description and deadline', async () => {
  const task = await set('Черновик договора');
  await openAt(anna, task);
  await anna.page.keyboard.press('KeyE');
  const field = panel(anna).getByRole('textbox', { name: own.description });
  await field.fill('Сверить **реквизиты** сторон');
  await anna.page.keyboard.press('Control+Enter');
  await panel(anna).locator('strong', { hasText: 'реквизиты' }).waitFor();
  await panel(anna).getByRole('button', { name: 'Изменить название' }).click();
  await panel(anna).getByRole('textbox', { name: words.title }).fill('Договор с поставщиком');
  await anna.page.keyboard.press('Enter');
  await panel(anna).getByRole('heading', { name: 'Договор с поставщиком' }).waitFor();
  const deadline = `${inHours(20 * 24).slice(0, 10)}T09:30:00.000Z`;
  await moveDeadline(anna, deadline);
  await petr.event('TaskDeadlineChanged', 'Договор с поставщиком');

  const [edited] = await select(database, 'SELECT title, description, deadline FROM tasks WHERE id = :\'id\'', { id: task.number });
  assert.deepEqual(edited, {
    title: 'Договор с поставщиком',
    description: 'Сверить **реквизиты** сторон',
    deadline: String(Date.parse(deadline)),
  });
});

useCase(6, 'a status is changed: a notification in the database, and published', async () => {
  const title = 'Обзвонить клиентов';
  const task = await set(title);
  await openAt(petr, task);
  await act(petr, words.start);
  const event = await anna.event('TaskStatusChanged', title);
  assert.deepEqual([event.status_from, event.status_to], ['NEW', 'IN_PROGRESS']);
  await anna.event('NotificationReceived', title);
  const rows = await told(title);
  assert.deepEqual(rows.shift(), is(people.manager, 'TASK_CREATED'));
  rows.sort((left, right) => left.email.localeCompare(right.email));
  assert.deepEqual(rows, [is(people.supervisor, 'TASK_STATUS_CHANGED'), is(people.manager, 'TASK_STATUS_CHANGED')]);
});

useCase(7, 'a task is deleted', async () => {
  const title = 'Лишняя задача';
  const task = await set(title);
  await goTo(petr, words.mine);
  await row(petr, title).waitFor();
  await openAt(anna, task);
  await panel(anna).getByRole('button', { name: own.more }).first().click();
  await anna.page.getByRole('menuitem', { name: own.delete }).click();
  await petr.event('TaskDeleted');
  await row(petr, title).waitFor({ state: 'detached' });
  const [gone] = await select(database, 'SELECT deleted_at FROM tasks WHERE id = :\'id\'', { id: task.number });
  assert.ok(Number(gone.deleted_at) > 0, 'kept for as long as it can be restored');
});

useCase(8, 'the supervisor sees all tasks', async () => {
  await people.admin.createTask({ title: 'От администратора', assigneeId: people.manager.id });
  await set('От руководителя');
  await goTo(anna, own.all);
  for (const title of ['От администратора', 'От руководителя']) await row(anna, title).waitFor();
});

useCase(9, 'the administrator finds a task through Elasticsearch: by person, text and deadline', async () => {
  await set('Утвердить смету ремонта');
  await people.admin.createTask({ title: 'Проверить смету', assigneeId: people.supervisor.id, deadline: inHours(30) });
  await people.admin.finds('Проверить смету', 'сметы');
  const day = moscow(30 * 3_600_000).toISOString().slice(0, 10);
  await goTo(olga, own.search);
  const { page } = olga;
  await page.getByRole('searchbox', { name: own.searchField }).pressSequentially('сметы');
  await page.getByText('Нашлись 2 задачи').waitFor();
  await page.getByRole('button', { name: own.participant, exact: true }).click();
  await page.getByRole('combobox', { name: words.findPerson }).fill(people.manager.name);
  await page.getByRole('option', { name: people.manager.name }).click();
  await page.getByText('Нашлась 1 задача').waitFor();
  await page.getByRole('button', { name: own.deadline, exact: true }).click();
  await page.getByLabel(own.firstDay, { exact: true }).fill(day);
  await page.getByRole('button', { name: own.show, exact: true }).click();
  await page.waitForURL(`**due=${day}..${day}**`);
  await page.getByRole('listitem').getByRole('link', { name: 'Утвердить смету ремонта' }).click();
  await panel(olga).getByRole('heading', { name: 'Утвердить смету ремонта' }).waitFor();
  assert.equal(await page.getByText('Поиск временно упрощён').count(), 0, 'Elasticsearch answered');
});

useCase(10, 'the manager sees their own tasks, and no others', async () => {
  const hers = await people.admin.createTask({ title: 'Дело Анны', assigneeId: people.supervisor.id });
  await set('Дело Петра');
  await goTo(petr, words.mine);
  await row(petr, 'Дело Петра').waitFor();
  assert.equal(await row(petr, hers.title).count(), 0);
  await petr.visit(`/tasks/${hers.number}`);
  await petr.page.getByRole('heading', { name: 'Такой задачи нет' }).waitFor();
});

useCase(11, 'the calendar shows each task on the day of its deadline', async () => {
  const date = inHours(40 * 24).slice(0, 10);
  await set('Инвентаризация', { deadline: `${date}T09:15:00.000Z` });
  await goTo(petr, own.calendar);
  await petr.visit(`/calendar?view=month&date=${date}`);
  const day = petr.page.getByRole('grid').locator(`[data-date="${date}"]`);
  await day.getByRole('link', { name: /^12:15 Инвентаризация/ }).click();
  await panel(petr).getByRole('heading', { name: 'Инвентаризация' }).waitFor();
});

useCase(12, 'statistics as CSV: a mutation returns an address, and the file is there', async () => {
  await set('Задача для отчёта');
  await goTo(anna, own.statistics);
  const answer = anna.page.waitForResponse((response) => response.request().postData()?.includes('statisticsExport('));
  const download = anna.page.waitForEvent('download');
  await anna.page.getByRole('button', { name: own.download }).click();
  const { data } = await (await answer).json();
  assert.match(data.statisticsExport.url, /\/download\/[\w.-]+$/);
  const file = await (await download).createReadStream();
  const text = Buffer.concat(await file.toArray()).toString();
  const rows = parse(text, { bom: true, delimiter: ';', columns: true });
  const found = rows.find((row) => row['Задача'] === 'Задача для отчёта');
  assert.deepEqual([found['Постановщик'], found['Исполнитель']], [people.supervisor.name, people.manager.name]);
  const [{ count }] = await select(database, 'SELECT count(*) FROM tasks WHERE deleted_at IS NULL');
  assert.equal(rows.length, Number(count));
});

useCase(13, 'the assignee is told that a task was created for them', async () => {
  await set('Сверить остатки');
  await bell(petr, 'Вам поручена задача «Сверить остатки»');
});

useCase(14, 'the supervisor is told that a status changed', async () => {
  await people.manager.transition(await set('Заказать бумагу'), 'START');
  await bell(anna, /Заказать бумагу.*Ждёт выполнения → Выполняется/);
});

useCase(15, 'the assignee is told that a deadline changed', async () => {
  const title = 'Оплатить счёт';
  await openAt(anna, await set(title, { deadline: inHours(24 * 50) }));
  await moveDeadline(anna, inHours(24 * 51));
  await bell(petr, /Оплатить счёт.*Срок: .+ → .+/);
  assert.deepEqual((await told(title)).at(-1), is(people.manager, 'TASK_DEADLINE_CHANGED'));
});

useCase(16, 'the scheduled job sets the status Просрочена', async () => {
  const title = 'Срок вот-вот пройдёт';
  const task = await set(title, { deadline: inHours(1.5 / 3_600) });
  await openAt(petr, task);
  await Promise.all([anna.event('TaskOverdue', title), petr.event('TaskOverdue', title)]);
  await statusOf(petr, 'Просрочена').waitFor();
  const [overdue] = await select(database, 'SELECT status FROM tasks WHERE id = :\'id\'', { id: task.number });
  assert.equal(overdue.status, 'OVERDUE');
  assert.deepEqual((await told(title)).slice(1).every(({ kind }) => kind === 'TASK_OVERDUE'), true);
});

useCase(17, 'RBAC: a manager made supervisor may set tasks at once, and may not once they are a manager again', async () => {
  await goTo(petr, words.mine);
  const newTask = petr.page.getByRole('button', { name: words.newTask });
  const refused = async () => {
    const create = people.manager.createTask({ title: 'Без права', assigneeId: people.manager.id });
    await assert.rejects(create, /FORBIDDEN/);
  };
  await petr.page.getByRole('button', { name: words.notifications }).first().waitFor();
  assert.equal(await newTask.count(), 0);
  await refused();

  await goTo(olga, words.people);
  await choose(olga, words.roleOf(people.manager.name), words.supervisor);
  await newTask.first().waitFor();
  await createTask(petr, { title: 'Поставлено с новой ролью', assignee: people.supervisor.name });

  await choose(olga, words.roleOf(people.manager.name), 'Менеджер');
  await newTask.first().waitFor({ state: 'detached' });
  await refused();
});

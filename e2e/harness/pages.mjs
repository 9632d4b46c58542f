// Every page of the client, with what has to be on it before it is looked at. Tests of accessibility and the screenshots
// go through the same list, so a page that is added here is in both.

import { inHours } from './api.mjs';
import { signIn, words } from './client.mjs';
import { endOfDay, iso } from './days.mjs';

/**
 * @typedef {object} Page
 * @property {string} name for a file
 * @property {'nobody' | 'admin' | 'supervisor' | 'manager'} as who looks at it
 * @property {(data: object) => string} path
 * @property {(window: import('./browser.mjs').Window, data: object) => Promise<void>} [open] what is done there first
 * @property {string} [within] what opened over the page: accessibility is that of what stands in it
 * @property {boolean} [needsTasks] there is no such page where nobody has set a task yet
 */

/** @type {Page[]} */
export const pages = [
  { name: 'login', as: 'nobody', path: () => '/login' },
  { name: 'register', as: 'nobody', path: () => '/register' },
  { name: 'mine', as: 'manager', path: () => '/' },
  { name: 'set-by-me', as: 'supervisor', path: () => '/delegated' },
  { name: 'all', as: 'admin', path: () => '/all' },
  { name: 'board', as: 'supervisor', path: () => '/board' },
  { name: 'board-by-status', as: 'supervisor', path: () => '/board?view=statuses' },
  { name: 'board-of-manager', as: 'manager', path: () => '/board' },
  { name: 'review', as: 'supervisor', path: () => '/review' },
  { name: 'overdue', as: 'manager', path: () => '/overdue' },
  { name: 'list-filtered', as: 'supervisor', path: () => '/delegated?status=new,in-progress&priority=high&text=отчёт&sort=-title' },
  { name: 'list-grouped', as: 'admin', path: () => '/all?group=assignee' },
  {
    name: 'list-selected',
    as: 'supervisor',
    needsTasks: true,
    path: () => '/delegated?group=deadline',
    open: async ({ page }) => {
      await page.getByRole('checkbox', { name: 'Выбрать: Обновить прайс-лист' }).click();
      await page.getByRole('toolbar').waitFor();
    },
  },
  {
    name: 'list-filter',
    as: 'supervisor',
    path: () => '/delegated',
    open: async ({ page }) => {
      await page.getByRole('button', { name: 'Фильтр', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Крайний срок' }).click();
      await page.getByRole('checkbox', { name: 'Завтра' }).waitFor();
    },
  },
  { name: 'task', as: 'supervisor', needsTasks: true, path: ({ task }) => `/tasks/${task.number}` },
  { name: 'task-of-manager', as: 'manager', needsTasks: true, path: ({ task }) => `/tasks/${task.number}` },
  {
    name: 'task-edited',
    as: 'supervisor',
    needsTasks: true,
    path: ({ task }) => `/tasks/${task.number}`,
    open: async ({ page }) => {
      await page.keyboard.press('KeyE');
      await page.getByRole('textbox', { name: words.description }).waitFor();
    },
  },
  {
    name: 'task-history',
    as: 'manager',
    needsTasks: true,
    path: ({ task }) => `/tasks/${task.number}`,
    open: async ({ page }) => {
      await page.getByRole('tab', { name: words.history }).click();
      await page.getByText('ставит задачу').waitFor();
    },
  },
  {
    name: 'task-deadline',
    as: 'supervisor',
    needsTasks: true,
    path: ({ task }) => `/tasks/${task.number}`,
    open: async ({ page }) => {
      await page.keyboard.press('KeyD');
      await page.getByLabel(words.date, { exact: true }).waitFor();
    },
    within: '.popover-panel',
  },
  {
    name: 'task-deadline-month',
    as: 'supervisor',
    needsTasks: true,
    path: ({ task }) => `/tasks/${task.number}`,
    open: async ({ page }) => {
      await page.keyboard.press('KeyD');
      await page.getByRole('button', { name: words.chooseDay }).click();
      await page.getByRole('grid').waitFor();
    },
    within: '.mini',
  },
  {
    name: 'new-task',
    as: 'supervisor',
    path: () => '/delegated',
    open: async ({ page }) => {
      await page.getByRole('button', { name: words.newTask }).first().click();
      await page.getByRole('dialog').first().waitFor();
    },
  },
  { name: 'calendar-month', as: 'supervisor', path: () => '/calendar?view=month' },
  {
    name: 'calendar-full-day',
    as: 'supervisor',
    needsTasks: true,
    path: () => '/calendar?view=month',
    open: async ({ page }) => {
      // A phone has a dot for each of the first, and the day's tasks below the month.
      const more = page.getByRole('button', { name: /^\+\d+ ещё/ });
      await more.or(page.locator('.day-dot')).first().waitFor();
      if (await more.count()) await more.first().click();
      await page.locator('.day-list li').nth(4).waitFor();
    },
    within: '.day-list',
  },
  { name: 'calendar-week', as: 'supervisor', path: () => '/calendar?view=week' },
  { name: 'calendar-day', as: 'manager', path: () => '/calendar?view=day' },
  {
    name: 'calendar-agenda',
    as: 'supervisor',
    path: () => '/calendar?view=agenda',
    open: async ({ page }) => {
      await page.getByRole('button', { name: 'Без срока' }).click();
      await page.getByRole('region', { name: 'Без срока' }).locator('a, .empty').first().waitFor();
    },
  },
  {
    name: 'search',
    as: 'admin',
    needsTasks: true,
    path: () => '/search?text=отчёта',
    open: ({ page }) => page.locator('mark').first().waitFor(),
  },
  {
    name: 'search-filtered',
    as: 'admin',
    path: () => '/search?status=new,in-progress,in-review,done&person=Пётр+Иванов&sort=deadline',
    open: ({ page }) => page.getByText(/^(Наш|Ничего|Под фильтр)/).first().waitFor(),
  },
  { name: 'search-start', as: 'admin', path: () => '/search' },
  { name: 'search-nothing', as: 'admin', path: () => '/search?status=deferred&text=жираф' },
  { name: 'statistics', as: 'supervisor', path: () => '/statistics' },
  { name: 'statistics-own', as: 'supervisor', path: () => `/statistics?period=${iso(1)}..${iso(28)}` },
  { name: 'notifications', as: 'manager', path: () => '/notifications' },
  { name: 'people', as: 'admin', path: () => '/people' },
  { name: 'profile', as: 'manager', path: () => '/profile' },
  {
    name: 'profile-zone',
    as: 'manager',
    path: () => '/profile',
    open: async ({ page }) => {
      await page.getByRole('button', { name: /^Часовой пояс:/ }).click();
      await page.getByRole('option').first().waitFor();
    },
    within: '.popover-panel',
  },
  { name: 'not-found', as: 'manager', path: () => '/no/such/page' },
];

/** Work in every state, between the people of a company; returns what the pages' paths need. */
export async function fill({ supervisor, manager, admin }) {
  const set = (title, hours, more = {}) =>
    supervisor.createTask({ title, assigneeId: manager.id, deadline: hours && inHours(hours), ...more });
  const description = [
    'Собрать данные отделов и сверить с [планом](https://example.com/plan).',
    '## Разделы',
    '- выручка\n- **расходы**, по ~~кварталам~~ месяцам\n  - [x] зарплата\n  - [ ] аренда\n- прогноз на _декабрь_',
    '> Прошлый отчёт вернули «из-за расходов».',
    '```\n=СУММ(A1:A10)\n```',
  ].join('\n\n');
  let task = await set('Подготовить отчёт за ноябрь', 4, { description, priority: 'HIGH' });
  task = await manager.transition(task, 'START');
  task = await manager.transition(task, 'SUBMIT');
  task = await supervisor.transition(task, 'RETURN', 'Нет раздела о расходах');
  await supervisor.comment(task, 'Посмотрите прошлогодний отчёт: структура подойдёт.');
  await manager.comment(task, 'Хорошо, добавлю к вечеру.');

  await set('Согласовать договор с поставщиком', 26);
  await set('Обновить прайс-лист', 24 * 5, { priority: 'LOW' });
  await set('Разобрать архив', null);
  const review = await set('Проверить остатки на складе', 7);
  await manager.transition(await manager.transition(review, 'START'), 'SUBMIT');
  const done = await set('Заказать пропуска', 9, { requiresReview: false });
  await manager.transition(await manager.transition(done, 'START'), 'SUBMIT');
  await supervisor.transition(await set('Сменить вывеску', 50), 'DEFER');
  await admin.createTask({ title: 'Провести инструктаж', assigneeId: supervisor.id, deadline: inHours(30) });
  await admin.finds('Провести инструктаж');
  // More than a day of the calendar has room for, however many weeks its month has.
  for (const title of ['Акт сверки', 'Табель', 'Путевые листы', 'Отчёт по кассе', 'План на неделю']) {
    await set(title, null, { deadline: endOfDay() });
  }
  return { task };
}

/** Goes through pages in one theme and one size; each person signs in once. */
export class Tour {
  #stage;
  #options;
  #windows = new Map();

  /**
   * @param {object} stage `open`, which opens a window, the `people` of a company by role, and in `data` what `fill` returned
   * @param {object} options of each window, and `prepare`, what is done with each before a page is opened in it
   */
  constructor(stage, options) {
    this.#stage = stage;
    this.#options = options;
  }

  /** Opens a page as its person, and waits until its data is there. */
  async open(page) {
    const window = this.#windows.get(page.as) ?? (await this.#enter(page.as));
    await window.visit(page.path(this.#stage.data));
    await window.settled();
    await page.open?.(window, this.#stage.data);
    return window;
  }

  async #enter(role) {
    const { open, people } = this.#stage;
    const window = await open(this.#options);
    this.#windows.set(role, window);
    if (people[role]) await signIn(window, people[role]);
    await this.#options.prepare?.(window);
    return window;
  }

  async close() {
    for (const window of this.#windows.values()) await window.close();
  }
}

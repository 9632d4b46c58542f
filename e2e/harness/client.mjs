// The client as a person uses it: each function is one thing that people do, found by the role and the name that is on
// the screen.

import { password } from './api.mjs';
import { Window } from './browser.mjs';

/** What the client calls things in Russian. */
export const words = {
  signIn: 'Войти',
  register: 'Зарегистрироваться',
  createAdministrator: 'Создать администратора',
  signOut: 'Выйти',
  email: 'Почта',
  password: 'Пароль',
  name: 'Имя и фамилия',
  newTask: 'Новая задача',
  title: 'Название',
  assignee: 'Исполнитель',
  createTask: 'Поставить задачу',
  mine: 'Мои',
  setByMe: 'Поручил',
  people: 'Люди',
  notifications: 'Уведомления',
  profile: 'Профиль',
  submit: 'Сдать на проверку',
  start: 'Начать выполнение',
  accept: 'Принять работу',
  return: 'Вернуть на доработку',
  findPerson: 'Найти по имени',
  task: /^Задача №/,
  returnReason: 'Что исправить',
  returnSubmit: 'Вернуть',
  comments: 'Комментарии',
  description: 'Описание',
  date: 'Дата',
  chooseDay: /^Выбрать день:/,
  history: 'История',
  inReview: 'Ждёт контроля',
  inProgress: 'Выполняется',
  done: 'Завершена',
  supervisor: 'Руководитель',
  roleOf: (name) => `Роль: ${name}`,
  unread: (count) => new RegExp(`^Уведомления: ${count} `),
  language: 'Язык',
  theme: 'Тема',
  themeDark: 'Тёмная',
  connectionLost: /^Нет связи/,
  connectionRestored: 'Связь восстановлена',
};

/** Fills the sign-in form and waits for the shell. */
export async function signIn(window, person) {
  await window.visit('/login');
  const { page } = window;
  await page.getByLabel(words.email).fill(person.email);
  await page.getByLabel(words.password, { exact: true }).fill(password);
  await page.getByRole('button', { name: words.signIn, exact: true }).click();
  await page.getByRole('navigation').first().waitFor();
}

/** Opens a window, signs a person in, and waits until their first page is there. */
export async function signedIn(browser, person, options) {
  const window = await Window.open(browser, { server: person.server, ...options });
  await signIn(window, person);
  await window.settled();
  return window;
}

/** Fills the registration form and waits for the shell. */
export async function register(window, { name, email, first = false }) {
  await window.visit('/register');
  const { page } = window;
  await page.getByLabel(words.name).fill(name);
  await page.getByLabel(words.email).fill(email);
  await page.getByLabel(words.password, { exact: true }).fill(password);
  const submit = first ? words.createAdministrator : words.register;
  await page.getByRole('button', { name: submit, exact: true }).click();
  await page.getByRole('navigation').first().waitFor();
}

/** Goes to a path, and waits until what is there is drawn and will stay up to date. */
export async function arrive(window, path) {
  await window.visit(path);
  await window.live();
  await window.settled();
}

/** Opens one of the lists or pages of the side bar. */
export async function goTo(window, name) {
  await window.page.getByRole('navigation').getByRole('link', { name }).first().click();
}

/** Sets a task through the form. */
export async function createTask(window, { title, assignee }) {
  const { page } = window;
  await page.getByRole('button', { name: words.newTask }).first().click();
  const form = page.getByRole('dialog', { name: words.newTask });
  await form.getByLabel(words.title, { exact: true }).fill(title);
  await form.getByRole('button', { name: new RegExp(`^${words.assignee}:`) }).click();
  await form.getByRole('combobox', { name: words.findPerson }).fill(assignee.slice(0, 4));
  await form.getByRole('option', { name: assignee }).click();
  await form.getByRole('button', { name: words.createTask }).click();
  await form.waitFor({ state: 'hidden' });
}

/** A task in the list that is open. */
export const row = (window, title) => window.page.getByRole('main').getByRole('link', { name: title, exact: true });

/** The panel of the task that is open. */
export const panel = (window) => window.page.getByRole('complementary', { name: words.task });

/** Opens a task's panel from the list. */
export async function openTask(window, title) {
  await row(window, title).click();
  await panel(window).getByText(title, { exact: true }).first().waitFor();
}

/** Opens a task at its own address. */
export async function openAt(window, task) {
  await window.visit(`/tasks/${task.number}`);
  await panel(window).getByRole('heading', { name: task.title, exact: true }).waitFor();
  await window.settled();
}

/** Presses one of the actions of the task that is open. */
export async function act(window, action) {
  await panel(window).getByRole('button', { name: action, exact: true }).click();
}

/** The status at the head of the task that is open, once it is this one. */
export const statusOf = (window, status) => panel(window).locator('header').getByText(status, { exact: true });

/** Chooses from a menu that a button opens. */
export async function choose(window, button, item) {
  await window.page.getByRole('button', { name: button }).first().click();
  await window.page.getByRole('menuitemradio', { name: item, exact: true }).click();
}

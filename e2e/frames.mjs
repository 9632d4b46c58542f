// How long frames take while much is on the page, from a trace of the browser. By hand: node e2e/frames.mjs [names of scenarios]
//
// A frame is late when the main thread works on one task for more than 50 ms: until it has done so nothing else is drawn.

import { company, inHours } from './harness/api.mjs';
import { launch, Window } from './harness/browser.mjs';
import { row, signIn } from './harness/client.mjs';
import { clock } from './harness/clock.mjs';
import { inNoLaterMonth } from './harness/days.mjs';
import { Server } from './harness/server.mjs';

/** The longest that one task of the main thread may take, in milliseconds. */
const longest = 50;
const categories = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline.frame'];

/** A month that is wholly ahead, and the one after it. */
const now = new Date(clock.now());
const month = (ahead) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1));
const [full, next] = [month(2), month(3)];
/** A moment so many hours past the beginning of the first of them. */
const inMonth = (hours) => new Date(full.getTime() + hours * 3_600_000).toISOString();
const day = (number) => inMonth((number - 1) * 24).slice(0, 10);

const frame = (window) => window.page.evaluate(() => new Promise(requestAnimationFrame));

/** Makes so many tasks, several at a time. */
async function fill(people, count, input) {
  const numbers = Array.from({ length: count }, (_, number) => number);
  const make = (number) => people.supervisor.createTask({ assigneeId: people.manager.id, ...input(number) });
  for (let from = 0; from < count; from += 50) await Promise.all(numbers.slice(from, from + 50).map(make));
}

const scenarios = {
  /** 10,000 loaded tasks, scrolled through by the wheel. */
  list: {
    fill: (people) =>
      fill(people, 10_000, (number) => ({
        title: `Задача ${number}: проверить остатки и согласовать смету`,
        deadline: number % 5 ? inHours(1 + (number % 700)) : null,
        priority: ['LOW', 'NORMAL', 'HIGH'][number % 3],
      })),
    async open(window) {
      await window.visit('/all?sort=number');
      await row(window, 'Задача 0: проверить остатки и согласовать смету').waitFor();
      // Page by page: each makes the list longer, until nothing more is offered.
      const list = window.page.locator('.list-scroll');
      const more = window.page.locator('.more');
      while (await more.count()) {
        const height = await list.evaluate((list) => list.scrollHeight);
        await list.evaluate((list) => list.scrollTo(0, list.scrollHeight));
        await window.page.waitForFunction(
          (height) => !document.querySelector('.more') || document.querySelector('.list-scroll').scrollHeight > height,
          height,
        );
      }
      await window.page.locator('.list-scroll').evaluate((list) => list.scrollTo(0, 0));
    },
    async move(window) {
      await window.page.mouse.move(700, 500);
      for (let step = 0; step < 300; step += 1) {
        await window.page.mouse.wheel(0, step < 200 ? 400 : -1_200);
        await frame(window);
      }
    },
  },
  /**
   * 500 tasks in a month: opened, leafed through, by the week and as an agenda; one dragged over the days; a day that is opened whole;
   * tasks that come while one looks.
   */
  calendar: {
    fill: (people) =>
      fill(people, 500, (number) => ({
        title: `Задача ${number}: согласовать смету`,
        // None of them is in the grid of the month that is leafed to.
        deadline: inMonth((number % inNoLaterMonth) * 24 + 6 + (number % 9)),
        priority: ['LOW', 'NORMAL', 'HIGH'][number % 3],
      })),
    async open(window) {
      await window.visit('/delegated');
      await window.live();
      await window.settled();
    },
    async move(window, people) {
      const { page } = window;
      const { mouse } = page;
      const chips = page.locator('.month .due');
      const shows = (view, from) => `/calendar?view=${view}&date=${from.toISOString().slice(0, 10)}`;
      // As a link of the page does: nothing is loaded again.
      await page.evaluate((address) => {
        const link = Object.assign(document.createElement('a'), { href: address });
        document.body.append(link);
        link.click();
        link.remove();
      }, shows('month', full));
      await chips.first().waitFor();
      for (let turn = 0; turn < 8; turn += 1) {
        await page.getByRole('button', { name: 'Позже' }).click();
        await page.waitForURL(`**${shows('month', next)}`);
        await chips.first().waitFor({ state: 'detached' });
        await page.getByRole('button', { name: 'Раньше' }).click();
        await chips.first().waitFor();
        await frame(window);
      }
      const place = async (number) => page.locator(`#day-${day(number)}`).boundingBox();
      const chip = await page.locator(`#day-${day(9)} .due`).first().boundingBox();
      await mouse.move(chip.x + 30, chip.y + 10);
      await mouse.down();
      for (const number of [9, 10, 17, 16, 23, 12, 13, 20, 27, 11]) {
        const { x, y, width, height } = await place(number);
        await mouse.move(x + width / 2, y + height / 2, { steps: 12 });
      }
      await mouse.up();
      await page.locator('.toast').first().waitFor();
      for (let number = 0; number < 20; number += 1) {
        const title = `Пришла ${number}`;
        const deadline = inMonth((number % 28) * 24 + 1);
        await people.supervisor.createTask({ title, deadline, assigneeId: people.manager.id });
        await page.locator('.month .due', { hasText: title }).waitFor();
      }
      await page.locator(`#day-${day(16)}`).getByRole('button', { name: /^\+\d+ ещё/ }).click();
      await page.locator('.day-list li').nth(10).waitFor();
      await page.keyboard.press('Escape');
      for (const view of ['Неделя', 'Повестка', 'Месяц', 'Повестка', 'Месяц']) {
        await page.getByText(view, { exact: true }).click();
        await page.locator({ Неделя: '.hours .due', Повестка: '.agenda .due-row', Месяц: '.month .due' }[view]).first().waitFor();
        await frame(window);
      }
    },
  },
};

/** What the trace says of the page's main thread and of what was drawn. */
function read(trace) {
  const { traceEvents } = JSON.parse(trace);
  const threads = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const tasks = traceEvents.filter(
    ({ name, ph, pid, tid }) =>
      ph === 'X' && /RunTask$/.test(name) && threads.some((thread) => thread.pid === pid && thread.tid === tid),
  );
  const durations = tasks.map(({ dur }) => dur / 1_000).sort((left, right) => left - right);
  const frames = traceEvents.filter(({ name }) => name === 'DrawFrame').map(({ ts }) => ts / 1_000);
  frames.sort((left, right) => left - right);
  const gaps = frames.slice(1).map((at, index) => at - frames[index]).sort((left, right) => left - right);
  const at = (sorted, share) => Math.round((sorted[Math.ceil(share * sorted.length) - 1] ?? 0) * 10) / 10;
  return {
    tasks: durations.length,
    task: { p99: at(durations, 0.99), longest: at(durations, 1) },
    frames: frames.length,
    between: { median: at(gaps, 0.5), p99: at(gaps, 0.99), longest: at(gaps, 1) },
  };
}

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(scenarios);
let late = false;
for (const name of wanted) {
  const server = await Server.start();
  const browser = await launch();
  try {
    const people = await company(server);
    const scenario = scenarios[name];
    await scenario.fill(people);
    const window = await Window.open(browser, { server });
    window.page.setDefaultTimeout(120_000);
    await signIn(window, people.supervisor);
    await scenario.open(window);
    await browser.startTracing(window.page, { categories });
    await scenario.move(window, people);
    const figures = read((await browser.stopTracing()).toString());
    console.log(name, JSON.stringify(figures));
    late ||= figures.task.longest > longest;
    window.assertClean();
  } finally {
    await browser.close();
    await server.stop();
  }
}
process.exitCode = late ? 1 : 0;

// How long frames take while much is on the page, from a trace of the browser. By hand: node e2e/frames.mjs [name of a scenario]
//
// A frame is late when the main thread works on one task for more than 50 ms: until it has done so nothing else is drawn.

import { company, inHours } from './harness/api.mjs';
import { launch, Window } from './harness/browser.mjs';
import { row, signIn } from './harness/client.mjs';
import { Server } from './harness/server.mjs';

/** The longest that one task of the main thread may take, in milliseconds. */
const longest = 50;
const categories = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline.frame'];

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
        await window.page.evaluate(() => new Promise(requestAnimationFrame));
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

const wanted = process.argv[2] ?? Object.keys(scenarios);
let late = false;
for (const name of [wanted].flat()) {
  const server = await Server.start();
  const browser = await launch();
  try {
    const people = await company(server);
    const scenario = scenarios[name];
    await scenario.fill(people);
    const window = await Window.open(browser, { server });
    window.page.setDefaultTimeout(120_000);
    await signIn(window, people.admin);
    await scenario.open(window);
    await browser.startTracing(window.page, { categories });
    await scenario.move(window);
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

// What Lighthouse says of the first page and of those that are open all day: `cargo xtask measure lighthouse`.
//
// Each figure is the median of its own over several loads: one load on a busy machine says little. A first visit loads everything; on
// a later one the worker has the client.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import lighthouse, { desktopConfig } from 'lighthouse';

import { company, inHours } from './harness/api.mjs';
import { launchToDebug } from './harness/browser.mjs';
import { signIn } from './harness/client.mjs';
import { fill } from './harness/pages.mjs';
import { Server } from './harness/server.mjs';

const loads = 3;
/** More than one page of a list holds, and more than a column of the board shows. */
const tasks = 60;

const pages = [
  { name: 'sign-in', path: '/login' },
  { name: 'list', path: '/', as: 'manager' },
  { name: 'board', path: '/board', as: 'manager' },
];

/** LCP in seconds. A phone's first visit waits for the client on a slow line: see docs/adr/0010-a-first-visit-on-a-slow-line.md. */
const forms = {
  desktop: { config: desktopConfig, performance: 95, paint: 2.5 },
  mobile: { config: undefined, performance: 80, paint: 4.5 },
  'mobile, later': { config: undefined, performance: 80, paint: 2.5, flags: { disableStorageReset: true }, isLater: true },
};

const categories = ['performance', 'accessibility', 'best-practices'];

/** What is read of a report, and whether it is good enough for a form. */
const figures = {
  performance: { read: score('performance'), holds: (value, form) => value >= form.performance },
  accessibility: { read: score('accessibility'), holds: (value) => value === 100 },
  'best practices': { read: score('best-practices'), holds: () => true },
  'LCP, s': { read: audit('largest-contentful-paint', 1_000), holds: (value, form) => value <= form.paint },
  CLS: { read: audit('cumulative-layout-shift', 1), holds: (value) => value <= 0.1 },
  'TBT, ms': { read: audit('total-blocking-time', 1), holds: () => true },
};

function score(category) {
  return ({ categories }) => Math.round(categories[category].score * 100);
}

function audit(name, unit) {
  return ({ audits }) => Math.round((audits[name].numericValue / unit) * 1_000) / 1_000;
}

const median = (values) => values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)];

/** What a category takes points off for, the heaviest first. */
function losses({ categories: found, audits }) {
  const refs = categories.flatMap((category) => found[category].auditRefs.filter(({ weight }) => weight > 0));
  const lost = refs.filter(({ id }) => audits[id].score !== null && audits[id].score < 0.9);
  return lost.map(({ id }) => `${id} ${audits[id].displayValue ?? ''}`.trim());
}

async function reports(url, form, port) {
  const found = [];
  for (let load = 0; load < loads; load += 1) {
    const flags = { port, onlyCategories: categories, logLevel: 'error', ...form.flags };
    const { lhr } = await lighthouse(url, flags, form.config);
    if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
    if (new URL(lhr.finalDisplayedUrl).pathname !== new URL(url).pathname) throw new Error(`${url} led to ${lhr.finalDisplayedUrl}`);
    found.push(lhr);
  }
  return found;
}

/** Visits a page until the worker has the client. */
async function visit(url) {
  const page = await context.newPage();
  await page.goto(url);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.close();
}

const server = await Server.start();
const profile = await mkdtemp(join(tmpdir(), 'vekha-lighthouse-'));
const { context, port } = await launchToDebug(profile);
const table = [];
const remarks = new Set();
let short = false;
try {
  const people = await company(server);
  await fill(people);
  for (let number = 0; number < tasks; number += 1) {
    const deadline = inHours(1 + number * 5);
    await people.supervisor.createTask({ title: `Задача ${number}: согласовать смету`, assigneeId: people.manager.id, deadline });
  }
  for (const { name, path, as } of pages) {
    if (as) {
      const page = await context.newPage();
      await signIn({ page, visit: (path) => page.goto(server.url + path) }, people[as]);
      await page.close();
    }
    for (const [device, form] of Object.entries(forms)) {
      if (form.isLater) await visit(server.url + path);
      const found = await reports(server.url + path, form, port);
      const row = { page: name, form: device };
      for (const [figure, { read, holds }] of Object.entries(figures)) {
        const value = median(found.map(read));
        row[figure] = holds(value, form) ? value : `${value} (short)`;
        short ||= !holds(value, form);
      }
      table.push(row);
      for (const loss of found.flatMap(losses)) remarks.add(`${name}, ${device}: ${loss}`);
    }
    if (as) await context.clearCookies();
  }
} finally {
  await context.close();
  await server.stop();
  await rm(profile, { recursive: true, force: true });
}
console.table(table);
for (const remark of remarks) console.log(remark);
process.exitCode = short ? 1 : 0;

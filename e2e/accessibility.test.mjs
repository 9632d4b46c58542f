// WCAG 2.2 AA, as far as axe can tell, on every page, in both themes, on a desktop and on a phone.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';

import { company } from './harness/api.mjs';
import { desktop, launch, phone } from './harness/browser.mjs';
import { fill, pages, Tour } from './harness/pages.mjs';
import { Server } from './harness/server.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

let server;
let browser;
let people;
let data;
before(async () => {
  server = await Server.start();
  browser = await launch();
  people = await company(server);
  data = await fill(people);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const theme of ['light', 'dark']) {
  for (const [device, viewport] of Object.entries({ desktop, phone })) {
    describe(`${theme}, ${device}`, () => {
      let tour;
      before(() => {
        tour = new Tour(browser, { server, viewport, theme }, people, data);
      });
      after(() => tour.close());

      for (const page of pages) {
        test(page.name, async () => {
          const window = await tour.open(page);
          assert.deepEqual(await violations(window), []);
          assert.equal(await overflow(window), 0, 'nothing is wider than the screen');
          window.assertClean();
        });
      }
    });
  }
}

/** What axe finds, as lines to read. Its script is run by the debugger, past the content security policy. */
async function violations(window) {
  await window.page.evaluate(axe);
  const found = await window.page.evaluate((values) => globalThis.axe.run({ runOnly: { type: 'tag', values } }), tags);
  return found.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(' ')}`);
}

/** By how many pixels the page is wider than the screen. */
const overflow = (window) =>
  window.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

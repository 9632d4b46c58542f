// Nothing jumps while a page is opened: what is still coming keeps the place of what comes.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { company } from './harness/api.mjs';
import { desktop, launch, phone } from './harness/browser.mjs';
import { fill, pages, Tour } from './harness/pages.mjs';
import { Server } from './harness/server.mjs';
import { shifts, watchShifts } from './harness/shifts.mjs';

/** What counts as good for people: web.dev/cls. Here all shifts are added up, not those of one second alone. */
const most = 0.1;

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

for (const [device, viewport] of Object.entries({ desktop, phone })) {
  describe(device, () => {
    let tour;
    before(() => {
      tour = new Tour(browser, { server, viewport, prepare: watchShifts }, people, data);
    });
    after(() => tour.close());

    for (const page of pages) {
      test(page.name, async () => {
        const window = await tour.open(page);
        const found = await shifts(window);
        const sum = found.reduce((sum, { value }) => sum + value, 0);
        assert.ok(sum <= most, `${sum}:\n${found.map(({ value, moved }) => [value, ...moved].join('\n  ')).join('\n')}`);
        window.assertClean();
      });
    }
  });
}

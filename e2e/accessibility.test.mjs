// WCAG 2.2 AA, as far as axe can tell, on every page, in both themes, on a desktop and on a phone.

import { after, before, describe, test } from 'node:test';

import { company } from './harness/api.mjs';
import { assertAccessible } from './harness/axe.mjs';
import { desktop, launch, phone } from './harness/browser.mjs';
import { fill, pages, Tour } from './harness/pages.mjs';
import { Server } from './harness/server.mjs';

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
          await assertAccessible(window, page.within);
          window.assertClean();
        });
      }
    });
  }
}

// Writes a picture of every page, in both themes, on a desktop and on a phone, to target/screenshots.

import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { company } from './harness/api.mjs';
import { desktop, launch, phone, Window } from './harness/browser.mjs';
import { fill, open, pages } from './harness/pages.mjs';
import { Server } from './harness/server.mjs';

const folder = fileURLToPath(new URL('../target/screenshots/', import.meta.url));
await mkdir(folder, { recursive: true });
const server = await Server.start();
const browser = await launch();
const people = await company(server);
const data = await fill(people);
for (const theme of ['light', 'dark']) {
  for (const [device, viewport] of Object.entries({ desktop, phone })) {
    for (const page of pages) {
      const window = await Window.open(browser, { server, viewport, theme });
      await open(window, page, people, data);
      await window.page.screenshot({ path: `${folder}${page.name}-${theme}-${device}.png` });
      for (const problem of window.problems) console.log(page.name, theme, device, problem);
      await window.close();
    }
  }
}
await browser.close();
await server.stop();
console.log(folder);

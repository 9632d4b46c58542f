// Writes a picture of every page, in both themes, on a desktop and on a phone, to target/screenshots: with work in every state,
// and of a company that has only just begun. By hand, after a build: node e2e/screenshots.mjs

import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { company } from './harness/api.mjs';
import { launch, looks, Window } from './harness/browser.mjs';
import { fill, pages, Tour } from './harness/pages.mjs';
import { Server } from './harness/server.mjs';

const states = {
  full: { fill, shown: () => true },
  empty: { fill: () => ({}), shown: (page) => !page.needsTasks },
};

const browser = await launch();
for (const [state, { fill, shown }] of Object.entries(states)) {
  const folder = fileURLToPath(new URL(`../target/screenshots/${state}/`, import.meta.url));
  await mkdir(folder, { recursive: true });
  const server = await Server.start();
  const people = await company(server);
  const data = await fill(people);
  const open = (options) => Window.open(browser, { server, ...options });
  for (const { theme, device, viewport } of looks) {
    const tour = new Tour({ open, people, data }, { viewport, theme });
    for (const page of pages.filter(shown)) {
      const window = await tour.open(page);
      await window.page.screenshot({ path: `${folder}${page.name}-${theme}-${device}.png` });
    }
    await tour.close();
  }
  await server.stop();
  console.log(folder);
}
await browser.close();

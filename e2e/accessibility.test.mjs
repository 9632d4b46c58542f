// WCAG 2.2 AA, as far as axe can tell, on every page, in both themes, on a desktop and on a phone.

import { after, describe, test } from 'node:test';

import { assertAccessible } from './harness/axe.mjs';
import { looks } from './harness/browser.mjs';
import { fill, pages, Tour } from './harness/pages.mjs';
import { setStage } from './harness/stage.mjs';

const stage = setStage(fill);

for (const { theme, device, viewport } of looks) {
  describe(`${theme}, ${device}`, () => {
    const tour = new Tour(stage, { viewport, theme });
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

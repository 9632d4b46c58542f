// Nothing jumps while a page is opened: what is still coming keeps the place of what comes.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';

import { desktop, phone } from './harness/browser.mjs';
import { fill, pages, Tour } from './harness/pages.mjs';
import { shifts, watchShifts } from './harness/shifts.mjs';
import { setStage } from './harness/stage.mjs';

/** What counts as good for people: web.dev/cls. Here all shifts are added up, not those of one second alone. */
const most = 0.1;

const stage = setStage(fill);

for (const [device, viewport] of Object.entries({ desktop, phone })) {
  describe(device, () => {
    const tour = new Tour(stage, { viewport, prepare: watchShifts });
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

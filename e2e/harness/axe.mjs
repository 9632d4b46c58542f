// What axe finds on a page, and whether the page is wider than the screen.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Fails where axe finds anything, or something is wider than the screen. Its script is run by the debugger, past the content security
 * policy. `within` is what opened over the page: of a control that it covers a part nobody has to hit the rest.
 */
export async function assertAccessible(window, within = null) {
  await window.page.evaluate(axe);
  const run = ({ values, within }) => globalThis.axe.run(within ?? document, { runOnly: { type: 'tag', values } });
  const found = await window.page.evaluate(run, { values: tags, within });
  const lines = found.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(' ')}`);
  assert.deepEqual(lines, []);
  const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
  assert.equal(await window.page.evaluate(overflow), 0, 'nothing is wider than the screen');
}

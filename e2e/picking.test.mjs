// Choosing from what the server finds while one types: answers come in any order, and while a choice is being pressed.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { words } from './harness/client.mjs';
import { hasFocus } from './harness/focus.mjs';
import { setStage } from './harness/stage.mjs';
import { withhold } from './harness/withhold.mjs';

const { people, signedIn } = setStage();

/** Opens the form of a new task and in it the choice of who is to do it; `typed` answers late. */
async function choosing(typed) {
  const window = await signedIn(people.supervisor);
  const { page } = window;
  const late = await withhold(window, (body) => body.includes('users(') && body.includes(`"${typed}"`));
  await page.getByRole('button', { name: words.newTask }).first().click();
  await page.getByRole('button', { name: new RegExp(`^${words.assignee}:`) }).click();
  const field = page.getByRole('combobox', { name: words.findPerson });
  await hasFocus(field);
  const option = (person) => page.getByRole('option', { name: person.name });
  await option(people.manager).waitFor();
  return { window, page, field, option, late };
}

test('what was found for the letters before does not take the place of what is found for these', async () => {
  const { window, field, option, late } = await choosing('пётр');
  await field.fill('пётр');
  await late.asked;
  await field.fill('анна');
  await option(people.manager).waitFor({ state: 'detached' });
  late.release();
  await window.settled();
  await window.drawn();
  assert.deepEqual([await option(people.supervisor).count(), await option(people.manager).count()], [1, 0]);
  window.assertClean();
  await window.close();
});

test('who was pressed is chosen, though an answer takes others away before the release', async () => {
  const { window, page, field, option, late } = await choosing('пётр');
  await field.fill('пётр');
  await late.asked;
  // Of everyone the last; of those found the first.
  const { x, y, height } = await option(people.manager).boundingBox();
  await page.mouse.move(x + 40, y + height / 2);
  await page.mouse.down();
  late.release();
  await window.settled();
  await page.mouse.up();
  await page.getByRole('button', { name: `${words.assignee}: ${people.manager.name}` }).waitFor();
  window.assertClean();
  await window.close();
});

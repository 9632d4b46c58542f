// The playground: works with nothing but this server, as whoever is signed in.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Server } from './harness/server.mjs';
import { setStage } from './harness/stage.mjs';

const { people, open, signedIn } = setStage();

/** Replaces the query in GraphiQL's editor, waits until GraphiQL has read it, and runs it. */
async function run(page, name, operation) {
  await page.getByRole('region', { name: 'Query Editor' }).locator('.CodeMirror').first().click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(operation);
  await page.waitForFunction((name) => {
    const { documentAST } = document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror;
    return documentAST?.definitions[0].name?.value === name;
  }, name);
  await page.keyboard.press('ControlOrMeta+Enter');
}

test('a query and a subscription run, and nothing is asked of another host', async () => {
  const { supervisor, manager } = people;
  const window = await signedIn(supervisor);
  await window.visit('/playground');
  const answer = window.page.getByRole('region', { name: 'Result Window' });

  await run(window.page, 'Who', 'query Who { viewer { name } }');
  await answer.getByText(supervisor.name).waitFor();

  const { tasks } = await supervisor.call('{ tasks(first: 1) { liveCursor } }');
  const selection = '{ __typename ... on TaskCreated { task { title } } }';
  await run(window.page, 'Live', `subscription Live { taskEvents(after: "${tasks.liveCursor}") ${selection} }`);
  await supervisor.createTask({ title: 'Видно в песочнице', assigneeId: manager.id });
  await answer.getByText('Видно в песочнице').waitFor();

  const foreign = window.requests.filter((address) => !address.startsWith(window.server.url) && !/^(data|blob):/.test(address));
  assert.deepEqual(foreign, []);
  window.assertClean();
  await window.close();
});

test('dialogs look as they should, and nothing else is let in inline', async () => {
  const window = await open();
  await window.visit('/playground');
  const { page } = window;
  const style = (element, name) => element.evaluate((element, name) => getComputedStyle(element)[name], name);
  const body = page.locator('body');
  assert.equal(await style(body, 'overflow'), 'visible');

  await page.getByRole('button', { name: 'Open settings dialog' }).click();
  await page.getByRole('dialog').getByText('Settings', { exact: true }).waitFor();
  assert.equal(await style(body, 'overflow'), 'hidden', 'the style sheet that is added to the page');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  const editor = page.getByRole('region', { name: 'Query Editor' }).locator('.CodeMirror').first();
  await editor.click();
  await page.keyboard.press('Alt+g');
  const line = editor.locator('.CodeMirror-dialog');
  const [width, size] = [await style(line.locator('input'), 'width'), await style(line.locator('input'), 'fontSize')];
  assert.equal(parseFloat(width), 10 * parseFloat(size), 'an attribute of the editor');
  assert.equal(await style(line.getByText('Use line:column'), 'color'), 'rgb(136, 136, 136)', 'another one');

  window.assertClean();
  await window.close();
});

test('production mode has no playground', async () => {
  const production = await Server.start({ VEKHA_MODE: 'production' });
  const response = await fetch(`${production.url}/playground`, { headers: { accept: 'application/json' } });
  await production.stop();
  assert.equal(response.status, 404);
});

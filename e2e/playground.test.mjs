// The playground: works with nothing but this server, as whoever is signed in.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { company } from './harness/api.mjs';
import { launch, Window } from './harness/browser.mjs';
import { signIn } from './harness/client.mjs';
import { Server } from './harness/server.mjs';

let server;
let browser;
let people;
before(async () => {
  server = await Server.start();
  browser = await launch();
  people = await company(server);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

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
  const window = await Window.open(browser, { server });
  await signIn(window, supervisor);
  await window.visit('/playground');
  const answer = window.page.getByRole('region', { name: 'Result Window' });

  await run(window.page, 'Who', 'query Who { viewer { name } }');
  await answer.getByText(supervisor.name).waitFor();

  const { tasks } = await supervisor.call('{ tasks(first: 1) { liveCursor } }');
  const selection = '{ __typename ... on TaskCreated { task { title } } }';
  await run(window.page, 'Live', `subscription Live { taskEvents(after: "${tasks.liveCursor}") ${selection} }`);
  await supervisor.createTask({ title: 'Видно в песочнице', assigneeId: manager.id });
  await answer.getByText('Видно в песочнице').waitFor();

  const foreign = window.requests.filter((address) => !address.startsWith(server.url) && !/^(data|blob):/.test(address));
  assert.deepEqual(foreign, []);
  window.assertClean();
  await window.close();
});

test('production mode has no playground', async () => {
  const production = await Server.start({ VEKHA_MODE: 'production' });
  const response = await fetch(`${production.url}/playground`, { headers: { accept: 'application/json' } });
  await production.stop();
  assert.equal(response.status, 404);
});

// Several processes as docker-compose.yml describes them: behind one proxy, on one PostgreSQL. What one does the other shows, one
// may die, all may be started anew one after the other, and nobody who is connected loses anything.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';

import { company, inHours, password, post } from './harness/api.mjs';
import { launch, Window } from './harness/browser.mjs';
import { createTask, goTo, row, signIn, words } from './harness/client.mjs';
import { createDatabase } from './harness/database.mjs';
import { Topology } from './harness/topology.mjs';

describe('two processes behind a proxy', () => {
  let browser;
  let topology;
  let people;
  let anna;
  let petr;

  before(async () => {
    browser = await launch();
    topology = await Topology.start({ databaseUrl: await createDatabase() });
    people = await company(topology);
    [anna, petr] = await Promise.all([Window.open(browser, { server: topology }), Window.open(browser, { server: topology })]);
    await signIn(anna, people.supervisor);
    await goTo(anna, words.setByMe);
    await signIn(petr, people.manager);
    await goTo(petr, words.mine);
    await Promise.all([anna.live(), petr.live()]);
  });
  after(async () => {
    await browser?.close();
    await topology?.stop();
  });

  /** Sets a task as programs do, again under the same key where a process died in the middle; both see it, once. */
  const seenByBoth = async (title) => {
    const input = { title, assigneeId: people.manager.id, deadline: inHours(5), idempotencyKey: randomUUID() };
    let failed = 0;
    while (!(await people.supervisor.createTask(input).catch((error) => (error instanceof SyntaxError ? null : Promise.reject(error))))) {
      failed += 1;
      assert.ok(failed <= 2, 'the proxy finds the process that lives');
    }
    await shown(title);
    return failed;
  };
  const shown = async (title) => {
    for (const window of [anna, petr]) {
      await row(window, title).waitFor();
      assert.equal(await row(window, title).count(), 1);
    }
  };
  /** Does something during which connections break. */
  const interrupted = (work) => anna.duringOutage(() => petr.duringOutage(work));

  test('a task set through the proxy is on both screens', async () => {
    await createTask(anna, { title: 'Через прокси', assignee: people.manager.name });
    await shown('Через прокси');
    anna.assertClean();
    petr.assertClean();
  });

  test('each guess at a password counts for the address that the proxy names, not for the proxy', async () => {
    const login = 'mutation ($input: LoginInput!) { login(input: $input) { userErrors { code } } }';
    const guess = (input) => post(topology, login, { input: { delivery: 'BODY', ...input } });
    // More than one address may try within its free attempts: the header is a client's word, and the proxy replaces it.
    const codes = [];
    for (let number = 0; number < 25; number += 1) {
      const response = await fetch(topology.graphql, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': `198.51.100.${number}` },
        body: JSON.stringify({ query: login, variables: { input: { email: `nobody${number}@example.com`, password: 'неверный-пароль' } } }),
      });
      codes.push((await response.json()).errors?.[0]?.extensions?.code ?? 'answered');
    }
    assert.equal(codes[0], 'answered');
    assert.equal(codes.at(-1), 'RATE_LIMITED');
    const { errors } = await guess({ email: people.manager.email, password });
    assert.equal(errors?.[0]?.extensions?.code, 'RATE_LIMITED', 'one address, whatever header it sends');
  });

  test('one process is killed: the other serves everyone, and nothing is missing', async () => {
    await interrupted(async () => {
      await topology.servers[0].kill();
      await seenByBoth('Пока один убит');
      await topology.servers[0].restart();
      await topology.backInTurn(topology.servers[0]);
      await seenByBoth('После возвращения');
    });
    await shown('Пока один убит');
  });

  test('a rolling restart loses nothing', async () => {
    await interrupted(async () => {
      for (const [number, server] of topology.servers.entries()) {
        const title = `Во время перезапуска ${number + 1}`;
        const [, failed] = await Promise.all([server.rollingRestart(), seenByBoth(title)]);
        assert.equal(failed, 0, 'a process that ends in order finishes what it was asked');
        await topology.backInTurn(server);
      }
    });
    for (const number of [1, 2]) await shown(`Во время перезапуска ${number}`);
    await seenByBoth('После перезапуска');
  });
});

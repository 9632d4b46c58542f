// Several processes as docker-compose.yml describes them: behind one proxy, on one PostgreSQL and one Elasticsearch. What one does the
// other shows and finds, one may die, all may be started anew one after the other, and nobody who is connected loses anything.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { password, post } from './harness/api.mjs';
import { createTask, goTo, row, words } from './harness/client.mjs';
import { machine } from './harness/clock.mjs';
import { createDatabase, dropDatabase } from './harness/database.mjs';
import { Index } from './harness/elasticsearch.mjs';
import { setStage } from './harness/stage.mjs';
import { Topology } from './harness/topology.mjs';

/** How long a process may keep the index to itself without a sign of life (`TERM` of the indexer), and what a busy machine adds. */
const lease = 15_000;
const slack = 10_000;
const lookEvery = 100;

describe('two processes behind a proxy', () => {
  let database;
  let index;
  let topology;
  const start = async () => {
    database = await createDatabase();
    index = new Index();
    topology = await Topology.start({ databaseUrl: database, search: index.environment });
    return topology;
  };
  let anna;
  let petr;
  const enter = async ({ supervisor, manager }) => {
    anna = await signedIn(supervisor);
    await goTo(anna, words.setByMe);
    petr = await signedIn(manager);
    await goTo(petr, words.mine);
    await Promise.all([anna.live(), petr.live()]);
  };
  const { people, signedIn } = setStage(enter, { start });
  after(async () => {
    await index?.drop();
    if (database) await dropDatabase(database);
  });

  /** Waits until a process finds a task by words of its title, in the index; says how long that took, in milliseconds. */
  const found = async (server, title) => {
    const query = 'query ($text: String) { taskSearch(input: { text: $text }) { degraded nodes { title } } }';
    const from = performance.now();
    for (;;) {
      const { data, errors } = await post(server, query, { text: title.toLowerCase() }, people.admin.token);
      assert.equal(errors, undefined, JSON.stringify(errors));
      const { degraded, nodes } = data.taskSearch;
      if (!degraded && nodes.some((task) => task.title === title)) return Math.round(performance.now() - from);
      assert.ok(performance.now() - from < lease + slack, `${title} is not found through ${server.url}`);
      await pause(lookEvery);
    }
  };
  const foundByBoth = (title) => Promise.all(topology.servers.map((server) => found(server, title)));

  /** Sets a task as programs do, again under the same key where a process died in the middle; both see it, once. */
  const seenByBoth = async (title) => {
    const input = { title, assigneeId: people.manager.id, deadline: machine.inHours(5), idempotencyKey: randomUUID() };
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

  test('a task set through the proxy is on both screens and found through both processes', async () => {
    await createTask(anna, { title: 'Через прокси', assignee: people.manager.name });
    await shown('Через прокси');
    await foundByBoth('Через прокси');
    // What one process was asked for the other shows and finds, whichever of them keeps the index.
    for (const [number, server] of topology.servers.entries()) {
      const through = Object.assign(Object.create(people.supervisor), { server });
      const title = `Через процесс ${number + 1}`;
      await through.createTask({ title, assigneeId: people.manager.id });
      await shown(title);
      await foundByBoth(title);
    }
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
    const stranger = await guess({ email: 'nobody@example.com', password });
    assert.equal(stranger.errors?.[0]?.extensions?.code, 'RATE_LIMITED', 'one address, whatever header it sends');
    const known = await guess({ email: people.manager.email, password });
    assert.equal(known.errors, undefined, 'whoever has signed in from there is kept out by nobody else');
  });

  test('the process that keeps the index is killed: the other takes over index and schedule, and nothing is missing', async () => {
    await interrupted(async () => {
      const keeper = await topology.keeperOfIndex();
      const [heir] = topology.servers.filter((server) => server !== keeper);
      await keeper.kill();
      await seenByBoth('Пока один убит');
      const soon = { title: 'Срок пройдёт без него', assigneeId: people.manager.id, deadline: machine.inHours(2 / 3_600) };
      await people.supervisor.createTask(soon);
      await Promise.all([anna, petr].map((window) => window.event('TaskOverdue', soon.title)));
      const waited = await found(heir, 'Пока один убит');
      console.log('found through the one that took over, ms after the other was killed and a task became overdue:', waited);
      await keeper.restart();
      await topology.backInTurn(keeper);
      await seenByBoth('После возвращения');
      await foundByBoth('После возвращения');
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
    for (const title of ['Во время перезапуска 1', 'Во время перезапуска 2', 'После перезапуска']) await foundByBoth(title);
  });
});

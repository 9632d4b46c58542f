// graphql-transport-ws as its specification says: the client of its author end to end, and the close codes on a bare
// socket.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';

import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

import { inHours } from './harness/api.mjs';
import { setStage } from './harness/stage.mjs';

const stage = setStage();
const { people } = stage;

describe('the client of graphql-ws', () => {
  /** Subscribes as a person; `next()` resolves with what comes next. */
  function subscribe(person, after) {
    const client = createClient({
      url: stage.server.socket,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { authorization: `Bearer ${person.token}` },
    });
    const query = `subscription ($after: Cursor) {
      taskEvents(after: $after) {
        __typename
        ... on Happened { cursor }
        ... on TaskCreated { task { title } }
        ... on TaskStatusChanged { to }
      }
    }`;
    const events = client.iterate({ query, variables: { after } });
    return {
      async next() {
        const { value, done } = await events.next();
        assert.equal(done, false, 'the stream goes on');
        assert.equal(value.errors, undefined, JSON.stringify(value.errors));
        return value.data.taskEvents;
      },
      async end() {
        await events.return();
        await client.dispose();
      },
    };
  }

  test('what happened while it was away comes first, in order, once, and then what happens', async () => {
    const { supervisor, manager } = people;
    const { tasks } = await manager.call('{ tasks(first: 1) { liveCursor } }');
    const title = (number) => `Подписка ${number}`;
    const create = (number) => supervisor.createTask({ title: title(number), assigneeId: manager.id });

    const first = subscribe(manager, tasks.liveCursor);
    await create(1);
    const seen = await first.next();
    assert.equal(seen.task.title, title(1));
    await first.end();

    for (const number of [2, 3, 4]) await create(number);
    const second = subscribe(manager, seen.cursor);
    const missed = [await second.next(), await second.next(), await second.next()];
    assert.deepEqual(missed.map((event) => event.task.title), [2, 3, 4].map(title));

    const task = await create(5);
    assert.equal((await second.next()).task.title, title(5));
    await manager.transition(task, 'START');
    assert.deepEqual(pick(await second.next()), { __typename: 'TaskStatusChanged', to: 'IN_PROGRESS' });
    await second.end();
  });

  test('queries and mutations run over the socket as well', async () => {
    const client = createClient({
      url: stage.server.socket,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { authorization: `Bearer ${people.supervisor.token}` },
    });
    const input = { title: 'Через сокет', assigneeId: people.manager.id, deadline: inHours(5) };
    const operation = { query: CREATE, variables: { input } };
    const { value } = await client.iterate(operation).next();
    assert.equal(value.data.taskCreate.task.title, 'Через сокет');
    await client.dispose();
  });
});

const CREATE = `mutation ($input: TaskCreateInput!) {
  taskCreate(input: $input) { task { title } userErrors { code } }
}`;
const pick = ({ __typename, to }) => ({ __typename, to });

describe('close codes', () => {
  const subscription = { query: 'subscription { taskEvents { __typename } }' };

  /** A bare socket; `send` writes one message, `until` reads up to the first of a type, `closed` resolves with the code. */
  async function connect() {
    const socket = new WebSocket(stage.server.socket, 'graphql-transport-ws', { origin: stage.server.url });
    const closed = once(socket, 'close').then(([code]) => code);
    const messages = [];
    const waiting = [];
    socket.on('message', (data) => {
      const message = JSON.parse(data);
      messages.push(message);
      waiting.splice(0).forEach((look) => look());
    });
    await once(socket, 'open');
    return {
      closed,
      send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
      until: (type) =>
        new Promise((resolve) => {
          const look = () => {
            const found = messages.find((message) => message.type === type);
            if (found) resolve(found);
            else waiting.push(look);
          };
          look();
        }),
      close: () => socket.close(1000),
    };
  }

  async function acknowledged(person = people.manager) {
    const connection = await connect();
    connection.send({ type: 'connection_init', payload: { authorization: `Bearer ${person.token}` } });
    await connection.until('connection_ack');
    return connection;
  }

  test('4400: a message that is none', async () => {
    for (const message of ['not JSON', '{"type":"unknown"}', '{"type":"subscribe"}', '[]']) {
      const connection = await acknowledged();
      connection.send(message);
      assert.equal(await connection.closed, 4400, message);
    }
  });

  test('4401: a subscription before the connection is acknowledged', async () => {
    const connection = await connect();
    connection.send({ id: '1', type: 'subscribe', payload: subscription });
    assert.equal(await connection.closed, 4401);
  });

  test('4403: a token that is none', async () => {
    const connection = await connect();
    connection.send({ type: 'connection_init', payload: { authorization: 'Bearer forged' } });
    assert.equal(await connection.closed, 4403);
  });

  test('4408: no initialisation in time', async () => {
    const connection = await connect();
    assert.equal(await connection.closed, 4408);
  });

  test('4409: two subscriptions of one id', async () => {
    const connection = await acknowledged();
    connection.send({ id: 'same', type: 'subscribe', payload: subscription });
    connection.send({ id: 'same', type: 'subscribe', payload: subscription });
    assert.equal(await connection.closed, 4409);
  });

  test('4429: two initialisations', async () => {
    const connection = await acknowledged();
    connection.send({ type: 'connection_init' });
    assert.equal(await connection.closed, 4429);
  });

  test('a ping is answered with its payload', async () => {
    const connection = await acknowledged();
    connection.send({ type: 'ping', payload: { at: 1 } });
    assert.equal((await connection.until('pong')).type, 'pong');
    connection.close();
    assert.equal(await connection.closed, 1000);
  });

  test('a foreign origin is refused before there is a socket', async () => {
    const socket = new WebSocket(stage.server.socket, 'graphql-transport-ws', { origin: 'http://elsewhere.example' });
    socket.on('error', () => {});
    const [, response] = await once(socket, 'unexpected-response');
    assert.equal(response.statusCode, 403);
    response.destroy();
  });
});

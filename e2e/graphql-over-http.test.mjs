// GraphQL over HTTP as its specification says, by the audit of the reference implementation's authors.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { auditServer } from 'graphql-http';

import { Server } from './harness/server.mjs';

let server;
before(async () => {
  server = await Server.start();
});
after(() => server?.stop());

test('the audit of graphql-http finds no error and no warning', async () => {
  const results = await auditServer({ url: server.graphql, fetchFn: fetch });
  const tally = { ok: 0, notice: 0, warn: 0, error: 0 };
  for (const { status } of results) tally[status] += 1;
  console.log('graphql-http audit:', tally);
  const found = results.filter(({ status }) => status === 'warn' || status === 'error');
  assert.deepEqual(found.map(({ status, name, reason }) => `${status}: ${name}: ${reason}`), []);
  assert.ok(tally.ok > 50, 'the audit ran');
});

// A database of its own on the PostgreSQL that the test run started.

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

import { parse } from 'csv-parse/sync';

const run = promisify(execFile);
const psql = process.env.PSQL ?? 'psql';

/** The address of a new, empty database. */
export async function createDatabase() {
  const server = process.env.VEKHA_TEST_POSTGRES_URL;
  if (!server) throw new Error('VEKHA_TEST_POSTGRES_URL is not set: `cargo xtask test` starts PostgreSQL and sets it');
  const name = `e2e_${randomBytes(6).toString('hex')}`;
  await run(psql, [server, '--quiet', '--command', `create database ${name}`]);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** Removes a database once its servers are gone. */
export async function dropDatabase(url) {
  const name = new URL(url).pathname.slice(1);
  await run(psql, [process.env.VEKHA_TEST_POSTGRES_URL, '--quiet', '--command', `drop database ${name}`]);
}

/** What a statement finds in a database: an object a row, all values as text. `:'name'` in it is the value of that name. */
export async function select(url, statement, values = {}) {
  const set = Object.entries(values).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const asked = run(psql, [url, '--no-psqlrc', '--quiet', '--csv', '--set', 'ON_ERROR_STOP=1', ...set]);
  asked.child.stdin.end(statement);
  const { stdout } = await asked;
  return parse(stdout, { columns: true });
}

// A database of its own on the PostgreSQL that the test run started.

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

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

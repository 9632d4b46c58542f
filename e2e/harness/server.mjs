// The real binary as a child process on a fresh data folder: started, killed, started again on the same port.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { clock as clockOfTests, machine } from './clock.mjs';

/** The executable under test. */
const executable = process.env.VEKHA ?? fileURLToPath(new URL('../../target/debug/vekha', import.meta.url));
/** A server that is not ready by then will never be, in milliseconds. */
const startWithin = 30_000;
const probeEvery = 25;

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** Secrets that several processes share. */
export const sharedSecrets = () => `e2e:${randomBytes(32).toString('base64')}`;

/** A port that is free now. */
export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** One `vekha serve`. Its port and data folder outlive a restart. */
export class Server {
  #child;
  #log = [];
  #environment;

  /**
   * Starts a server and waits until it is ready.
   * @param {Record<string, string>} environment what differs from the embedded defaults in development mode
   * @param {import('./clock.mjs').Clock} clock by which it goes; in production mode it knows the machine's alone
   */
  static async start(environment = {}, clock = clockOfTests) {
    const server = new Server();
    server.clock = environment.VEKHA_MODE === 'production' ? machine : clock;
    server.port = await freePort();
    server.folder = await mkdtemp(join(tmpdir(), 'vekha-e2e-'));
    server.#environment = {
      VEKHA_LISTEN: `127.0.0.1:${server.port}`,
      VEKHA_DATA_DIR: server.folder,
      VEKHA_MODE: 'development',
      // One person makes what a company would.
      VEKHA_CHANGES_PER_MINUTE: '1000000',
      ...environment,
    };
    await server.restart();
    return server;
  }

  /** The origin that browsers use. */
  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Where GraphQL answers. */
  get graphql() {
    return `${this.url}/graphql`;
  }

  /** Where GraphQL answers over WebSocket. */
  get socket() {
    return `ws://127.0.0.1:${this.port}/graphql`;
  }

  /** What the process has printed so far. */
  get log() {
    return this.#log.join('');
  }

  /** Starts the process on the port and the data that it had, and waits until it is ready. */
  async restart() {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('VEKHA'));
    const set = this.clock === machine ? {} : { VEKHA_TEST_CLOCK: this.clock.inHours(0) };
    const env = { ...Object.fromEntries(inherited), ...this.#environment, ...set };
    this.#child = spawn(executable, ['serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(this.#child);
    this.#child.once('exit', () => running.delete(this.#child));
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream.on('data', (text) => this.#log.push(text));
    const deadline = performance.now() + startWithin;
    while (!(await this.#ready())) {
      if (this.#child.exitCode !== null || performance.now() > deadline) throw new Error(`the server did not start:\n${this.log}`);
      await pause(probeEvery);
    }
  }

  async #ready() {
    return fetch(`${this.url}/health/ready`).then((response) => response.ok, () => false);
  }

  /** Ends the process as a power cut would, and waits until it is gone. */
  async kill() {
    await this.#end('SIGKILL');
  }

  /** Asks the process to end, and starts it again once it has. */
  async rollingRestart() {
    await this.#end('SIGTERM');
    await this.restart();
  }

  /** Asks the process to end, and removes its data. */
  async stop() {
    await this.#end('SIGTERM');
    await rm(this.folder, { recursive: true, force: true });
  }

  async #end(signal) {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill(signal);
    await gone;
  }
}

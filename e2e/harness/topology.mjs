// What docker-compose.yml describes, started by hand where no container engine runs: the same proxy with the same
// configuration before the same processes with the same environment. Addresses and files alone are those of this machine.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'yaml';

import { keyHash } from './browser.mjs';
import { machine } from './clock.mjs';
import { freePort, Server, sharedSecrets } from './server.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const nginx = process.env.NGINX ?? '/usr/sbin/nginx';
const startWithin = 20_000;
const metricsToken = 'a-token-of-metrics';

// The certificate is one of this test's own.
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';

/** The processes of docker-compose.yml behind its proxy. */
export class Topology {
  /** Its processes are in production mode. */
  clock = machine;
  /** The key of its certificate, as a browser knows it. */
  trustedKey;
  #proxy;
  #folder;

  #search;

  /** @param {{ databaseUrl: string, search: Record<string, string> }} options where the database and the index are */
  static async start({ databaseUrl, search }) {
    const topology = new Topology();
    topology.#search = search;
    topology.#folder = await mkdtemp(join(tmpdir(), 'vekha-topology-'));
    topology.url = `https://127.0.0.1:${await freePort()}`;
    const { services } = parse(await readFile(join(root, 'docker-compose.yml'), 'utf8'), { merge: true });
    const secrets = { database_url: databaseUrl, token_secrets: sharedSecrets() };
    for (const [name, value] of Object.entries(secrets)) await writeFile(join(topology.#folder, name), `${value}\n`);

    topology.servers = [];
    for (const service of [services['vekha-1'], services['vekha-2']]) {
      topology.servers.push(await Server.start(topology.#environment(service)));
    }
    await topology.#startProxy();
    return topology;
  }

  /** The environment of a service, with what is elsewhere on this machine. */
  #environment({ environment }) {
    const here = {
      VEKHA_PUBLIC_URL: this.url,
      VEKHA_REGISTRATION: 'open',
      VEKHA_TRUSTED_PROXIES: '127.0.0.1',
      VEKHA_ELASTICSEARCH_URL: this.#search.VEKHA_ELASTICSEARCH_URL,
    };
    const elsewhere = ([name, value]) => {
      if (name in here) return [name, here[name]];
      if (name.endsWith('_FILE')) return [name, value.replace('/run/secrets', this.#folder)];
      return [name, value];
    };
    // The cluster is one that others use too.
    const more = { VEKHA_MODE: 'production', VEKHA_METRICS_TOKEN: metricsToken, VEKHA_ELASTICSEARCH_INDEX: this.#search.VEKHA_ELASTICSEARCH_INDEX };
    return { ...Object.fromEntries(Object.entries(environment).map(elsewhere)), ...more };
  }

  /** The proxy with deploy/nginx.conf, whose addresses and files are those of this machine. */
  async #startProxy() {
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const files = ['-keyout', join(this.#folder, 'certificate_key'), '-out', join(this.#folder, 'certificate')];
    await promisify(execFile)('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files]);
    this.trustedKey = keyHash(await readFile(join(this.#folder, 'certificate')));

    const here = [
      ['${VEKHA_HOST}', new URL(this.url).hostname],
      ['listen 80', `listen 127.0.0.1:${await freePort()}`],
      ['listen 443', `listen ${new URL(this.url).host}`],
      ['/run/secrets/certificate;', `${this.#folder}/certificate;`],
      ['/run/secrets/certificate_key;', `${this.#folder}/certificate_key;`],
      ...this.servers.map((server, number) => [`vekha-${number + 1}:8080`, `127.0.0.1:${server.port}`]),
    ];
    let site = await readFile(join(root, 'deploy', 'nginx.conf'), 'utf8');
    for (const [there, value] of here) {
      if (!site.includes(there)) throw new Error(`deploy/nginx.conf has no ${there}`);
      site = site.replaceAll(there, value);
    }
    const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${this.#folder}/${name};`);
    const whole = `events {}\nhttp {\naccess_log off;\nadd_header X-Served-By $upstream_addr always;\n${folders.join('\n')}\n${site}}\n`;
    const file = join(this.#folder, 'nginx.conf');
    await writeFile(file, whole);
    const more = `daemon off; master_process off; error_log stderr; pid ${this.#folder}/pid;`;
    this.#proxy = spawn(nginx, ['-c', file, '-g', more], { stdio: ['ignore', 'pipe', 'pipe'] });
    const log = [];
    for (const stream of [this.#proxy.stdout, this.#proxy.stderr]) stream.on('data', (text) => log.push(text));
    const deadline = performance.now() + startWithin;
    while (!(await fetch(`${this.url}/health/ready`).then((response) => response.ok, () => false))) {
      if (this.#proxy.exitCode !== null || performance.now() > deadline) throw new Error(`the proxy did not start:\n${log.join('')}`);
      await pause(50);
    }
  }

  /** Waits until the proxy gives requests to a process again that it could not reach for a while. */
  async backInTurn(server) {
    const deadline = performance.now() + startWithin;
    const served = () => fetch(`${this.url}/health/live`).then((response) => response.headers.get('x-served-by'));
    while ((await served()) !== `127.0.0.1:${server.port}`) {
      if (performance.now() > deadline) throw new Error('the proxy does not come back to the process');
      await pause(50);
    }
  }

  /** The process that has written to the index so far; of several, the one that wrote most. */
  async keeperOfIndex() {
    const written = async (server) => {
      const headers = { authorization: `Bearer ${metricsToken}` };
      const metrics = await fetch(`${server.url}/metrics`, { headers }).then((response) => response.text());
      return Number(/^vekha_search_entries_total (\d+)/m.exec(metrics)?.[1] ?? 0);
    };
    const counts = await Promise.all(this.servers.map(written));
    if (!Math.max(...counts)) throw new Error('no process has written to the index');
    return this.servers[counts.indexOf(Math.max(...counts))];
  }

  /** Where GraphQL answers, through the proxy. */
  get graphql() {
    return `${this.url}/graphql`;
  }

  async stop() {
    if (this.#proxy && this.#proxy.exitCode === null) {
      const gone = once(this.#proxy, 'exit');
      this.#proxy.kill('SIGKILL');
      await gone;
    }
    for (const server of this.servers ?? []) await server.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

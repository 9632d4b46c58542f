// Real browsers, driven by what people and assistive programs perceive: roles and names. Everything that goes wrong in
// them is collected, and has to be nothing.

import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';

import { chromium } from 'playwright-core';

import { clock, goBy } from './clock.mjs';
import { freePort } from './server.mjs';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts a browser; each window that is opened in it has storage of its own.
 * @param {{ trustedKey?: string, timeZone?: string }} options
 *   `trustedKey`: that of a certificate which it takes for a known one, as its hash (`keyHash`); `timeZone`: of its device, as `TZ` has it
 */
export function launch({ trustedKey, timeZone } = {}) {
  // Ignoring errors instead would ask anew for each connection, and a request that met too many of them fails.
  const trusted = trustedKey ? [`--ignore-certificate-errors-spki-list=${trustedKey}`] : [];
  const env = timeZone ? { ...process.env, TZ: timeZone } : process.env;
  return chromium.launch({ executablePath, args: [...flags, ...trusted], env });
}

/** The hash by which a browser knows the key of a certificate. */
export function keyHash(certificate) {
  const key = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(key).digest('base64');
}

/**
 * Starts a browser with its profile in a folder, for a tool that connects to a port of its own: what is signed in here is
 * signed in there.
 */
export async function launchToDebug(folder) {
  const port = await freePort();
  const args = [...flags, `--remote-debugging-port=${port}`];
  const context = await chromium.launchPersistentContext(folder, { executablePath, args, locale: 'ru-RU' });
  await goBy(context, clock);
  return { port, context };
}

/** The width and height of a desktop's and of a phone's window. */
export const desktop = { width: 1280, height: 800 };
export const phone = { width: 390, height: 844 };

/** Each theme on each device. */
export const looks = ['light', 'dark'].flatMap((theme) =>
  Object.entries({ desktop, phone }).map(([device, viewport]) => ({ theme, device, viewport })),
);

/** A window of one person, with a list of what went wrong in it. */
export class Window {
  /** What went wrong: errors in the console, failed requests, violations of the content security policy. */
  problems = [];
  /** Every address that was asked for. */
  requests = [];
  #outage = false;
  #subscribed;
  #events = [];
  #awaited = new Set();
  #underWay = new Set();
  #quiet = new Set();

  /**
   * @param {import('playwright-core').Browser} browser
   * @param {{ server: import('./server.mjs').Server, viewport?: object, theme?: 'light' | 'dark', locale?: string, timeZone?: string | null, hasTouch?: boolean, worker?: boolean }} options
   *   `timeZone`: of the device, `null` for that of the browser; `worker`: with the service worker, which keeps files between a test's steps
   */
  static async open(browser, { server, viewport = desktop, theme = 'light', locale = 'ru-RU', timeZone = 'Asia/Tokyo', hasTouch = false, worker = false }) {
    const window = new Window();
    window.server = server;
    window.context = await browser.newContext({
      viewport,
      locale,
      hasTouch,
      colorScheme: theme,
      // Not that of any person: to take the device's clock for theirs is seen.
      timezoneId: timeZone ?? undefined,
      reducedMotion: 'reduce',
      serviceWorkers: worker ? 'allow' : 'block',
    });
    window.page = await window.context.newPage();
    await goBy(window.context, server.clock);
    window.page.setDefaultTimeout(15_000);
    window.#listen();
    return window;
  }

  #listen() {
    const report = (kind, text) => {
      if (!this.#outage) this.problems.push(`${kind}: ${text}`);
    };
    this.page.on('console', (message) => {
      if (message.type() === 'error') report('console', message.text());
    });
    this.page.on('pageerror', (error) => report('exception', error.message));
    this.#subscribed = new Promise((resolve) => {
      this.page.on('websocket', (socket) => {
        socket.on('framesent', ({ payload }) => {
          if (String(payload).includes('"type":"subscribe"')) resolve();
        });
        socket.on('framereceived', ({ payload }) => this.#arrived(JSON.parse(String(payload))));
      });
    });
    this.page.on('request', (request) => {
      this.requests.push(request.url());
      this.#underWay.add(request);
    });
    this.page.on('requestfinished', (request) => this.#ended(request));
    this.page.on('requestfailed', (request) => {
      this.#ended(request);
      const { errorText } = request.failure();
      // Leaving a page aborts what it still asked for; the client itself takes no request back.
      if (errorText !== 'net::ERR_ABORTED') report('request', `${request.url()} ${errorText}`);
    });
    this.page.on('response', (response) => {
      if (response.status() >= 400) report('response', `${response.status()} ${response.url()}`);
    });
  }

  /** Goes to a path of the client. */
  async visit(path) {
    await this.page.goto(this.server.url + path);
  }

  /** Loads the page anew. */
  async reload() {
    await this.page.reload();
  }

  /** Waits until events arrive: the server has acknowledged the socket and has been asked for them. */
  async live() {
    await this.#subscribed;
  }

  #arrived({ type, payload }) {
    if (type !== 'next') return;
    for (const event of Object.values(payload.data ?? {})) this.#events.push(event);
    for (const look of this.#awaited) look();
  }

  /** The event of this kind that came, or comes, over the socket and whose text has `text` in it. */
  event(kind, text = '') {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.#events.find((event) => event.__typename === kind && JSON.stringify(event).includes(text));
        if (!found) return;
        this.#awaited.delete(look);
        resolve(found);
      };
      this.#awaited.add(look);
      look();
    });
  }

  /** Waits until no request is under way and nothing is loading, and what came was drawn. */
  async settled() {
    do {
      while (this.#underWay.size) await new Promise((resolve) => this.#quiet.add(resolve));
      await this.page.waitForFunction(() => !document.querySelector('[aria-busy="true"], [role="progressbar"], .skeleton'));
      // What is drawn may ask for more.
      await this.drawn();
    } while (this.#underWay.size);
  }

  /** Waits until what has happened so far is drawn. */
  async drawn() {
    await this.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  }

  #ended(request) {
    this.#underWay.delete(request);
    if (this.#underWay.size) return;
    for (const resolve of this.#quiet) resolve();
    this.#quiet.clear();
  }

  /**
   * How long it takes from the answer to `change` until `text` is on the page, in milliseconds. Both ends are read from
   * the clock of this machine; what is there before the answer counts as 0.
   */
  async latency(text, change) {
    await this.page.evaluate((text) => {
      window.appeared = null;
      const observer = new MutationObserver(() => {
        if (!document.body.textContent.includes(text)) return;
        observer.disconnect();
        window.appeared = performance.timeOrigin + performance.now();
      });
      observer.observe(document.body, { childList: true, subtree: true, characterData: true });
    }, text);
    await change();
    const answered = performance.timeOrigin + performance.now();
    const appeared = await this.page.waitForFunction(() => window.appeared).then((found) => found.jsonValue());
    return Math.max(0, Math.round((appeared - answered) * 10) / 10);
  }

  /** Runs `work`, in which requests fail because there is no server. */
  async duringOutage(work) {
    this.#outage = true;
    try {
      await work();
    } finally {
      this.#outage = false;
    }
  }

  /** Fails when anything went wrong in this window. */
  assertClean() {
    assert.deepEqual(this.problems, []);
  }

  async close() {
    await this.context.close();
  }
}

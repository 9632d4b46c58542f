// The client as an application of its own: installable, opens without a network, never shows an old version for long, prints,
// and says so when it cannot start.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inHours } from './harness/api.mjs';
import { goTo, openTask, panel, row, signIn, words } from './harness/client.mjs';
import { hasFocus } from './harness/focus.mjs';
import { setStage } from './harness/stage.mjs';

const { people, open, signedIn } = setStage(async ({ supervisor, manager }) => {
  await supervisor.createTask({ title: 'Сверить остатки', assigneeId: manager.id, deadline: inHours(5) });
});

/** Waits until the worker has its files and serves this page. */
const working = (page) =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller) return;
    await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }));
  });

/** Everything that the worker keeps, as paths. */
const kept = (page) =>
  page.evaluate(async () => {
    const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    const requests = (await Promise.all(caches_.map((cache) => cache.keys()))).flat();
    return requests.map(({ url }) => new URL(url).pathname);
  });

test('it can be installed', async () => {
  const window = await open();
  const { server } = window;
  await window.visit('/login');
  const session = await window.context.newCDPSession(window.page);
  const { url, errors, data } = await session.send('Page.getAppManifest');
  assert.equal(url, `${server.url}/manifest.webmanifest`);
  assert.deepEqual(errors, []);
  const manifest = JSON.parse(data);
  assert.equal(manifest.display, 'standalone');
  for (const { src, sizes } of manifest.icons) {
    const response = await window.page.request.get(server.url + src);
    assert.equal(response.status(), 200, src);
    if (sizes === 'any') continue;
    const [width] = sizes.split('x').map(Number);
    assert.equal((await response.body()).readUInt32BE(16), width, `the width of ${src}`);
  }
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  const errorIds = installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito');
  assert.deepEqual(errorIds, []);
  window.assertClean();
  await window.close();
});

test('it opens without a network, and keeps nothing of what the server answers', async () => {
  const window = await signedIn(people.manager, { worker: true });
  await working(window.page);
  await window.reload();
  await row(window, 'Сверить остатки').waitFor();
  const paths = await kept(window.page);
  assert.ok(paths.includes('/') && paths.some((path) => path.endsWith('.wasm')), paths.join(' '));
  assert.deepEqual(paths.filter((path) => path !== '/' && !path.startsWith('/assets/')), []);
  await window.duringOutage(async () => {
    await window.context.setOffline(true);
    await window.visit('/notifications');
    await window.page.getByRole('button', { name: 'Повторить' }).waitFor();
    assert.match(await window.page.getByRole('main').innerText(), /Сервер не отвечает/);
    await window.context.setOffline(false);
    await window.page.getByRole('button', { name: 'Повторить' }).click();
    await window.page.getByRole('navigation').first().waitFor();
  });
  window.assertClean();
  await window.close();
});

test('a new version takes over at once; a page of the one before offers to load it, and a page of its own does not', async () => {
  const window = await open({ worker: true });
  const { page } = window;
  await window.visit('/login');
  await working(page);
  // What makes a worker another is its text; an address of its own does as well.
  const takesOver = (name) =>
    page.evaluate(async (name) => {
      const taken = new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
      await navigator.serviceWorker.register(`/sw.js?${name}`, { updateViaCache: 'none' });
      await taken;
    }, name);
  const offer = page.getByRole('status').filter({ hasText: 'Вышла новая версия' });
  await takesOver('same');
  // The page has asked for its own files by then.
  await page.evaluate(() => caches.match('/'));
  await window.drawn();
  assert.equal(await offer.count(), 0, 'the page has the files that the worker has');

  // The worker of a version with other files does not keep those of this page.
  await page.evaluate(() => {
    caches.match = async () => undefined;
  });
  await takesOver('next');
  await offer.waitFor();
  await Promise.all([page.waitForEvent('load'), offer.getByRole('button', { name: 'Обновить' }).click()]);
  window.assertClean();
  await window.close();
});

test('pages whose code comes later are fetched before anyone asks, and say so when they cannot be', async () => {
  const window = await open();
  const { page } = window;
  const chunk = /\/assets\/client-[0-9a-f]+\/split_\w+\.wasm$/;
  const fetched = ['overlay', 'planning', 'office'].map((name) =>
    page.waitForResponse((response) => response.url().endsWith(`/split_${name}.wasm`) && response.ok()),
  );
  await signIn(window, people.manager);
  await Promise.all(fetched);
  window.assertClean();
  await window.duringOutage(async () => {
    await page.route(chunk, (route) => route.abort());
    await window.visit('/calendar');
    await page.getByRole('heading', { name: 'Страница не загрузилась' }).waitFor();
    await page.unroute(chunk);
    await page.getByRole('button', { name: 'Обновить', exact: true }).click();
    await page.getByRole('button', { name: 'Сегодня' }).waitFor();
  });
  await window.close();
});

test('the title names the page and counts what is unread', async () => {
  const window = await signedIn(people.manager);
  await window.page.waitForFunction(() => document.title === '(1) Мои — Веха');
  await openTask(window, 'Сверить остатки');
  await window.page.waitForFunction(() => /^\(1\) Задача №\s?\d+ — Веха$/.test(document.title));
  await window.close();
});

test('a list and a task are printed without what is around them', async () => {
  const window = await signedIn(people.manager);
  const { page } = window;
  await row(window, 'Сверить остатки').waitFor();
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.getByRole('navigation').first().isVisible(), false);
  assert.ok(await row(window, 'Сверить остатки').isVisible());
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/print-list.png`, fullPage: true });
  await page.emulateMedia({ media: 'screen' });
  await openTask(window, 'Сверить остатки');
  await page.emulateMedia({ media: 'print' });
  assert.ok(await panel(window).isVisible());
  assert.equal(await page.getByRole('main').isVisible(), false, 'the list behind it');
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/print-task.png`, fullPage: true });
  window.assertClean();
  await window.close();
});

/** The overlay of a page that is broken, and the way on, which has the focus. */
async function broken(page) {
  const overlay = page.getByRole('alertdialog', { name: 'Что-то сломалось' });
  await overlay.waitFor();
  const reload = overlay.getByRole('button', { name: 'Обновить страницу' });
  await hasFocus(reload);
  return reload;
}

test('a client that cannot start leaves a way on', async () => {
  const window = await open();
  const { page } = window;
  await window.duringOutage(async () => {
    await page.route('**/*.wasm', (route) => route.abort());
    await window.visit('/login');
    const reload = await broken(page);
    await page.unroute('**/*.wasm');
    await reload.click();
    await page.getByLabel('Почта').waitFor();
  });
  await window.close();
});

// Extensions and translators take nodes away under the client; to draw beside one that is gone is what it cannot do.
test('a client that breaks while it runs says so over all that was open, and goes on after a reload', async () => {
  const window = await signedIn(people.supervisor);
  const { page } = window;
  await goTo(window, words.setByMe);
  await row(window, 'Сверить остатки').waitFor();
  await window.live();
  await page.getByRole('button', { name: words.newTask }).first().click();
  await page.getByRole('dialog', { name: words.newTask }).waitFor();
  await page.evaluate(() => document.querySelector('.row-list').replaceChildren());
  await window.duringOutage(async () => {
    const panicked = page.waitForEvent('console', (message) => message.text().includes('panicked at'));
    await people.supervisor.createTask({ title: 'Встанет рядом', assigneeId: people.manager.id, deadline: inHours(1) });
    await panicked;
    const reload = await broken(page);
    await reload.click();
    await row(window, 'Встанет рядом').waitFor();
  });
  await row(window, 'Сверить остатки').waitFor();
  window.assertClean();
  await window.close();
});

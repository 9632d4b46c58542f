// Coming in: what is shown before the server has said whether a session still holds.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { password } from './harness/api.mjs';
import { signIn, words } from './harness/client.mjs';
import { setStage } from './harness/stage.mjs';
import { withhold, withholdClient } from './harness/withhold.mjs';

const { people, open } = setStage();

/** Whether the client asks by it if its session holds. */
const restores = (body) => /\brefresh\b/.test(body);
const submit = (page) => page.getByRole('button', { name: words.signIn, exact: true });

test('whoever was never signed in has the form at once, and what was sent by it holds whatever comes of the cookie', async () => {
  const window = await open();
  const { page } = window;
  const { release, asked, sent } = await withhold(window, restores);
  await window.visit('/login');
  await asked;
  await page.getByLabel(words.email).fill(people.manager.email);
  await page.getByLabel(words.password, { exact: true }).fill(password);
  await submit(page).click();
  await window.drawn();
  assert.equal(sent.filter((body) => body.includes(people.manager.email)).length, 0, 'one way in at a time');
  release();
  await page.getByRole('navigation').first().waitFor();
  await window.settled();
  await window.visit('/');
  await page.getByRole('navigation').first().waitFor();
  window.assertClean();
  await window.close();
});

test('whoever is signed in sees no form on the way to their tasks', async () => {
  const window = await open();
  const { page } = window;
  await signIn(window, people.manager);
  const { release, asked } = await withhold(window, restores);
  await window.visit('/login');
  await asked;
  await window.drawn();
  await page.getByRole('progressbar').waitFor();
  assert.equal(await submit(page).count(), 0);
  release();
  await page.getByRole('navigation').first().waitFor();
  assert.equal(new URL(page.url()).pathname, '/');
  window.assertClean();
  await window.close();
});

test('whoever is signed in comes back while the client is being fetched, and nothing is asked for twice', async () => {
  const window = await open();
  const { page } = window;
  await signIn(window, people.manager);
  const sent = [];
  page.on('request', (request) => sent.push(request.postData()));
  const asksFor = (name) => new RegExp(`\\b(mutation|query) ${name}\\b`);
  const release = await withholdClient(window);
  const started = page.waitForResponse((response) => asksFor('Start').test(response.request().postData()));
  await window.visit('/board');
  await started;
  release();
  await page.getByRole('navigation').first().waitFor();
  await window.settled();
  for (const name of ['Refresh', 'Start']) {
    assert.equal(sent.filter((body) => asksFor(name).test(body)).length, 1, name);
  }
  window.assertClean();
  await window.close();
});

test('before the client is there the page has the theme and the language that its device was told', async () => {
  const window = await open();
  const { page } = window;
  await window.visit('/login');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.evaluate(() => localStorage.setItem('vekha.theme', 'dark'));
  const release = await withholdClient(window);
  await window.visit('/login');
  const look = () =>
    page.evaluate(() => {
      const { lang } = document.documentElement;
      return { lang, scheme: getComputedStyle(document.documentElement).colorScheme };
    });
  const before = await look();
  release();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  assert.deepEqual(before, { lang: 'en', scheme: 'dark' });
  assert.deepEqual(await look(), before);
  window.assertClean();
  await window.close();
});

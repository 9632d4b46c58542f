// The focus goes through a page as one reads it, stops at nothing that cannot be seen, leaves nothing out, and comes back to
// what opened something when that is closed.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { desktop, phone } from './harness/browser.mjs';
import { openAt, panel, row, words } from './harness/client.mjs';
import { assertReadingOrder, goThrough, hasFocus, regions } from './harness/focus.mjs';
import { pressQuestion } from './harness/keys.mjs';
import { fill } from './harness/pages.mjs';
import { setStage } from './harness/stage.mjs';

const title = 'Обновить прайс-лист';

const stage = setStage(fill);

for (const [device, viewport] of Object.entries({ desktop, phone })) {
  describe(device, () => {
    let window;
    let page;
    before(async () => {
      window = await stage.signedIn(stage.people.supervisor, { viewport });
      ({ page } = window);
    });
    after(async () => {
      window.assertClean();
      await window.close();
    });

    const list = async () => {
      await window.visit('/delegated');
      await row(window, title).waitFor();
      await window.settled();
    };
    const button = (name) => page.getByRole('button', { name }).filter({ visible: true }).first();

    test('a list is gone through from its start to its end', async () => {
      await list();
      const gone = await goThrough(page);
      assertReadingOrder(gone);
      assert.equal(gone.stops.at(0).name, 'a «К содержанию»');
      const expected = device === 'desktop' ? ['page', 'nav', 'header', 'main'] : ['page', 'header', 'nav', 'main', 'nav'];
      assert.deepEqual(regions(gone), expected);
    });

    test('a task is gone through before the list under it, which a phone covers', async () => {
      await list();
      await openAt(window, stage.data.task);
      const gone = await goThrough(page);
      assertReadingOrder(gone);
      const expected = device === 'desktop' ? ['aside', 'page', 'nav', 'header', 'main'] : ['aside'];
      assert.deepEqual(regions(gone), expected);
    });

    test('a dialog keeps the focus', async () => {
      await list();
      await button(words.newTask).click();
      await page.getByRole('dialog', { name: words.newTask }).waitFor();
      const gone = await goThrough(page);
      assertReadingOrder(gone);
      assert.deepEqual(regions(gone), ['dialog']);
      await page.keyboard.press('Escape');
    });

    test('what was opened by a button gives the focus back to it', async () => {
      await list();
      const openers = [
        [button(words.newTask), page.getByRole('dialog', { name: words.newTask })],
        [button('Найти'), page.getByRole('dialog')],
        [button(/^Учётная запись/), page.getByRole('menu')],
        [button('Фильтр'), page.getByRole('menu')],
        [button('Вид'), page.getByRole('menu')],
      ];
      if (device === 'desktop') openers.push([button(/^Уведомления/), page.getByRole('region', { name: words.notifications })]);
      for (const [opener, opened] of openers) {
        await opener.focus();
        await page.keyboard.press('Enter');
        await opened.first().waitFor();
        await page.keyboard.press('Escape');
        await opened.first().waitFor({ state: 'detached' });
        await hasFocus(opener);
      }
    });

    test('a task gives the focus back to its row, and what is opened in it to its button', async () => {
      await list();
      await row(window, title).focus();
      await page.keyboard.press('Enter');
      await panel(window).getByRole('heading', { name: title }).waitFor();
      await window.settled();
      for (const name of [/^Крайний срок:/, /^Исполнитель:/, /^Приоритет:/, 'Ещё действия']) {
        const opener = panel(window).getByRole('button', { name }).first();
        const opened = panel(window).locator('.popover-panel');
        await opener.focus();
        await page.keyboard.press('Enter');
        await opened.waitFor();
        await page.keyboard.press('Escape');
        await opened.waitFor({ state: 'detached' });
        await hasFocus(opener);
      }
      await page.keyboard.press('Escape');
      await panel(window).waitFor({ state: 'detached' });
      await hasFocus(row(window, title));
    });

    test('what was opened by a key gives the focus back to the row that had it', async () => {
      await list();
      const opened = [
        [() => page.keyboard.press('Control+KeyK'), 'Команды'],
        [() => pressQuestion(page), 'Клавиши'],
        [() => page.keyboard.press('KeyC'), words.newTask],
      ];
      for (const [press, name] of opened) {
        await row(window, title).focus();
        await press();
        await page.getByRole('dialog', { name }).waitFor();
        await page.keyboard.press('Escape');
        await page.getByRole('dialog', { name }).waitFor({ state: 'detached' });
        await hasFocus(row(window, title));
      }
    });
  });
}

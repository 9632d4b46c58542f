// What the tests of a file share: a server, a company at work on it, and a browser once somebody opens a window.

import { after, before } from 'node:test';

import { company } from './api.mjs';
import { launch, Window } from './browser.mjs';
import { signedIn } from './client.mjs';
import { Server } from './server.mjs';

/**
 * Sets the stage for the tests of a file, or of the group in which it is called, and clears it after the last of them. `server`, the
 * `people` of the company by role, and in `data` what `fill` returned are there once it is set.
 * @param {(people: object) => Promise<object | void>} fill what is there before the first test
 * @param {{ start?: () => Promise<object> }} options how the server is started, where it is not one with the embedded defaults
 */
export function setStage(fill = async () => {}, { start = () => Server.start() } = {}) {
  let browser;
  const launched = () => (browser ??= launch({ trustedKey: stage.server.trustedKey }));
  const stage = {
    people: {},
    /** Opens a window of nobody. */
    open: async (options) => Window.open(await launched(), { server: stage.server, ...options }),
    /** Opens a window of a person. */
    signedIn: async (person, options) => signedIn(await launched(), person, options),
  };
  before(async () => {
    stage.server = await start();
    Object.assign(stage.people, await company(stage.server));
    stage.data = await fill(stage.people);
  });
  after(async () => {
    try {
      await (await browser)?.close();
    } finally {
      await stage.server?.stop();
    }
  });
  return stage;
}

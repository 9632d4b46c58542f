// An answer that comes late: everything else goes on meanwhile.

/**
 * Withholds the answers to operations that `isMeant` by their body.
 * @returns {Promise<{ asked: Promise<void>, release: () => void, sent: string[] }>} when the first of them was asked for and answered; what
 *   lets the answers through, and withholds no more; and the bodies of all operations
 */
export async function withhold({ page }, isMeant) {
  const sent = [];
  const { promise: asked, resolve: ask } = deferred();
  const { promise: released, resolve: letThrough } = deferred();
  let isOver = false;
  await page.route('**/graphql', async (route) => {
    const body = route.request().postData();
    sent.push(body);
    if (isOver || !isMeant(body)) return route.continue();
    const response = await route.fetch();
    ask();
    await released;
    return route.fulfill({ response });
  });
  const release = () => {
    isOver = true;
    letThrough();
  };
  return { asked, release, sent };
}

/** Withholds the client itself, so that a page is seen before it is there; returns what lets it through. */
export async function withholdClient({ page }) {
  const { promise: released, resolve: release } = deferred();
  await page.route('**/web_bg.wasm', async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

/** A promise that is settled from outside. */
function deferred() {
  let resolve;
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}

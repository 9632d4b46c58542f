// Starts the client. The overlay of index.html is shown when the client cannot start; a panic inside shows it too. It is modal,
// so that it stands over whatever dialog was open, and whoever closes it goes on with a page that is loaded anew.
import init from './web.js';

const element = (id) => document.getElementById(id);
const reload = () => location.reload();
element('crash-reload').addEventListener('click', reload);
element('crash').addEventListener('close', reload);
element('update-reload').addEventListener('click', reload);

init({ module_or_path: new URL('./web_bg.wasm', import.meta.url) }).catch((reason) => {
  console.error(reason);
  element('crash').showModal();
});
// The browser's first use of `Intl` takes some 45 ms, which are better spent while the client is fetched: it asks for zones at its start.
new Intl.DateTimeFormat();

// A worker that takes over from another is a new version: this page is offered to reload, when it suits.
async function work(workers) {
  let old = workers.controller;
  workers.addEventListener('controllerchange', () => {
    if (old) element('update').hidden = false;
    old = workers.controller;
  });
  try {
    const registration = await workers.register('/sw.js', { updateViaCache: 'none' });
    // Pages stay open for days: each return to one asks whether there is a new version.
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) registration.update().catch(() => {});
    });
  } catch {
    // Private windows refuse workers; the client does without.
  }
}

if (navigator.serviceWorker) addEventListener('load', () => work(navigator.serviceWorker));

// Starts the client. The overlay of index.html is shown when the client cannot start; a panic inside shows it too.
import init from './web.js';

const crash = document.getElementById('crash');
const reload = document.getElementById('crash-reload');
reload.addEventListener('click', () => location.reload());

init({ module_or_path: new URL('./web_bg.wasm', import.meta.url) }).catch((reason) => {
  console.error(reason);
  crash.hidden = false;
  reload.focus();
});

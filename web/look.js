// How the page looks and which language it is in before the client is there: as this device was told last (web/src/client/device.rs).
// Not a module: those wait for the page, and it would be drawn in another theme first.
try {
  const root = document.documentElement;
  const theme = localStorage.getItem('vekha.theme');
  if (theme) root.dataset.theme = theme;
  root.lang = localStorage.getItem('vekha.language') ?? root.lang;
} catch {
  // A browser that keeps nothing for pages says so by an exception.
}

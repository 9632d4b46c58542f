// The service worker: the client opens without a network, and an old version never outlives a reload.
//
// The page comes from the network whenever there is one. Files whose names change with their contents come from the cache. All
// else, and /graphql above all, is left to the browser. The list below changes with every version, so a new version
// is a new worker: it fetches its files first, takes over at once, and open pages offer to reload (boot.js).

const CACHE = 'vekha';
const PAGE = '/';
const ASSETS = [
  '/style.css',
  '/look.js',
  '/boot.js',
  '/web.js',
  '/web_bg.wasm',
  '/later',
  '/fonts/inter-cyrillic.woff2',
  '/fonts/inter-latin.woff2',
];

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));

self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== self.location.origin) return;
  if (pathname.startsWith('/assets/')) event.respondWith(asset(event.request));
  else if (mode === 'navigate') event.respondWith(page(event.request));
});

async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll([...ASSETS, new Request(PAGE, { cache: 'no-cache', headers: { accept: 'text/html' } })]);
  await self.skipWaiting();
}

/** Drops the files of earlier versions. */
async function activate() {
  const cache = await caches.open(CACHE);
  const kept = new Set([PAGE, ...ASSETS]);
  const old = (await cache.keys()).filter(({ url }) => !kept.has(new URL(url).pathname));
  await Promise.all(old.map((request) => cache.delete(request)));
  await self.clients.claim();
}

async function asset(request) {
  const cache = await caches.open(CACHE);
  const cached = await cache.match(request.url);
  if (cached) return cached;
  const response = await fetch(request);
  if (response.ok) await cache.put(request.url, response.clone());
  return response;
}

/** Every address of the client is the same page: without a network it is the one that was kept. */
async function page(request) {
  try {
    return await fetch(request);
  } catch (unreachable) {
    const cache = await caches.open(CACHE);
    const cached = await cache.match(PAGE);
    if (cached) return cached;
    throw unreachable;
  }
}

// Keeps the page for times without a network. A page that can be fetched is
// fetched, so that nobody is left with yesterday's; what it asks for by names
// that hold a hash comes from here. Sessions pass untouched.
'use strict';

const version = 'flowpane-{{version}}';
const files = [{{files}}];
const shared = 'flowpane-shared'; // files that another program shares, until the page takes them
const patience = 3000; // ms that a network may take to answer
const hashed = /\.[0-9a-f]{12}\./; // names that stand for their contents
const urls = new Set(files.map((name) => new URL(name, registration.scope).href));

// All files, or none: a page that is kept in part would be believed.
oninstall = (event) => event.waitUntil((async () => {
  const cache = await caches.open(version);
  await cache.addAll(files.map((name) => (hashed.test(name) ? name : new Request(name, { cache: 'no-cache' }))));
  // A browser that can takes them from the cache itself: to start this script
  // takes it a tenth of a second, and more where it is busy.
  await event.addRoutes?.({
    condition: { or: files.filter((name) => hashed.test(name)).map((name) => ({ urlPattern: new URL(name, registration.scope).href })) },
    source: { cacheName: version },
  }).catch(() => {}); // it knows fewer routes
  await skipWaiting();
})());

// Pages of the version before this one may still be open, and start their
// engines again.
onactivate = (event) => event.waitUntil((async () => {
  const kept = (await caches.keys()).filter((name) => name.startsWith('flowpane-') && name !== shared);
  await Promise.all(kept.slice(0, -2).map((name) => caches.delete(name)));
  await registration.navigationPreload?.enable();
})());

// A page that names its script is told whether all files are here, and whether
// the script is one of them, or of another version.
onmessage = async ({ data: script, ports: [port] }) => {
  const keys = await (await caches.open(version)).keys();
  const have = new Set(keys.map(({ url }) => url));
  port.postMessage({ whole: [...urls].every((url) => have.has(url)), current: urls.has(script) });
};

onfetch = (event) => {
  const { request } = event;
  const url = new URL(request.url);
  url.hash = '';
  if (request.mode === 'navigate') url.search = '';
  if (request.mode === 'navigate' && url.href === registration.scope) {
    event.respondWith(request.method === 'POST' ? share(request) : page(event));
  } else if (request.method === 'GET' && (urls.has(url.href) || (hashed.test(url.pathname) && url.href.startsWith(registration.scope)))) {
    event.respondWith(kept(url.href).then((response) => response ?? fetch(request)));
  }
};

// kept looks for a file of this version, or else of the one before.
const kept = async (url) => (await caches.match(url, { cacheName: version })) ?? caches.match(url);

async function page({ request, preloadResponse }) {
  const late = new Promise((resolve) => setTimeout(resolve, patience));
  const fetched = (async () => (await preloadResponse) ?? fetch(request))().catch(() => undefined);
  const response = await Promise.race([fetched, late]);
  if (response && response.status < 500) return response;
  return (await kept(registration.scope)) ?? (await fetched) ?? Response.error();
}

async function share(request) {
  const cache = await caches.open(shared);
  for (const file of (await request.formData()).getAll('session')) {
    const name = encodeURIComponent(file.name);
    await cache.put(`shared/${crypto.randomUUID()}`, new Response(file, { headers: { 'X-Name': name } }));
  }
  return Response.redirect('./?shared', 303);
}

// Starts both halves of the viewer at once, before anything is painted: the
// engine in a worker, the page here. They speak over the two ports of one channel; see viewer/doc.go.
'use strict';

const policy = globalThis.trustedTypes?.createPolicy('flowpane', { createScriptURL: (url) => url });
const script = (url) => (policy ? policy.createScriptURL(url) : url);

const failed = (what) => {
  dataset.state = 'failed';
  document.querySelector('#status').textContent = what;
};

// What a person chose is there before the page is: a theme, and for who follows
// a link, and comes for its session, whether there is a timeline above.
const { dataset } = document.documentElement;
if (parent !== self) dataset.embed = ''; // the page around has a name of its own
try {
  const theme = localStorage.getItem('flowpane-theme');
  if (theme) dataset.theme = theme;
  if (/[#&](url|local|s)=/.test(location.hash)) dataset.linked = localStorage.getItem('flowpane-timeline') ?? '';
} catch { /* this browser keeps nothing for the page */ }

const channel = new MessageChannel();
globalThis.flowpane = {
  port: channel.port1,
  dropped: [],
  source: document.currentScript.src,
  keep: () => navigator.serviceWorker.register(script('sw.js'), { updateViaCache: 'none' }),
  // What sw.js keeps of files that another program shares.
  async shared() {
    const cache = await caches.open('flowpane-shared');
    return Promise.all((await cache.keys()).map(async (key) => {
      const kept = await cache.match(key);
      await cache.delete(key);
      return new File([await kept.blob()], decodeURIComponent(kept.headers.get('X-Name')));
    }));
  },
};

// Files that are dropped before the page is there wait for it.
for (const type of ['dragover', 'drop']) {
  addEventListener(type, (event) => {
    if (!flowpane.dropped || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    if (type === 'drop') flowpane.dropped.push(...event.dataTransfer.files);
  });
}

const worker = new Worker(script('worker.js'));
worker.onerror = () => failed('The engine could not be started. Reload the page; if that does not help, this browser may be too old for it.');
worker.postMessage({ port: channel.port2 }, [channel.port2]);

const go = new Go();
WebAssembly.instantiateStreaming(fetch('page.wasm'), go.importObject)
  .then(async ({ instance }) => {
    if (document.readyState == 'loading') await new Promise((done) => addEventListener('DOMContentLoaded', done));
    await go.run(instance);
  })
  .then(() => failed('The page stopped. Reload it to go on.'))
  .catch((error) => failed('The page could not be started: ' + error.message));

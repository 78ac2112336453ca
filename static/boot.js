// Starts both halves of the viewer at once: the engine in a worker, the page
// here. They speak over the two ports of one channel; see viewer/doc.go.
'use strict';

const policy = globalThis.trustedTypes?.createPolicy('flowpane', { createScriptURL: (url) => url });
const script = (url) => (policy ? policy.createScriptURL(url) : url);

const failed = (what) => {
  document.documentElement.dataset.state = 'failed';
  document.querySelector('#status').textContent = what;
};

// A theme that a person chose is there before the page is.
try {
  const theme = localStorage.getItem('flowpane-theme');
  if (theme) document.documentElement.dataset.theme = theme;
} catch { /* this browser keeps nothing for the page */ }

const channel = new MessageChannel();
globalThis.flowpane = { port: channel.port1, dropped: [] };

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
  .then(({ instance }) => go.run(instance))
  .then(() => failed('The page stopped. Reload it to go on.'))
  .catch((error) => failed('The page could not be started: ' + error.message));

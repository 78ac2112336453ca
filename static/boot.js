// Starts both halves of the viewer at once, before anything is painted: the
// engine in a worker, the page here. They speak over the two ports of one channel; see viewer/doc.go.
'use strict';

const policy = globalThis.trustedTypes?.createPolicy('flowpane', { createScriptURL: (url) => url });
const script = (url) => (policy ? policy.createScriptURL(url) : url);

const failed = (what) => {
  dataset.state = 'failed';
  document.querySelector('#status').textContent = what;
};

// A page that holds its session, or lies beside it, says what it shows at first.
const start = document.querySelector('meta[name=flowpane-start]').content;
if (start && location.hash.length < 2) history.replaceState(null, '', '#' + start);

// What a person chose is there before the page is: a theme, and for who follows
// a link, and comes for its session, whether there is a timeline above.
const { dataset } = document.documentElement;
if (parent !== self) dataset.embed = ''; // the page around has a name of its own
try {
  const theme = localStorage.getItem('flowpane-theme');
  if (theme) dataset.theme = theme;
  if (/[#&](url|local|s)=/.test(location.hash)) dataset.linked = localStorage.getItem('flowpane-timeline') ?? '';
} catch { /* this browser keeps nothing for the page */ }

globalThis.flowpane = {
  dropped: [],
  source: document.currentScript.src,
  keep: () => navigator.serviceWorker.register(script('sw.js'), { updateViaCache: 'none' }),
  // write fills a row of the table with what viewer/ui says of it in one text. A
  // call for each cell would take four times as long.
  write(row, key, text) {
    const [transform, index, classes, ...cells] = text.split('\x1f');
    row.style.transform = transform;
    row.ariaRowIndex = index;
    row.className = classes;
    row.dataset.flowId = key;
    cells.forEach((cell, i) => {
      const { firstChild } = row.children[i];
      if (firstChild.data !== cell) firstChild.data = cell;
    });
  },
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

// A page that is one file has within what others ask for; see static/pack. Its
// elements come after this script.
const held = (name) => document.getElementById('file-' + name);
const whole = held('worker') !== null;
const address = (...names) => URL.createObjectURL(new Blob(names.map((name) => held(name).textContent + '\n'), { type: 'text/javascript' }));
const parsed = new Promise((done) => (document.readyState === 'loading' ? addEventListener('DOMContentLoaded', done) : done()));
if (whole) delete flowpane.keep; // for a time without a network

// bytes returns what is in an element as a Blob. What its text stands for
// viewer/bundle says: of 62672 units, the first 2864 are 15 bits.
function bytes(element) {
  const text = element.textContent, list = new Uint8Array(2 * text.length);
  let n = 0, bits = 0, have = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i), number = unit - (unit < 0xd800 ? 0x100 : 0x900), short = number < 2864;
    bits = short ? bits << 15 | number : bits << 16 | number + 2864;
    for (have += short ? 15 : 16; have >= 8;) list[n++] = bits >>> (have -= 8);
  }
  while (!list[--n]); // the data ends in front of the last bit that is set
  element.remove();
  return new Blob([list.subarray(0, n)]);
}

const unpack = (packed, type) => new Response(packed.stream().pipeThrough(new DecompressionStream('gzip')), { headers: { 'Content-Type': type } });

// start starts an engine, in place of one that is gone, and returns the port to
// it. An engine that ends says so there. One that is ended, for want of memory as
// a rule, says nothing; but while it runs it holds a lock.
let engine, given = {}; // given: what an engine is sent besides its port
flowpane.start = () => {
  engine?.terminate();
  const worker = engine = new Worker(script(whole ? address('wasm_exec', 'worker') : 'worker.js'));
  const { port1, port2 } = new MessageChannel(), lock = 'flowpane ' + Math.random();
  let running = false;
  const ended = () => {
    if (engine !== worker) return; // another runs by now
    port1.onmessage ? port1.onmessage({ data: null }) : setTimeout(ended, 100); // the page is on its way
  };
  worker.onmessage = () => {
    running = true;
    navigator.locks?.request(lock, ended).catch(() => {}); // a file has none
  };
  worker.onerror = () => {
    if (!running) failed('The engine could not be started. Reload the page; if that does not help, this browser may be too old for it.');
    if (running || port1.onmessage) ended(); // a page that is there waits for this engine
  };
  worker.postMessage({ port: port2, lock, ...given }, [port2]);
  return port1;
};

// Both halves of a page that is one file are one program. What the page is made
// of goes to the engine, which makes others of it.
async function unpackProgram(imports) {
  await parsed;
  const parts = { program: bytes(held('program')), markup: bytes(held('markup')) };
  const compiling = WebAssembly.compileStreaming(unpack(parts.program, 'application/wasm'));
  const sessions = await Promise.all(Array.from(document.querySelectorAll('script[data-session]'),
    async (element) => [element.dataset.session, await unpack(bytes(element), '').blob()]));
  given = { module: await compiling, sessions, parts };
  const notice = document.querySelector('#notice'); // the program has it, for who opens it
  notice.addEventListener('toggle', () => {
    notice.lastChild.textContent = new TextDecoder().decode(WebAssembly.Module.customSections(given.module, 'notice')[0]);
  }, { once: true });
  flowpane.port = flowpane.start();
  return WebAssembly.instantiate(given.module, imports);
}

async function fetchProgram(imports) {
  flowpane.port = flowpane.start();
  return (await WebAssembly.instantiateStreaming(fetch('page.wasm'), imports)).instance;
}

const go = new Go();
(whole ? unpackProgram : fetchProgram)(go.importObject)
  .then(async (instance) => {
    await parsed;
    await go.run(instance);
  })
  .then(() => failed('The page stopped. Reload it to go on.'))
  .catch((error) => failed('The page could not be started: ' + error.message));

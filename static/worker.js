// Runs the engine in this worker, and gives it the one thing that Go cannot do
// safely itself: to copy pieces of files into the memory of the program, and
// out of it. That memory may grow, and be detached, at any time, so each view
// on it is made when the bytes are there, and used at once.
'use strict';

const policy = globalThis.trustedTypes?.createPolicy('flowpane', { createScriptURL: (url) => url });
const script = (url) => (policy ? policy.createScriptURL(url) : url);

// In a page that is one file, that script stands in front of this one. From a
// disk, workers there may start none of their own.
const alone = 'Go' in self;
if (!alone) importScripts(script('wasm_exec.js'));

// large is how long a piece of a file is that is worth the way to the reader.
const large = 1 << 20;
const reader = alone ? {} : new Worker(script('reader.js'));
const asked = new Map();
let last = 0, broken = alone, sent = null;
let used = []; // memory of pieces, which goes back with the next request

reader.onmessage = ({ data: { id, bytes, error } }) => {
  const { resolve, reject } = asked.get(id);
  asked.delete(id);
  error ? reject(error) : resolve(bytes);
};

// Where the reader does not start, what it was asked for is read here.
reader.onerror = () => {
  broken = true;
  for (const { again, resolve, reject } of asked.values()) again().then(resolve, reject);
  asked.clear();
};

function read(file, offset, length) {
  const again = () => file.slice(offset, offset + length).arrayBuffer();
  if (length < large || broken) return again();
  if (file !== sent) reader.postMessage({ file }); // which costs as much as half a piece
  sent = file;
  return new Promise((resolve, reject) => {
    asked.set(++last, { again, resolve, reject });
    reader.postMessage({ id: last, offset, length, used }, used);
    used = [];
  });
}

// live holds a lock for as long as this worker lives, and tells the page so.
function live(lock) {
  const held = navigator.locks?.request(lock, () => {
    postMessage(null);
    return new Promise(() => {});
  });
  (held ?? Promise.reject()).catch(() => postMessage(null)); // a file has no locks
}

// An engine that helps another is sent the module that is compiled already.
// A page that is one file sends its module, its sessions and its parts.
onmessage = async ({ data: { port, lock, module, helps, sessions, parts } }) => {
  if (lock) live(lock);
  const go = new Go();
  go.argv = ['flowpane', 'engine'];
  try {
    const compiled = module ?? await WebAssembly.compileStreaming(fetch('engine.wasm'));
    const instance = await WebAssembly.instantiate(compiled, go.importObject);
    const memory = instance.exports.mem;
    globalThis.flowpane = {
      port,
      helps: Boolean(helps),
      sessions: new Map(sessions),
      parts,
      help: alone ? undefined : () => {
        const { port1, port2 } = new MessageChannel();
        const worker = new Worker(script(self.location.href));
        worker.onerror = () => port1.onmessage({ data: null });
        worker.postMessage({ port: port2, module: compiled, helps: true }, [port2]);
        return { worker, port: port1 };
      },
      async readFile(file, address, length, offset) {
        const bytes = new Uint8Array(await read(file, offset, length));
        new Uint8Array(memory.buffer, address, bytes.length).set(bytes);
        const { length: n } = bytes;
        if (n >= large && !broken) used.push(bytes.buffer);
        return n;
      },
      // The browser has copied what it is given when encrypt and decrypt return.
      async crypt(how, key, nonce, nonceLength, data, dataLength, from, fromLength, to, toLength) {
        const view = (address, length) => new Uint8Array(memory.buffer, address, length);
        const bytes = new Uint8Array(await crypto.subtle[how](
          { name: 'AES-GCM', iv: view(nonce, nonceLength), additionalData: view(data, dataLength) },
          key, view(from, fromLength)));
        if (bytes.length === toLength) view(to, toLength).set(bytes);
        return bytes.length;
      },
      readHandle: (handle, address, length, at) => handle.read(new Uint8Array(memory.buffer, address, length), { at }),
      writeHandle: (handle, address, length, at) => handle.write(new Uint8Array(memory.buffer, address, length), { at }),
    };
    await go.run(instance);
  } finally {
    port.postMessage(null);
  }
};

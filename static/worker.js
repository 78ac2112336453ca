// Runs the engine in this worker, and gives it the one thing that Go cannot do
// safely itself: to copy pieces of files into the memory of the program, and
// out of it. That memory may grow, and be detached, at any time, so each view
// on it is made when the bytes are there, and used at once.
'use strict';

const policy = globalThis.trustedTypes?.createPolicy('flowpane', { createScriptURL: (url) => url });
importScripts(policy ? policy.createScriptURL('wasm_exec.js') : 'wasm_exec.js');

// large is how long a piece of a file is that is worth the way to the reader.
const large = 1 << 20;
const reader = new Worker(policy ? policy.createScriptURL('reader.js') : 'reader.js');
const asked = new Map();
let last = 0, broken = false, sent = null;

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
    reader.postMessage({ id: last, offset, length });
  });
}

onmessage = async ({ data: { port } }) => {
  const go = new Go();
  try {
    const { instance } = await WebAssembly.instantiateStreaming(fetch('engine.wasm'), go.importObject);
    const memory = instance.exports.mem;
    globalThis.flowpane = {
      port,
      async readFile(file, address, length, offset) {
        const bytes = new Uint8Array(await read(file, offset, length));
        new Uint8Array(memory.buffer, address, bytes.length).set(bytes);
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

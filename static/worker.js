// Runs the engine in this worker, and gives it the one thing that Go cannot do
// safely itself: to copy pieces of files into the memory of the program, and
// out of it. That memory may grow, and be detached, at any time, so each view
// on it is made when the bytes are there, and used at once.
'use strict';

const policy = globalThis.trustedTypes?.createPolicy('flowpane', { createScriptURL: (url) => url });
importScripts(policy ? policy.createScriptURL('wasm_exec.js') : 'wasm_exec.js');

onmessage = async ({ data: { port } }) => {
  const go = new Go();
  try {
    const { instance } = await WebAssembly.instantiateStreaming(fetch('engine.wasm'), go.importObject);
    const memory = instance.exports.mem;
    globalThis.flowpane = {
      port,
      async readFile(file, address, length, offset) {
        const bytes = new Uint8Array(await file.slice(offset, offset + length).arrayBuffer());
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

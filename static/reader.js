// Reads large pieces of a file on a thread of its own. The engine's is busy
// with what was read before, and a browser hands over the bytes of a piece in
// many small turns of the thread that asked for it.
'use strict';

let file;

onmessage = async ({ data }) => {
  if (data.file) {
    file = data.file;
    return;
  }
  const { id, offset, length } = data;
  try {
    const bytes = await file.slice(offset, offset + length).arrayBuffer();
    postMessage({ id, bytes }, [bytes]);
  } catch (error) {
    postMessage({ id, error });
  }
};

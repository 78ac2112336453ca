// Reads large pieces of files on a thread of its own. The engine's is busy
// with what was read before, and a browser hands over the bytes of a piece in
// many small turns of the thread that asked for it.
'use strict';

onmessage = async ({ data: { id, piece } }) => {
  try {
    const bytes = await piece.arrayBuffer();
    postMessage({ id, bytes }, [bytes]);
  } catch (error) {
    postMessage({ id, error });
  }
};

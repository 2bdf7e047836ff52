// Takes one piece, gives its buffer back, sends it, and is ended by the worker that started it: what a browser keeps of a
// request's body it keeps for as long as the thread lives that made it. As a Blob a body is copied once and not three times.
import { Told, ask } from "./asking.js";

addEventListener("message", async ({ data: { csrf, path, buffer, size } }) => {
  try {
    const body = new Blob([buffer.subarray(0, size)]);
    postMessage({ buffer }, [buffer.buffer]);
    await ask(csrf, (seconds) => postMessage({ seconds }), "PUT", path, body, "application/octet-stream");
    postMessage({ arrived: true });
  } catch (error) {
    postMessage(error instanceof Told ? { refused: error.answer } : { code: error.message });
  }
});
postMessage({ ready: true });

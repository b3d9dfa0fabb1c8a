// Runs original.js, the example of the API's original document, against a server:
//
//     node run-original.mjs localhost:8000 <token>
//
// Prints what the example's three handlers received, a JSON line each, and exits 0 once it has seen its own message.
//
// The example sends right after it made the socket, which throws in every browser and in `ws` alike: a socket that
// is still connecting takes nothing. So its text is cut at the comment before the send, and the second part runs when
// the socket is open. Not a character of it is changed.

import { readFileSync } from 'node:fs';
import WebSocket from 'ws';

const CUT = '// Send a message';
const LIMIT_MS = 10_000;

const [host, token] = process.argv.slice(2);
if (!host || !token) {
  end('Usage: node run-original.mjs <host:port> <token>');
}

const text = readFileSync(new URL('original.js', import.meta.url), 'utf8');
const cutAt = text.indexOf(CUT);
if (cutAt < 0) {
  end(`original.js has no comment "${CUT}" to cut at.`);
}

// One function holds both parts, so that the second sees the first's `chatSocket`.
const example = new Function(
  'window', 'yourAuthToken', 'WebSocket', 'console',
  'handleNewMessage', 'handleTypingIndicator', 'handleError', 'opened',
  `return (async () => {
    ${text.slice(0, cutAt)}
    await opened(chatSocket);
    ${text.slice(cutAt)}
  })();`);

setTimeout(() => end(`The example did not see its own message within ${LIMIT_MS / 1000} s.`), LIMIT_MS);

await example(
  { location: { host } },
  token,
  WebSocket,
  { error: (sentence) => print('closed', sentence) },
  handleNewMessage,
  (data) => print('typing', data),
  (data) => print('error', data),
  (socket) => new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', ({ message }) => reject(new Error(message)));
  }),
).catch(({ message }) => end(`The example could not run: ${message}`));

function handleNewMessage(message) {
  print('message', message);
  if (message.content === 'Hello, World!') {
    process.exit(0);
  }
}

function print(handler, received) {
  console.log(JSON.stringify({ handler, received }));
}

function end(sentence) {
  console.error(sentence);
  process.exit(1);
}

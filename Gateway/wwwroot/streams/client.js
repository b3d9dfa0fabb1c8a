// The client of NewLoom's stream socket (subprotocol newloom.v1). Runs in browsers and, given a WebSocket, elsewhere.

import { Connection, socketAddress } from '../connection.js';
import { Emitter } from '../emitter.js';

/**
 * Every stream that one user may view, live, over a connection that comes back by itself.
 *
 * Events: `state` (see Connection; with the `user`), `failure` (an error that a job reported), `error` (a refusal),
 * and, as the frames that arrived: `snapshot`, `status_update`, `execution_stats`, and `unsubscribed` when streams may
 * not be viewed any more. After each connection every stream begins anew with a `snapshot`; what follows it is newer.
 */
export class StreamsClient extends Emitter {
  #connection;

  /** @param {string | URL} url the stream socket, for example `wss://host/ws/streams/` */
  constructor(url, { token, WebSocket } = {}) {
    super();
    this.#connection = new Connection(() => socketAddress(url).href, {
      token: () => token,
      WebSocket,
      onFrame: (frame) => this.#receive(frame),
      onState: (state) => this.emit('state', { ...state, user: this.user }),
    });
    queueMicrotask(() => this.#connection.open()); // after the caller's `on`
  }

  /** Who views; null before the first `welcome`. */
  user = null;

  wake() {
    this.#connection.wake();
  }

  close() {
    this.#connection.close();
  }

  #receive(frame) {
    if (frame.type === 'welcome') {
      this.user = frame.user;
    }
    const isFailure = frame.type === 'error' && frame.error !== undefined;
    this.emit(isFailure ? 'failure' : frame.type, frame);
  }
}

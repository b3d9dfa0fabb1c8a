// Messages on their way. Each is repeated with the same `client_id` until it is confirmed, which the server makes safe.

import { NewLoomError } from './error.js';

const COUNT_MAX = 100;
const CONFIRM_MS = 15_000;
const RETRY_MS = 1_000;
const RETRY_CODES = ['rate_limited', 'unavailable'];

/** A fresh `client_id`. `randomUUID` is missing on pages that were loaded over http from another machine. */
export function newClientId() {
  const random = () => globalThis.crypto.getRandomValues(new Uint32Array(4)).join('-');
  return globalThis.crypto.randomUUID?.() ?? random();
}

export class Outbox {
  #transmit;
  #entries = new Map(); // client_id → entry, oldest first

  /** @param {(frame: object) => boolean} transmit sends a frame, or says that it can't now */
  constructor(transmit) {
    this.#transmit = transmit;
  }

  /** Resolves once the message is stored. Rejects when it was refused for good, or the outbox is full (100). */
  add(chatId, content, clientId) {
    if (this.#entries.size >= COUNT_MAX) {
      return Promise.reject(new NewLoomError({ code: 'outbox_full', message: 'Too many messages are waiting' }));
    }

    const { promise, resolve, reject } = withResolvers();
    const frame = { type: 'message', chat_id: chatId, content, client_id: clientId, request_id: clientId };
    this.#entries.set(clientId, { frame, resolve, reject, isHeld: false, timer: null });
    this.pump();
    return promise;
  }

  /** Sends what may be sent: of each chat only the oldest, so that no retry is overtaken by a later message. */
  pump() {
    const chats = new Set();
    for (const entry of this.#entries.values()) {
      const isOldest = !chats.has(entry.frame.chat_id);
      chats.add(entry.frame.chat_id);
      if (isOldest && !entry.isHeld && this.#transmit(entry.frame)) {
        this.#hold(entry, CONFIRM_MS);
      }
    }
  }

  /** A new connection: nothing that was sent before counts. */
  restart() {
    for (const entry of this.#entries.values()) {
      this.#release(entry);
    }
    this.pump();
  }

  confirm(clientId, stored) {
    this.#take(clientId)?.resolve(stored);
  }

  /** Takes an error that belongs to a waiting message, and says whether it did. */
  refuse(error) {
    const clientId = error.client_id ?? error.request_id;
    const entry = this.#entries.get(clientId);
    if (entry && RETRY_CODES.includes(error.code)) {
      this.#hold(entry, Math.max(RETRY_MS, error.retry_after_ms ?? 0) * (1 + Math.random() / 4));
    } else if (entry) {
      this.#take(clientId).reject(new NewLoomError(error));
    }
    return entry !== undefined;
  }

  /** Gives up on everything. */
  clear(error) {
    for (const clientId of [...this.#entries.keys()]) {
      this.#take(clientId).reject(new NewLoomError(error));
    }
  }

  #take(clientId) {
    const entry = this.#entries.get(clientId);
    if (entry) {
      this.#release(entry);
      this.#entries.delete(clientId);
      queueMicrotask(() => this.pump());
    }
    return entry;
  }

  #hold(entry, ms) {
    this.#release(entry);
    entry.isHeld = true;
    entry.timer = setTimeout(() => {
      entry.isHeld = false;
      this.pump();
    }, ms);
  }

  #release(entry) {
    clearTimeout(entry.timer);
    entry.isHeld = false;
  }
}

function withResolvers() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}

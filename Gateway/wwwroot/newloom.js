// The client of NewLoom's chat socket (subprotocol newloom.v1). Runs in browsers and, given a WebSocket, elsewhere.

import { Connection, socketAddress } from './connection.js';
import { Emitter } from './emitter.js';
import { NewLoomError } from './error.js';
import { newClientId, Outbox } from './outbox.js';
import { Receipts } from './receipts.js';

export { newClientId, NewLoomError };

const RECENT_COUNT = 50; // messages of each chat to begin with
const RESUME_COUNT_MAX = 1_000; // the server's; past it `subscribed` says `truncated`
const SUBSCRIBE_COUNT = 500; // chats in one frame, far below 64 KiB
const SUBSCRIBE_ID = 'subscribe';
const TYPING_MS = 4_000; // the server ends it after 10 s of silence
const CONTENT_COUNT_MAX = 4_000; // Unicode scalar values

/**
 * One user's chats, live, over a connection that comes back by itself.
 *
 * Events: `state` (see Connection; with the `user`), `message` (the message itself), and, as the frames that arrived:
 * `welcome`, `subscribed`, `message_status`, `typing`, `presence`, `chat_added`, `chat_removed`, `authenticated`,
 * `error`.
 * Messages come in `seq` order without gaps or repeats within a chat, over all reconnects, with one exception:
 * `subscribed` with `truncated` announces that older ones were left out, to be had through `history`.
 */
export class NewLoomClient extends Emitter {
  #url;
  #token;
  #connection;
  #outbox = new Outbox((frame) => this.#connection.send(frame));
  #receipts = new Receipts((frame) => this.#connection.send(frame));
  #chats = new Map(); // chat id → { seq: the last one seen, isLive: subscribed on this connection }
  #requests = new Map(); // request_id → { resolve, reject }
  #typing = new Map(); // chat id → when we last said that we type
  #resubscribeTimer = null;
  #lastRequest = 0;

  /** @param {string | URL} url the chat socket, for example `wss://host/ws/chat/` */
  constructor(url, { token, WebSocket } = {}) {
    super();
    this.#url = url;
    this.#token = token;
    this.#connection = new Connection(() => this.#address(), {
      token: () => this.#token,
      WebSocket,
      onFrame: (frame) => this.#receive(frame),
      onState: (state) => this.#changeState(state),
    });
    queueMicrotask(() => this.#connection.open()); // after the caller's `on`
  }

  /** Whose chats these are; null before the first `welcome`. */
  user = null;

  /**
   * Sends a message, now or when the connection is back, repeating it until it is confirmed.
   * @returns {Promise<{ seq: number, id: number }>} rejects with a NewLoomError when it is refused for good
   */
  send(chatId, content, clientId = newClientId()) {
    if (content.trim() === '' || [...content].length > CONTENT_COUNT_MAX) {
      const detail = `A message has 1 to ${CONTENT_COUNT_MAX} characters.`;
      return Promise.reject(new NewLoomError({ code: 'invalid_format', message: 'Invalid message format', detail }));
    }
    this.#typing.delete(chatId); // the server ends it with the message
    return this.#outbox.add(chatId, content, clientId);
  }

  /** @returns {Promise<{ messages: object[], hasMore: boolean }>} oldest first; at most `limit` (default: 50) */
  async history(chatId, beforeSeq, limit) {
    const frame = { type: 'history', chat_id: chatId, before_seq: beforeSeq, limit };
    const { messages, has_more: hasMore } = await this.#request(frame);
    return { messages, hasMore };
  }

  /** May be called on every key press: only what the others need to know is sent. */
  typing(chatId, isTyping) {
    const said = this.#typing.get(chatId);
    if (isTyping ? said > Date.now() - TYPING_MS : said === undefined) {
      return;
    }
    this.#connection.send({ type: 'typing', chat_id: chatId, is_typing: isTyping });
    isTyping ? this.#typing.set(chatId, Date.now()) : this.#typing.delete(chatId);
  }

  /** Marks this message and all before it as read. `delivered` is sent by itself. */
  markRead(chatId, messageId) {
    this.#receipts.mark(chatId, 'read', messageId);
  }

  /** Replaces the token, before the old one expires or for the next connection. It must name the same user. */
  authenticate(token) {
    this.#token = token;
    this.#connection.send({ type: 'authenticate', token });
  }

  wake() {
    this.#connection.wake();
  }

  close() {
    this.#connection.close();
  }

  // With chats known, the socket starts empty and each chat resumes where it stopped.
  #address() {
    const address = socketAddress(this.#url);
    if (this.#chats.size > 0) {
      address.searchParams.set('chats', 'none');
    }
    return address.href;
  }

  #changeState(state) {
    if (state.state === 'open') {
      this.#receipts.restart();
      this.#outbox.restart();
    } else {
      this.#typing.clear();
      this.#requests.forEach(({ reject }) => reject(new NewLoomError({ code: 'offline', message: 'Not connected' })));
      this.#requests.clear();
    }
    if (state.state === 'refused' || state.state === 'closed') {
      clearTimeout(this.#resubscribeTimer);
      this.#receipts.stop();
      this.#outbox.clear({ code: 'closed', message: 'The connection was closed' });
    }
    this.emit('state', { ...state, user: this.user });
  }

  #receive(frame) {
    switch (frame.type) {
      case 'welcome': return this.#welcome(frame);
      case 'subscribed': return this.#subscribed(frame);
      case 'message': return this.#message(frame.message);
      case 'message_status': return this.#status(frame);
      case 'history': return this.#reply(frame);
      case 'error': return this.#error(frame);
      case 'chat_added': return this.#added(frame);
      case 'chat_removed': return this.#removed(frame);
      default: return this.emit(frame.type, frame);
    }
  }

  #welcome(frame) {
    this.user = frame.user;
    for (const { chat_id: chatId, seq } of frame.chats) {
      if (!this.#chats.has(chatId)) {
        this.#chats.set(chatId, { seq: Math.max(0, seq - RECENT_COUNT), isLive: false });
      }
    }
    this.emit('welcome', frame);
    this.#subscribe([...this.#chats.keys()]);
  }

  #subscribe(chatIds) {
    const chats = chatIds.map((chatId) => {
      const chat = this.#chats.get(chatId);
      chat.isLive = false;
      return { chat_id: chatId, after_seq: chat.seq };
    });
    for (let i = 0; i < chats.length; i += SUBSCRIBE_COUNT) {
      const part = chats.slice(i, i + SUBSCRIBE_COUNT);
      this.#connection.send({ type: 'subscribe', request_id: SUBSCRIBE_ID, chats: part });
    }
  }

  #subscribed(frame) {
    const chat = this.#chats.get(frame.chat_id);
    if (chat) {
      chat.isLive = true;
      chat.seq = frame.truncated ? Math.max(chat.seq, frame.seq - RESUME_COUNT_MAX) : chat.seq;
      this.emit('subscribed', frame);
    }
  }

  // What comes before `subscribed` comes again after it, in its place.
  #message(message) {
    const chat = this.#chats.get(message.chat_id);
    if (!chat?.isLive || message.seq <= chat.seq) {
      return;
    }
    if (message.seq > chat.seq + 1) {
      this.#subscribe([message.chat_id]);
      return;
    }
    chat.seq = message.seq;
    if (message.user !== this.user) {
      this.#receipts.mark(message.chat_id, 'delivered', message.id);
    }
    this.emit('message', message);
  }

  #status(frame) {
    if (frame.status === 'sent') {
      this.#outbox.confirm(frame.client_id, { seq: frame.seq, id: frame.message_id });
    }
    this.emit('message_status', frame);
  }

  #added(frame) {
    if (!this.#chats.has(frame.chat_id)) {
      this.#chats.set(frame.chat_id, { seq: 0, isLive: false });
    }
    this.emit('chat_added', frame);
    this.#subscribe([frame.chat_id]);
  }

  #removed(frame) {
    this.#chats.delete(frame.chat_id);
    this.#receipts.forget(frame.chat_id);
    this.emit('chat_removed', frame);
  }

  #request(frame) {
    const requestId = `${++this.#lastRequest}`;
    return new Promise((resolve, reject) => {
      if (this.#connection.send({ ...frame, request_id: requestId })) {
        this.#requests.set(requestId, { resolve, reject });
      } else {
        reject(new NewLoomError({ code: 'offline', message: 'Not connected' }));
      }
    });
  }

  #reply(frame) {
    this.#requests.get(frame.request_id)?.resolve(frame);
    this.#requests.delete(frame.request_id);
  }

  #error(frame) {
    const request = this.#requests.get(frame.request_id);
    if (request) {
      this.#requests.delete(frame.request_id);
      request.reject(new NewLoomError(frame));
    } else if (frame.request_id === SUBSCRIBE_ID) {
      this.#subscribeRefused(frame);
    } else if (!this.#outbox.refuse(frame)) {
      this.emit('error', frame);
    }
  }

  #subscribeRefused(frame) {
    if (frame.code === 'permission_denied') { // we were removed while we were away
      this.#removed({ type: 'chat_removed', chat_id: frame.chat_id });
      return;
    }
    clearTimeout(this.#resubscribeTimer);
    this.#resubscribeTimer = setTimeout(
      () => this.#subscribe([...this.#chats].filter(([, chat]) => !chat.isLive).map(([chatId]) => chatId)),
      frame.retry_after_ms ?? 1_000);
  }
}

// How far we have received and read each chat. Marks only rise, so the newest one stands for all before it.

const FLUSH_MS = 250;
const FLUSH_COUNT = 2; // 8 a second; the server takes 10

export class Receipts {
  #transmit;
  #marks = new Map(); // chat id → for each status the highest message id, and the highest that was sent
  #timer = null;

  /** @param {(frame: object) => boolean} transmit sends a frame, or says that it can't now */
  constructor(transmit) {
    this.#transmit = transmit;
  }

  /** @param {'delivered' | 'read'} status */
  mark(chatId, status, messageId) {
    const marks = this.#marks.get(chatId) ?? { read: { id: 0, sent: 0 }, delivered: { id: 0, sent: 0 } };
    this.#marks.set(chatId, marks);
    marks[status].id = Math.max(marks[status].id, messageId);
    this.#schedule();
  }

  /** A new connection: marks sent over the last one may not have arrived. */
  restart() {
    for (const marks of this.#marks.values()) {
      marks.read.sent = 0;
      marks.delivered.sent = 0;
    }
    this.#schedule();
  }

  forget(chatId) {
    this.#marks.delete(chatId);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  #schedule() {
    this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  #flush() {
    this.#timer = null;
    let count = 0;
    for (const [chatId, marks] of this.#marks) {
      const status = due(marks);
      if (!status) {
        continue;
      }
      const id = marks[status].id;
      const frame = { type: 'message_status', chat_id: chatId, message_id: id, status };
      if (!this.#transmit(frame)) {
        return; // `restart` follows
      }
      marks[status].sent = id;
      if (++count === FLUSH_COUNT) {
        this.#schedule();
        return;
      }
    }
  }
}

// What is read has been delivered.
function due({ read, delivered }) {
  if (read.id > read.sent) {
    return 'read';
  }
  return delivered.id > Math.max(delivered.sent, read.sent) ? 'delivered' : null;
}

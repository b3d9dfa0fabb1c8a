// One WebSocket that comes back: heartbeat, backoff with jitter, close codes and draining. It knows nothing of chats
// or streams.

const BACKOFF_MS = 500;
const BACKOFF_MAX_MS = 30_000;
const PAUSE_MS = 10_000; // after 4429, on top of the backoff
const WELCOME_MS = 15_000; // from opening a socket to its `welcome`
const REFUSED_CODES = [4401, 4403]; // coming back with the same credential would only be refused again

/** Where a socket is opened: an http address becomes a ws one. */
export function socketAddress(url) {
  const address = new URL(url);
  address.protocol = address.protocol.replace('http', 'ws');
  return address;
}

export class Connection {
  #url;
  #token;
  #WebSocket;
  #onFrame;
  #onState;
  #socket = null;
  #isOpen = false;
  #isHeard = false;
  #attempts = 0;
  #retryTimer = null;
  #watchTimer = null;

  /**
   * @param {() => string | URL} url asked anew for every attempt
   * @param {object} options
   * @param {() => string | undefined} options.token goes into the first frame, never into a URL that somebody logs;
   *   none: the browser's session cookie
   * @param {(frame: object) => void} options.onFrame every frame but heartbeats, one by one, also out of a batch
   * @param {(state: object) => void} options.onState `state` is connecting, open, waiting (with `retryMs`),
   *   refused or closed; `code` and `reason` are the last close's
   */
  constructor(url, { token, WebSocket = globalThis.WebSocket, onFrame, onState }) {
    this.#url = url;
    this.#token = token;
    this.#WebSocket = WebSocket;
    this.#onFrame = onFrame;
    this.#onState = onState;
  }

  get isOpen() {
    return this.#isOpen;
  }

  open() {
    this.#stop();
    this.#onState({ state: 'connecting' });
    const socket = new this.#WebSocket(this.#url(), 'newloom.v1');
    socket.onopen = () => this.#authenticate(socket);
    socket.onmessage = (event) => this.#receive(JSON.parse(event.data));
    socket.onclose = (event) => this.#closed(event.code, event.reason);
    socket.onerror = () => {}; // a close always follows
    this.#socket = socket;
    this.#watchTimer = setTimeout(() => this.#closed(4408, 'no welcome'), WELCOME_MS);
  }

  /** Sends one frame if the connection is open, and says whether it was. */
  send(frame) {
    const canSend = this.#isOpen && this.#socket.readyState === WebSocket.OPEN; // it may be closing, and not closed yet
    if (canSend) {
      this.#socket.send(JSON.stringify(frame));
    }
    return canSend;
  }

  /** Tries now instead of waiting out the backoff: the network is back, or the person is. */
  wake() {
    if (this.#retryTimer && !this.#socket) {
      this.open();
    }
  }

  close() {
    this.send({ type: 'disconnect' });
    this.#stop();
    this.#onState({ state: 'closed', code: 1000, reason: '' });
  }

  #authenticate(socket) {
    const token = this.#token();
    if (token) {
      socket.send(JSON.stringify({ type: 'authenticate', token }));
    }
  }

  #receive(frame) {
    this.#isHeard = true;
    switch (frame.type) {
      case 'batch':
        frame.frames.forEach((each) => this.#receive(each));
        break;
      case 'heartbeat':
        break;
      case 'disconnect': // the server drains: this socket serves until the moment it gave us
        this.#retryTimer ??= setTimeout(() => this.open(), frame.reconnect_after_ms ?? 0);
        break;
      case 'welcome':
        this.#isOpen = true;
        this.#watch(frame.heartbeat_interval_ms);
        this.#onFrame(frame);
        this.#onState({ state: 'open' });
        break;
      default:
        this.#onFrame(frame);
    }
  }

  // Counts what was heard between two beats, not the time: a hidden tab's timers run late.
  #watch(intervalMs) {
    clearTimeout(this.#watchTimer);
    this.#watchTimer = setInterval(() => {
      if (!this.#isHeard) {
        this.#closed(4408, 'heartbeat lost');
        return;
      }
      this.#attempts = 0; // only a connection that lasted earns a fresh backoff
      this.#isHeard = false;
      this.send({ type: 'heartbeat' });
    }, intervalMs);
  }

  #closed(code, reason) {
    const drainTimer = this.#retryTimer;
    this.#dropSocket();
    if (REFUSED_CODES.includes(code)) {
      this.#stop();
      this.#onState({ state: 'refused', code, reason });
      return;
    }

    const backoffMs = Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** this.#attempts++);
    const retryMs = backoffMs * (0.5 + Math.random() / 2) + (code === 4429 ? PAUSE_MS : 0);
    this.#retryTimer = drainTimer ?? setTimeout(() => this.open(), retryMs);
    this.#onState({ state: 'waiting', code, reason, retryMs });
  }

  #stop() {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = null;
    this.#dropSocket();
  }

  // A socket we gave up must not speak again: its own close may take the network's time to arrive.
  #dropSocket() {
    clearTimeout(this.#watchTimer);
    this.#isOpen = false;
    if (this.#socket) {
      this.#socket.onmessage = null;
      this.#socket.onclose = null;
      this.#socket.close(1000);
      this.#socket = null;
    }
  }
}

// What the page knows of one chat. No DOM and no network.

const MESSAGE_COUNT_MAX = 2_000; // kept in memory; older ones come back through history

export class Chat {
  messages = []; // ascending by seq
  waiting = new Map(); // client_id → content, sent and not confirmed
  people = new Map(); // everyone else seen here → { isOnline, lastSeen, isTyping, delivered, read: seqs }
  draft = '';
  hasMore = true;

  constructor({ chat_id: id, name, seq = 0, read_seq: readSeq = 0 }) {
    this.id = id;
    this.name = name ?? `Chat ${id}`;
    this.seq = seq;
    this.readSeq = readSeq;
  }

  /** A newer `welcome`. Who is online or types is not known any more. */
  refresh({ name, seq, read_seq: readSeq }) {
    this.name = name ?? this.name;
    this.seq = Math.max(this.seq, seq);
    this.readSeq = Math.max(this.readSeq, readSeq);
    for (const person of this.people.values()) {
      Object.assign(person, { isOnline: false, isTyping: false });
    }
  }

  person(user) {
    if (!this.people.has(user)) {
      this.people.set(user, { isOnline: false, isTyping: false, delivered: 0, read: 0 });
    }
    return this.people.get(user);
  }

  append(message, me) {
    this.messages.push(message);
    this.seq = Math.max(this.seq, message.seq);
    if (message.user !== me) {
      this.person(message.user).isTyping = false;
    }
    if (this.messages.length > MESSAGE_COUNT_MAX) {
      this.messages.splice(0, MESSAGE_COUNT_MAX / 2);
      this.hasMore = true;
    }
  }

  prepend(earlier, hasMore, me) {
    const first = this.messages[0]?.seq ?? Infinity;
    this.messages.unshift(...earlier.filter((message) => message.seq < first));
    this.hasMore = hasMore;
    earlier.filter((message) => message.user !== me).forEach((message) => this.person(message.user));
  }

  /** Older messages than those to come were left out: what we have is no longer next to them. */
  truncate() {
    this.messages = [];
    this.hasMore = true;
  }

  get isMoreToLoad() {
    return this.hasMore && this.messages.length > 0 && this.messages[0].seq > 1;
  }

  /** Others' unread messages; those not loaded count as others'. */
  unread(me) {
    const firstSeq = this.messages[0]?.seq ?? this.seq + 1;
    const loaded = this.messages.filter((message) => message.seq > this.readSeq && message.user !== me).length;
    return Math.max(0, firstSeq - 1 - this.readSeq) + loaded;
  }

  /** How far one of our own messages came: its status, and who read it or got it. */
  progress(seq) {
    const reached = (status) => [...this.people].filter(([, person]) => person[status] >= seq).map(([user]) => user);
    const read = reached('read');
    const delivered = reached('delivered');
    if (read.length > 0) {
      return { status: 'read', by: read };
    }
    return delivered.length > 0 ? { status: 'delivered', by: delivered } : { status: 'sent', by: [] };
  }

  get typists() {
    return [...this.people].filter(([, person]) => person.isTyping).map(([user]) => user);
  }
}

// What the page knows of one stream. No DOM and no network.

import { Rate } from './rate.js';
import { secondsOf } from './time.js';

const ERROR_COUNT_MAX = 20; // as in a snapshot
const TERMINAL = ['completed', 'failed', 'cancelled', 'lost'];
const NO_STATS = { processed_count: 0, failed_count: 0, total_count: 0, execution_time: '00:00:00' };

export class Stream {
  /** Whether it is what the service says now, and not what it said before the connection was lost. */
  isFresh = true;
  /** When its status came, as the service said; null when the page was not told. */
  changedAt = null;
  rate = new Rate();
  #version = 0;
  #seconds = 0; // of the execution, at #countedAtMs
  #countedAtMs = 0;

  constructor(snapshot, nowMs) {
    this.id = snapshot.stream_id;
    this.refresh(snapshot, nowMs);
  }

  refresh({ name, execution, status, stats, errors, version }, nowMs) {
    if (execution !== this.execution) {
      this.rate = new Rate();
    }
    if (version !== this.#version) {
      this.changedAt = null; // something happened that the page was not told
    }
    this.#version = version;
    Object.assign(this, { name, execution, status, errors, isFresh: true });
    this.count(stats, nowMs);
  }

  /** Another status; where it begins an execution, everything begins anew. */
  change({ status, execution, timestamp }, nowMs) {
    this.#stopClock(nowMs);
    this.#version++;
    Object.assign(this, { status, changedAt: timestamp });
    if (execution !== this.execution) {
      Object.assign(this, { execution, errors: [], rate: new Rate() });
      this.count(NO_STATS, nowMs);
    }
  }

  count(stats, nowMs) {
    this.stats = stats;
    this.#seconds = secondsOf(stats.execution_time);
    this.#countedAtMs = nowMs;
    this.rate.note(stats.processed_count + stats.failed_count, nowMs);
  }

  fail(error) {
    this.#version++;
    this.errors = [...this.errors, error].slice(-ERROR_COUNT_MAX);
  }

  /** The connection is lost: nothing newer is known from now on. */
  lose(nowMs) {
    this.#stopClock(nowMs);
    this.isFresh = false;
  }

  get isTerminal() {
    return TERMINAL.includes(this.status);
  }

  /** For how many seconds the execution has been running: that goes on between two reports. */
  secondsAt(nowMs) {
    const isRunning = this.isFresh && this.status === 'running';
    return this.#seconds + (isRunning ? Math.max(0, Math.floor((nowMs - this.#countedAtMs) / 1_000)) : 0);
  }

  #stopClock(nowMs) {
    this.#seconds = this.secondsAt(nowMs);
    this.#countedAtMs = nowMs;
  }

  /** Whether the job has said how much there is to do: without its word, the whole is what is done already. */
  get isWholeKnown() {
    const { processed_count: processed, failed_count: failed, total_count: total } = this.stats;
    return this.isTerminal || total > processed + failed;
  }

  /** Which parts of the whole are done, each from 0 to 1; nothing is while the whole is unknown. */
  get progress() {
    const { processed_count: processed, failed_count: failed, total_count: total } = this.stats;
    return this.isWholeKnown && total > 0
      ? { processed: processed / total, failed: failed / total }
      : { processed: 0, failed: 0 };
  }

  /** There may be more than are known here. */
  get hasAllErrors() {
    return this.errors.length < ERROR_COUNT_MAX;
  }
}

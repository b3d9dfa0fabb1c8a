// What the page knows of one stream. No DOM and no network.

import { Rate } from './rate.js';

const ERROR_COUNT_MAX = 20; // as in a snapshot
const NO_STATS = { processed_count: 0, failed_count: 0, total_count: 0, execution_time: '00:00:00' };

export class Stream {
  /** Whether it is what the service says now, and not what it said before the connection was lost. */
  isFresh = true;
  rate = new Rate();

  constructor(snapshot, nowMs) {
    this.id = snapshot.stream_id;
    this.refresh(snapshot, nowMs);
  }

  refresh({ name, execution, status, stats, errors }, nowMs) {
    if (execution !== this.execution) {
      this.rate = new Rate();
    }
    Object.assign(this, { name, execution, status, errors, isFresh: true });
    this.count(stats, nowMs);
  }

  /** Another status; where it begins an execution, everything begins anew. */
  change({ status, execution }, nowMs) {
    this.status = status;
    if (execution !== this.execution) {
      Object.assign(this, { execution, errors: [], rate: new Rate() });
      this.count(NO_STATS, nowMs);
    }
  }

  count(stats, nowMs) {
    this.stats = stats;
    this.rate.note(stats.processed_count + stats.failed_count, nowMs);
  }

  fail(error) {
    this.errors = [...this.errors, error].slice(-ERROR_COUNT_MAX);
  }

  /** Which parts of the whole are done, each from 0 to 1; nothing is while the whole is unknown. */
  get progress() {
    const { processed_count: processed, failed_count: failed, total_count: total } = this.stats;
    return total > 0 ? { processed: processed / total, failed: failed / total } : { processed: 0, failed: 0 };
  }

  /** There may be more than are known here. */
  get hasAllErrors() {
    return this.errors.length < ERROR_COUNT_MAX;
  }
}

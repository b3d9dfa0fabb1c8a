// How fast a counter has risen, second by second. No DOM and no network.

export const RATE_SECONDS = 60;

const CURRENT_SECONDS = 5; // what counts as now

export class Rate {
  #counts = []; // [second, count at its end], ascending; the first is where counting began

  /** The counter at this time, in milliseconds. */
  note(count, nowMs) {
    const second = Math.floor(nowMs / 1_000);
    const last = this.#counts.at(-1);
    if (last && this.#counts.length > 1 && last[0] === second) {
      last[1] = count;
    } else {
      this.#counts.push([second, count]);
    }
    while (this.#counts.length > 2 && this.#counts[1][0] < second - RATE_SECONDS) {
      this.#counts.shift();
    }
  }

  /** Items in each of the last seconds that have ended, the oldest first. Between two notes the rate is steady. */
  perSecond(nowMs) {
    const rates = new Array(RATE_SECONDS).fill(0);
    const end = Math.floor(nowMs / 1_000);
    const first = end - RATE_SECONDS;
    for (let i = 1; i < this.#counts.length; i++) {
      const [[from, before], [to, after]] = [this.#counts[i - 1], this.#counts[i]];
      const begin = Math.min(from + 1, to); // the second in which counting began has a rate too
      for (let second = Math.max(begin, first); second <= Math.min(to, end - 1); second++) {
        rates[second - first] += (after - before) / (to - begin + 1);
      }
    }
    return rates;
  }
}

/** Items a second: lately, and at most. */
export function summaryOf(rates) {
  const recent = rates.slice(-CURRENT_SECONDS);
  return { now: recent.reduce((sum, rate) => sum + rate, 0) / recent.length, max: Math.max(...rates) };
}

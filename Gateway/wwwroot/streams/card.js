// Turns what is known of one stream into an element, and keeps it true.

import { element } from '../elements.js';
import { RATE_SECONDS, summaryOf } from './rate.js';
import { executionTimeOf, momentOf } from './time.js';

const CHART_HEIGHT = 20;
const SVG = 'http://www.w3.org/2000/svg';
const countOf = new Intl.NumberFormat();
const rateOf = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });

export class StreamCard {
  #stream;
  #name = element('h3', 'name');
  #status = element('span', 'status');
  #facts = element('p', 'facts');
  #since = element('p', 'since');
  #processedBar = element('span', 'processed');
  #failedBar = element('span', 'failed');
  #bar = element('div', 'bar', this.#processedBar, this.#failedBar);
  #counts = { processed: element('dd', ''), failed: element('dd', ''), total: element('dd', '') };
  #line = document.createElementNS(SVG, 'polygon');
  #chart = chartOf(this.#line);
  #rate = element('figcaption', '');
  #errorSummary = element('summary', '');
  #errorList = element('ol', '');
  #errors = element('details', 'errors', this.#errorSummary, this.#errorList);
  #shownErrors = null;
  #hasRate = true; // as drawn

  constructor(stream) {
    this.#stream = stream;
    this.#bar.setAttribute('role', 'progressbar');
    this.#errors.open = true;
    const counts = Object.entries(this.#counts)
      .map(([name, value]) => element('div', name, element('dt', '', name), value));
    this.element = element(
      'li', 'stream',
      element('header', '', this.#name, this.#status),
      this.#facts, this.#since, this.#bar, element('dl', 'counts', ...counts),
      element('figure', 'rate', this.#chart, this.#rate),
      this.#errors);
    this.element.dataset.stream = stream.id;
  }

  update() {
    const { name, status, stats, isFresh } = this.#stream;
    this.element.dataset.status = status;
    this.element.classList.toggle('stale', !isFresh);
    setText(this.#name, name);
    setText(this.#status, status);
    this.updateTime(Date.now());
    this.#updateSince();
    setText(this.#counts.processed, countOf.format(stats.processed_count));
    setText(this.#counts.failed, countOf.format(stats.failed_count));
    setText(this.#counts.total, countOf.format(stats.total_count));
    this.#updateBar();
    this.#updateErrors();
  }

  /** Moves the clock on to this time. */
  updateTime(nowMs) {
    const { id, execution } = this.#stream;
    const time = executionTimeOf(this.#stream.secondsAt(nowMs));
    setText(this.#facts, `Stream ${id} · execution ${execution} · ${time}`);
  }

  #updateSince() {
    const { status, changedAt, isTerminal } = this.#stream;
    this.#since.hidden = changedAt === null;
    setText(this.#since, changedAt ? `${status} ${isTerminal ? 'at' : 'since'} ${momentOf(changedAt)}` : '');
  }

  #updateBar() {
    const { stats, progress, name, isWholeKnown } = this.#stream;
    this.#bar.classList.toggle('endless', !isWholeKnown);
    this.#processedBar.style.width = `${100 * progress.processed}%`;
    this.#failedBar.style.width = `${100 * progress.failed}%`;
    this.#bar.ariaLabel = `Progress of ${name}`;
    this.#bar.ariaValueNow = isWholeKnown ? `${Math.floor(100 * (progress.processed + progress.failed))}` : null;
    this.#bar.ariaValueText = `${stats.processed_count} processed and ${stats.failed_count} failed`
      + (isWholeKnown ? ` of ${stats.total_count}` : ' so far');
  }

  #updateErrors() {
    const { errors, hasAllErrors } = this.#stream;
    if (errors === this.#shownErrors) {
      return;
    }
    this.#shownErrors = errors;
    this.#errors.hidden = errors.length === 0;
    setText(this.#errorSummary, hasAllErrors ? plural(errors.length, 'error') : `The last ${errors.length} errors`);
    this.#errorList.replaceChildren(...errors.map(errorItem).reverse());
  }

  /** Moves the chart on to this time. */
  updateRate(nowMs) {
    const rates = this.#stream.rate.perSecond(nowMs);
    const { now, max } = summaryOf(rates);
    if (max === 0 && !this.#hasRate) {
      return; // nothing was drawn, nothing is to draw
    }
    this.#hasRate = max > 0;
    const points = rates.map((rate, i) => `${i},${CHART_HEIGHT * (1 - rate / Math.max(max, 1e-9))}`);
    this.#line.setAttribute('points', `0,${CHART_HEIGHT} ${points.join(' ')} ${RATE_SECONDS - 1},${CHART_HEIGHT}`);
    setText(this.#rate, max > 0 ? `${rateOf.format(now)}/s, at most ${rateOf.format(max)}/s in the last minute` : '');
    this.#chart.toggleAttribute('hidden', max === 0);
  }
}

function chartOf(line) {
  const chart = document.createElementNS(SVG, 'svg');
  chart.setAttribute('viewBox', `0 0 ${RATE_SECONDS - 1} ${CHART_HEIGHT}`);
  chart.setAttribute('preserveAspectRatio', 'none');
  chart.setAttribute('aria-hidden', 'true'); // its caption says it in words
  chart.append(line);
  return chart;
}

function errorItem({ message, code, timestamp }) {
  const time = element('time', '', momentOf(timestamp));
  time.dateTime = timestamp;
  const text = element('p', 'content', message);
  text.dir = 'auto';
  return element('li', '', element('p', 'error-head', element('code', '', code), time), text);
}

function plural(count, noun) {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function setText(holder, text) {
  if (holder.textContent !== text) {
    holder.textContent = text;
  }
}

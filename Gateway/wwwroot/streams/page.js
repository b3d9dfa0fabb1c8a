// The view of streams: joins the client (client.js), what is known (stream.js) and what is shown (card.js).

import { $, element, toast } from '../elements.js';
import { StreamCard } from './card.js';
import { StreamsClient } from './client.js';
import { Stream } from './stream.js';

const TICK_MS = 1_000;
const SNAPSHOT_MS = 10_000; // a stream that has not come back by then is not ours to view any more

const STATUSES = ['running', 'stalled', 'paused', 'pending', 'failed', 'lost', 'cancelled', 'completed'];

const shown = new Map(); // stream id → { stream, card }
const changed = new Set(); // those to be drawn before the next frame
const filters = new Map(); // status → the button that shows no other
let client = null;
let onlyStatus = null;
let tickTimer = null;
let forgetTimer = null;

// --- Coming and going

export function open(token, onState) {
  client = new StreamsClient(new URL('/ws/streams/', location.href), { token })
    .on('state', (state) => {
      changeState(state);
      onState(state);
    })
    .on('snapshot', refresh)
    .on('unsubscribed', (frame) => forget(frame.stream_ids))
    .on('status_update', changeStatus)
    .on('execution_stats', (frame) => update(frame, (stream) => stream.count(frame.stats, Date.now())))
    .on('failure', (frame) => update(frame, (stream) => stream.fail(frame.error)))
    .on('error', toast);
}

export function close() {
  client.close();
  clearTimeout(forgetTimer);
  shown.clear();
  onlyStatus = null;
  showList();
}

/** The person is here, or the network is back. */
export function wake() {
  client?.wake();
}

export function show(isShown) {
  clearInterval(tickTimer);
  if (isShown) {
    tick();
    tickTimer = setInterval(tick, TICK_MS);
  }
}

// --- What the server says

function changeState({ state }) {
  clearTimeout(forgetTimer);
  if (state === 'open') {
    forgetTimer = setTimeout(forgetLost, SNAPSHOT_MS);
    return;
  }
  for (const [id, { stream }] of shown) {
    stream.lose(Date.now());
    draw(id);
  }
}

function forgetLost() {
  forget([...shown.values()].filter(({ stream }) => !stream.isFresh).map(({ stream }) => stream.id));
}

function forget(ids) {
  ids.forEach((id) => shown.delete(id));
  showList();
}

function refresh(frame) {
  const known = shown.get(frame.stream_id);
  if (known) {
    known.stream.refresh(frame, Date.now());
  } else {
    const stream = new Stream(frame, Date.now());
    shown.set(stream.id, { stream, card: new StreamCard(stream) });
  }
  draw(frame.stream_id);
}

function changeStatus(frame) {
  update(frame, (stream) => {
    stream.change(frame, Date.now());
    $('stream-news').textContent = `${stream.name}: ${stream.status}`;
  });
}

function update({ stream_id: id }, change) {
  const known = shown.get(id);
  if (known) {
    change(known.stream);
    draw(id);
  }
}

// --- What is shown

// However many frames arrive, a card is drawn once for each picture that the person sees.
function draw(id) {
  if (changed.size === 0) {
    requestAnimationFrame(drawChanged);
  }
  changed.add(id);
}

function drawChanged() {
  for (const id of changed) {
    shown.get(id)?.card.update();
  }
  changed.clear();
  showList();
}

function showList() {
  const all = [...shown.values()].sort((one, other) => one.stream.id - other.stream.id);
  all.forEach(({ stream, card }) => { card.element.hidden = onlyStatus !== null && stream.status !== onlyStatus; });
  const cards = all.map(({ card }) => card.element);
  if (cards.length !== $('stream-list').childElementCount || cards.some((card) => !card.isConnected)) {
    $('stream-list').replaceChildren(...cards);
    tick();
  }
  $('no-streams').hidden = cards.length > 0;
  showFilter(all.map(({ stream }) => stream.status));
}

function showFilter(statuses) {
  for (const [status, button] of filters) {
    const count = statuses.filter((each) => each === status).length;
    button.textContent = `${count} ${status}`;
    button.hidden = count === 0 && status !== onlyStatus;
    button.ariaPressed = `${status === onlyStatus}`;
  }
}

function tick() {
  for (const { card } of shown.values()) {
    card.updateRate(Date.now());
    card.updateTime(Date.now());
  }
}

function showOnly(status) {
  onlyStatus = onlyStatus === status ? null : status;
  showList();
}

for (const status of STATUSES) {
  const button = element('button', 'status-count');
  button.addEventListener('click', () => showOnly(status));
  filters.set(status, button);
  $('status-filter').append(button);
}

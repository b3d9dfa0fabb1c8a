// The page at /: who is signed in, and which of the two views is shown.

import * as chats from './chats/page.js';
import { $ } from './elements.js';
import * as streams from './streams/page.js';

const TOKEN_KEY = 'newloom.token';
const AUTHENTICATION_CODE = 4401;

const views = { chats, streams }; // by the name in the address, as in /#streams
const states = {};

function start() {
  const url = new URL(location.href);
  const token = url.searchParams.get('token');
  if (token) { // out of the address bar, the history and every later screenshot
    sessionStorage.setItem(TOKEN_KEY, token);
    url.searchParams.delete('token');
    history.replaceState(null, '', url);
  }
  sessionStorage.getItem(TOKEN_KEY) ? connect() : showSignIn('');
}

function connect() {
  $('sign-in').hidden = true;
  $('app').hidden = false;
  showView();
  for (const [name, view] of Object.entries(views)) {
    view.open(sessionStorage.getItem(TOKEN_KEY), (state) => changeState(name, state));
  }
}

function leave(reason) {
  Object.values(views).forEach((view) => view.close());
  showSignIn(reason);
}

function showSignIn(reason) {
  sessionStorage.removeItem(TOKEN_KEY);
  $('app').hidden = true;
  $('sign-in').hidden = false;
  $('sign-in-reason').textContent = reason;
  $('token').focus();
}

function changeState(name, state) {
  states[name] = state;
  if (state.state === 'open') {
    $('me').textContent = state.user;
    $('me').title = state.user; // where there is no room for all of it
    document.title = `${state.user} · NewLoom`;
  }
  showState();
  if (state.state === 'refused' && state.code === AUTHENTICATION_CODE) {
    leave('The token was refused or has expired.');
  }
}

function shownName() {
  const name = location.hash.slice(1);
  return Object.hasOwn(views, name) ? name : 'chats';
}

function showView() {
  for (const name of Object.keys(views)) {
    const isShown = name === shownName();
    $(`${name}-view`).hidden = !isShown;
    $(`to-${name}`).ariaCurrent = isShown ? 'page' : null;
    views[name].show(isShown);
  }
  showState();
}

function showState() {
  const state = states[shownName()] ?? { state: 'connecting' };
  $('state').textContent = stateLine(state);
  $('state').dataset.state = state.state;
}

function stateLine({ state, code, reason, retryMs }) {
  switch (state) {
    case 'open': return 'Online';
    case 'connecting': return 'Connecting…';
    case 'waiting': return `Offline (${code}), back in ${Math.ceil(retryMs / 1000)} s`;
    case 'refused': return `Refused: ${reason}`;
    default: return 'Closed';
  }
}

$('sign-in-form').addEventListener('submit', (event) => {
  event.preventDefault();
  sessionStorage.setItem(TOKEN_KEY, $('token').value.trim());
  $('token').value = '';
  connect();
});
$('sign-out').addEventListener('click', () => leave(''));
addEventListener('hashchange', showView);
addEventListener('online', () => Object.values(views).forEach((view) => view.wake()));
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') {
    Object.values(views).forEach((view) => view.wake());
  }
});

start();

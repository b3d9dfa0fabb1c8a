// The view of chats: joins the client (newloom.js), what is known (chat.js) and what is shown (screen.js).

import { $, toast } from '../elements.js';
import { NewLoomClient, newClientId } from '../newloom.js';
import { Chat } from './chat.js';
import * as screen from './screen.js';

const TYPING_PAUSE_MS = 5_000;

const chats = new Map();
let loom = null;
let current = null;
let typingTimer = null;

// --- Coming and going

export function open(token, onState) {
  loom = new NewLoomClient(new URL('/ws/chat/', location.href), { token })
    .on('state', onState)
    .on('welcome', welcome)
    .on('subscribed', subscribed)
    .on('message', receive)
    .on('message_status', markProgress)
    .on('typing', (frame) => update(frame, { isTyping: frame.is_typing, isOnline: true }))
    .on('presence', (frame) => update(frame, presenceOf(frame)))
    .on('chat_added', addChat)
    .on('chat_removed', removeChat)
    .on('error', toast);
}

export function close() {
  loom.close();
  chats.clear();
  select(null);
}

/** The person is here, or the network is back. */
export function wake() {
  loom?.wake();
  markRead();
}

export function show(isShown) {
  if (isShown) {
    screen.scrollToEnd();
    markRead();
  }
}

// --- What the server says

function welcome(frame) {
  for (const each of frame.chats) {
    chats.has(each.chat_id) ? chats.get(each.chat_id).refresh(each) : chats.set(each.chat_id, new Chat(each));
  }
  const isWide = matchMedia('(min-width: 45rem)').matches;
  if (!current && chats.size > 0 && (isWide || chats.size === 1)) {
    select(chats.values().next().value);
  }
  showChats();
  screen.showPeople(current);
}

function subscribed(frame) {
  const chat = chats.get(frame.chat_id);
  if (chat && frame.truncated) {
    chat.truncate();
    showCurrent(chat);
  }
}

function receive(message) {
  const chat = chats.get(message.chat_id);
  if (!chat) {
    return;
  }
  const wasAtEnd = screen.isAtEnd();
  const previous = chat.messages.at(-1);
  chat.append(message, loom.user);
  chat.waiting.delete(message.client_id);
  if (chat === current) {
    screen.appendMessage(chat, message, previous, loom.user);
    screen.showWaiting(chat);
    screen.showPeople(chat);
    if (wasAtEnd || message.user === loom.user) {
      screen.scrollToEnd();
    }
    markRead();
  }
  showChats();
}

function markProgress({ chat_id: chatId, user, status, seq }) {
  const chat = chats.get(chatId);
  if (!chat || status === 'sent') {
    return;
  }
  if (user === loom.user) {
    chat.readSeq = status === 'read' ? Math.max(chat.readSeq, seq) : chat.readSeq;
    showChats();
    return;
  }
  const person = chat.person(user);
  person.delivered = Math.max(person.delivered, seq);
  person.read = status === 'read' ? Math.max(person.read, seq) : person.read;
  update({ chat_id: chatId, user }, { isOnline: true });
  if (chat === current) {
    screen.showProgress(chat);
  }
}

function presenceOf({ online, last_seen: lastSeen }) {
  return online ? { isOnline: true } : { isOnline: false, isTyping: false, lastSeen };
}

function update({ chat_id: chatId, user }, what) {
  const chat = chats.get(chatId);
  if (chat && user !== loom.user) {
    Object.assign(chat.person(user), what);
    screen.showPeople(current);
    showChats();
  }
}

function addChat(frame) {
  if (!chats.has(frame.chat_id)) {
    chats.set(frame.chat_id, new Chat(frame));
    showChats();
  }
}

function removeChat(frame) {
  const chat = chats.get(frame.chat_id);
  chats.delete(frame.chat_id);
  if (chat && chat === current) {
    toast({ message: `You are no longer in ${chat.name}` });
    select(null);
  }
  showChats();
}

// --- What is shown

function select(chat) {
  if (current) {
    current.draft = $('text').value;
  }
  current = chat;
  $('chats-view').classList.toggle('in-chat', chat !== null);
  $('chat').hidden = chat === null;
  $('chat-name').textContent = chat?.name ?? '';
  $('text').value = chat?.draft ?? '';
  showCurrent(chat);
  showChats();
  screen.scrollToEnd();
  markRead();
}

function showCurrent(chat) {
  if (chat === current) {
    screen.showMessages(chat, loom?.user);
    screen.showWaiting(chat);
    screen.showPeople(chat);
  }
}

function showChats() {
  screen.showChats([...chats.values()], current, loom?.user);
}

// --- What the person does

function markRead() {
  const last = current?.messages.at(-1);
  if (last && last.seq > current.readSeq && isLookedAt() && screen.isAtEnd()) {
    current.readSeq = last.seq;
    loom.markRead(current.id, last.id);
    showChats();
  }
}

function isLookedAt() {
  return document.visibilityState === 'visible' && !$('chats-view').hidden;
}

async function send() {
  const chat = current;
  const text = $('text').value;
  if (!chat || text.trim() === '') {
    return;
  }
  const clientId = newClientId();
  chat.waiting.set(clientId, text);
  $('text').value = '';
  screen.showWaiting(chat);
  screen.scrollToEnd();
  clearTimeout(typingTimer);
  try {
    await loom.send(chat.id, text, clientId);
  } catch (error) {
    chat.waiting.delete(clientId);
    giveBack(chat, text);
    screen.showWaiting(current);
    toast(error);
  }
}

// A refused text returns to where it was written, unless something else is there by now.
function giveBack(chat, text) {
  if (chat !== current) {
    chat.draft ||= text;
  } else if ($('text').value === '') {
    $('text').value = text;
  }
}

async function loadEarlier() {
  const chat = current;
  $('earlier').disabled = true;
  try {
    const { messages, hasMore } = await loom.history(chat.id, chat.messages[0].seq);
    chat.prepend(messages, hasMore, loom.user);
    const endPx = screen.distanceToEnd();
    showCurrent(chat);
    if (chat === current) { // what was in view stays in view
      screen.scrollToEnd(endPx);
    }
  } catch (error) {
    toast(error);
  } finally {
    $('earlier').disabled = false;
  }
}

function typed() {
  const chatId = current.id;
  loom.typing(chatId, $('text').value !== '');
  clearTimeout(typingTimer);
  typingTimer = setTimeout(() => loom.typing(chatId, false), TYPING_PAUSE_MS);
}

function onKey(event) {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    send();
  }
}

$('chat-list').addEventListener('click', (event) => {
  const row = event.target.closest('[data-chat]');
  if (row) {
    select(chats.get(Number(row.dataset.chat)));
    $('text').focus();
  }
});
$('composer').addEventListener('submit', (event) => {
  event.preventDefault();
  send();
});
$('back').addEventListener('click', () => select(null));
$('earlier').addEventListener('click', loadEarlier);
$('text').addEventListener('input', typed);
$('text').addEventListener('keydown', onKey);
$('scroller').addEventListener('scroll', markRead);

// Turns what is known of chats into elements.

import { element } from '../elements.js';

const TICKS = { sent: '✓', delivered: '✓✓', read: '✓✓' };
const timeOf = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const dayOf = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });

/** A row of the chat list. */
export function chatRow(chat, me, isCurrent) {
  const unread = chat.unread(me);
  const isSomeoneOnline = [...chat.people.values()].some((person) => person.isOnline);
  const button = element('button', 'chat-row', dot(isSomeoneOnline), element('span', 'name', chat.name));
  button.dataset.chat = chat.id;
  if (isCurrent) {
    button.setAttribute('aria-current', 'true');
  }
  if (unread > 0) {
    const badge = element('span', 'badge', unread > 999 ? '999+' : `${unread}`);
    button.append(badge, element('span', 'unseen', ' unread'));
  }
  return element('li', '', button);
}

export function personItem(user, { isOnline, lastSeen }) {
  const item = element('li', 'person', dot(isOnline), user);
  if (!isOnline && lastSeen) {
    item.append(element('span', 'last-seen', `, last seen ${timeOf.format(new Date(lastSeen))}`));
  }
  return item;
}

function dot(isOnline) {
  const made = element('span', isOnline ? 'dot online' : 'dot');
  made.setAttribute('role', 'img');
  made.setAttribute('aria-label', isOnline ? 'online' : 'offline');
  return made;
}

/** One or two items: a heading where a new day begins, and the message. */
export function messageItems(chat, message, previous, me) {
  const at = new Date(message.timestamp);
  const isNewDay = !previous || new Date(previous.timestamp).toDateString() !== at.toDateString();
  const isMine = message.user === me;
  const item = element('li', isMine ? 'message mine' : 'message');
  item.classList.toggle('follows', !isNewDay && previous.user === message.user);

  const time = element('time', '', timeOf.format(at));
  time.dateTime = message.timestamp;
  const foot = element('span', 'foot', time);
  if (isMine) {
    const ticks = element('span', 'ticks');
    ticks.setAttribute('role', 'img');
    ticks.dataset.seq = message.seq;
    showProgress(ticks, chat);
    foot.append(ticks);
  }
  item.append(element('span', isMine ? 'author unseen' : 'author', message.user), content(message.content), foot);
  return isNewDay ? [element('li', 'day', dayOf.format(at)), item] : [item];
}

export function showProgress(ticks, chat) {
  const { status, by } = chat.progress(Number(ticks.dataset.seq));
  const label = by.length > 0 ? `${status}: ${by.join(', ')}` : status;
  if (ticks.getAttribute('aria-label') !== label) {
    ticks.textContent = TICKS[status];
    ticks.classList.toggle('read', status === 'read');
    ticks.setAttribute('aria-label', label);
    ticks.title = label;
  }
}

export function waitingItem(text) {
  return element('li', 'message mine waiting', content(text), element('span', 'foot', 'sending…'));
}

function content(text) {
  const made = element('p', 'content', text);
  made.dir = 'auto';
  return made;
}

export function typingLine(users) {
  if (users.length === 0) {
    return '';
  }
  const names = users.length > 3 ? `${users.length} people` : new Intl.ListFormat('en').format(users);
  return `${names} ${users.length === 1 ? 'is' : 'are'} typing…`;
}

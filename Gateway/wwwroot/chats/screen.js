// Puts the elements that view.js makes into their places in index.html.

import { $ } from '../elements.js';
import * as view from './view.js';

const END_PX = 40; // this near to the end counts as reading the newest

export function showChats(chats, current, me) {
  const focused = document.activeElement?.dataset.chat;
  $('chat-list').replaceChildren(...chats.map((chat) => view.chatRow(chat, me, chat === current)));
  document.querySelector(`[data-chat="${focused}"]`)?.focus();
}

export function showMessages(chat, me) {
  const items = (chat?.messages ?? []).flatMap((message, i, all) => view.messageItems(chat, message, all[i - 1], me));
  $('messages').setAttribute('aria-busy', 'true'); // not news to be read out
  $('messages').replaceChildren(...items);
  $('messages').setAttribute('aria-busy', 'false');
}

export function appendMessage(chat, message, previous, me) {
  $('messages').append(...view.messageItems(chat, message, previous, me));
}

export function showProgress(chat) {
  document.querySelectorAll('.ticks').forEach((ticks) => view.showProgress(ticks, chat));
}

export function showWaiting(chat) {
  $('waiting').replaceChildren(...[...chat?.waiting.values() ?? []].map(view.waitingItem));
  $('earlier').hidden = !chat?.isMoreToLoad;
}

export function showPeople(chat) {
  const people = [...chat?.people ?? []];
  $('people').replaceChildren(...people.map(([user, person]) => view.personItem(user, person)));
  $('typing').textContent = view.typingLine(chat?.typists ?? []);
}

export function distanceToEnd() {
  const { scrollHeight, scrollTop, clientHeight } = $('scroller');
  return scrollHeight - scrollTop - clientHeight;
}

export function isAtEnd() {
  return distanceToEnd() < END_PX;
}

export function scrollToEnd(distancePx = 0) {
  const { scrollHeight, clientHeight } = $('scroller');
  $('scroller').scrollTop = scrollHeight - clientHeight - distancePx;
}

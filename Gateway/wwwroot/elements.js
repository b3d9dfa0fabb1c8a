// What all views of the page are made with. Every text goes in as text, never as markup.

const TOAST_MS = 6_000;

export const $ = (id) => document.getElementById(id);

export function element(name, className, ...children) {
  const made = document.createElement(name);
  made.className = className;
  made.append(...children); // strings become text nodes
  return made;
}

export function toast({ message, detail }) {
  const made = element('p', 'toast', message, detail ? `: ${detail}` : '');
  $('toasts').append(made);
  setTimeout(() => made.remove(), TOAST_MS);
}

// Times as the page shows them. No DOM and no network.

const timeOf = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const dateAndTimeOf = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** Seconds of an `execution_time`, as in 00:05:23. */
export function secondsOf(executionTime) {
  return executionTime.split(':').reduce((sum, part) => 60 * sum + Number(part), 0);
}

/** The reverse; hours may pass 99. */
export function executionTimeOf(seconds) {
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => `${part}`.padStart(2, '0')).join(':');
}

/** A moment as a person reads it: the day is left out when it is today. */
export function momentOf(timestamp, now = new Date()) {
  const moment = new Date(timestamp);
  const isToday = moment.toDateString() === now.toDateString();
  return (isToday ? timeOf : dateAndTimeOf).format(moment);
}

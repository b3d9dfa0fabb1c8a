/** A refusal. Carries the error frame's fields: `code`, `detail`, `chat_id`, `retry_after_ms`. */
export class NewLoomError extends Error {
  constructor({ type, message, ...fields }) {
    super(message);
    Object.assign(this, fields);
  }
}

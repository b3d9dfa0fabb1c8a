/** Who listens to which event. */
export class Emitter {
  #handlers = new Map();

  on(event, handler) {
    this.#handlers.set(event, [...(this.#handlers.get(event) ?? []), handler]);
    return this;
  }

  // One listener's exception must not cost the rest of a batch: it goes where uncaught ones go.
  emit(event, data) {
    for (const handler of this.#handlers.get(event) ?? []) {
      try {
        handler(data);
      } catch (error) {
        setTimeout(() => { throw error; });
      }
    }
  }
}

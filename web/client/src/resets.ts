// Who fetches again when a stream was reset. Several streams are reset at the same time, and fetching once is enough.
import type { Reset } from './types.js';

export type ResetListener = (event: Reset) => unknown;

export interface Resets {
  listen(listener: ResetListener): () => void;
  /** Tell them, and wait for them. Undefined when there is nobody. */
  tell(event: Reset): Promise<void> | undefined;
}

export function createResets(): Resets {
  const listeners = new Set<ResetListener>();
  let present: Promise<void> | undefined;
  let following: Promise<void> | undefined;

  const run = async (event: Reset): Promise<void> => {
    await Promise.allSettled([...listeners].map(async (listener) => listener(event)));
  };

  function begin(event: Reset): Promise<void> {
    const running = run(event).finally(() => {
      if (present === running) present = undefined;
    });
    return (present = running);
  }

  return {
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell(event) {
      if (!listeners.size) return undefined;
      if (!present) return begin(event);
      // What is being fetched may have been read before this stream's fresh cursor: once more, for all that come meanwhile.
      return (following ??= present.then(() => {
        following = undefined;
        return begin(event);
      }));
    },
  };
}

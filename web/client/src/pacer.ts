// Frames go out no faster than the server takes them: 60 in 2 seconds, or it closes the socket (1008). It counts when it
// reads: those of one period may be read late and those of the next at once, so that both together are no more.
const FRAMES = 30;
const PERIOD = 2_000;

interface Waiting {
  frame: { id?: string; type: string; payload?: unknown };
  payload: (() => unknown) | undefined;
}

export interface Pacer {
  /** `payload` is asked when the frame is written. */
  send(frame: Waiting['frame'], payload?: () => unknown): void;
  /** Take back what was to begin under an id, if it has not gone out yet. */
  unsend(id: string): boolean;
  stop(): void;
}

export function pacer(write: (text: string) => void): Pacer {
  let waiting: Waiting[] = [];
  let written: number[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    clearTimeout(timer);
    const now = Date.now();
    written = written.filter((at) => at > now - PERIOD);
    while (waiting.length && written.length < FRAMES) {
      const { frame, payload } = waiting.shift()!;
      written.push(now);
      write(JSON.stringify(payload ? { ...frame, payload: payload() } : frame));
    }
    if (waiting.length) timer = setTimeout(flush, PERIOD - (now - (written[0] ?? now)) + 1);
  }

  return {
    send(frame, payload) {
      waiting.push({ frame, payload });
      flush();
    },
    unsend(id) {
      const others = waiting.filter(({ frame }) => frame.id !== id);
      const isFound = others.length < waiting.length;
      waiting = others;
      return isFound;
    },
    stop() {
      clearTimeout(timer);
      waiting = [];
      written = [];
    },
  };
}

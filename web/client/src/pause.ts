// How long to wait before trying again.

/** Twice as long each time up to a limit, and not for all clients the same; all in milliseconds. */
export const pauseAfter = (failures: number, longest: number, first = 200): number =>
  Math.min(longest, first * 2 ** (failures - 1)) * (0.5 + Math.random());

/** Rejects when it is aborted meanwhile. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

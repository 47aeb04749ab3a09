// Queries and mutations that survive: `fetch` with the host's token, and again when the server was away for a moment.

const ATTEMPTS = 10;

/** For the `fetch` option of any GraphQL client. `getToken({ fresh })` as in graphql-ws.mjs. */
export function createFetch({ getToken }) {
  return async (address, init = {}) => {
    let fresh = false;
    for (let failures = 1; ; failures += 1) {
      const headers = new Headers(init.headers);
      headers.set('Authorization', `Bearer ${await getToken({ fresh })}`);
      // Uploads need it: no page of another origin can send it unasked.
      headers.set('GraphQL-Require-Preflight', 'yes');
      try {
        const response = await fetch(address, { ...init, headers });
        if (response.status !== 401 || fresh) return response;
        fresh = true;
      } catch (cause) {
        // Repeating is safe: a message that was stored before the connection broke is found by its clientMessageId.
        if (init.signal?.aborted || failures === ATTEMPTS) throw cause;
        await pauseAfter(failures);
      }
    }
  };
}

/** Longer each time, up to five seconds, and not for all clients the same. */
export function pauseAfter(failures) {
  const milliseconds = Math.min(5_000, 100 * 2 ** failures) * (0.5 + Math.random() / 2);
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

// A client in a world of its own: a socket that the test speaks for, an HTTP server that it plays, and a clock that it moves.
import { mock } from 'node:test';
import { pathToFileURL } from 'node:url';

const { createPalaver } = await import(pathToFileURL(`${process.env.PALAVER_CLIENT}/dist/index.js`));

export const INBOX = 'subscription($after: String) { inbox(after: $after) { __typename ... on ResumableEvent { cursor } } }';

/** Let promises go on; no time passes. */
export const settle = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

export function createWorld({ answer = () => ({ data: {} }), token, ...options } = {}) {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_800_000_000_000 });
  const sockets = [];
  const reasons = [];
  const requests = [];
  const states = [];

  class Socket {
    sent = [];
    isClosed = false;
    constructor(url, protocol) {
      Object.assign(this, { url, protocol });
      sockets.push(this);
    }
    send(text) {
      this.sent.push(JSON.parse(text));
    }
    close() {
      this.isClosed = true;
    }
    say(frame) {
      this.onmessage({ data: JSON.stringify(frame) });
    }
    end(code, reason = '') {
      this.onclose({ code, reason });
    }
    /** Let the client in. */
    admit() {
      this.onopen({});
      this.say({ type: 'connection_ack' });
    }
    get subscribed() {
      return this.sent.filter(({ type }) => type === 'subscribe');
    }
    /** An event of the newest operation on it, or of another. */
    event(event, { id } = this.subscribed.at(-1), field = 'inbox') {
      this.say({ id, type: 'next', payload: { data: { [field]: event } } });
    }
    fail(code, extensions = {}, { id } = this.subscribed.at(-1)) {
      this.say({ id, type: 'error', payload: [{ message: code, extensions: { code, ...extensions } }] });
    }
  }

  const palaver = createPalaver({
    url: 'https://chat.example/graphql',
    WebSocket: Socket,
    token: (reason) => {
      reasons.push(reason);
      return token ? token(reasons.length) : `token ${reasons.length}`;
    },
    fetch: async (url, { headers, body, signal }) => {
      signal?.throwIfAborted();
      requests.push({ url, headers, body });
      const { status = 200, ...result } = await answer(requests.length, body);
      return new Response(result.text ?? JSON.stringify(result), { status });
    },
    ...options,
  });
  palaver.onStatus((status) => states.push(status.state));

  return {
    palaver,
    sockets,
    reasons,
    requests,
    states,
    get socket() {
      return sockets.at(-1);
    },
    /** Follow something; what it says is in the answer. */
    follow(request = { query: INBOX, variables: { after: 'start' } }, sink = {}) {
      const heard = { events: [], errors: [], isComplete: false };
      heard.stop = palaver.subscribe(request, {
        next: ({ data }) => heard.events.push(Object.values(data)[0]),
        error: (cause) => heard.errors.push(cause),
        complete: () => (heard.isComplete = true),
        ...sink,
      });
      return heard;
    },
    /** The client is there, and let in. */
    async connected() {
      await settle();
      sockets.at(-1).admit();
      await settle();
      return sockets.at(-1);
    },
    /** So many milliseconds later. */
    async after(milliseconds) {
      mock.timers.tick(milliseconds);
      await settle();
    },
  };
}

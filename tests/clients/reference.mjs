// The reference server of graphql-transport-ws, on a port of its own, which it prints. It ends with its input.
import { createServer } from 'node:http';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

const { initSeconds, maxPayload, token } = JSON.parse(process.argv[2]);

const schema = buildSchema(`
  type Query { _: Int }
  type Mutation { _: Int }
  type Subscription { silence: Int  a: Int  b: Int }
`);
// Says nothing until it is told to end.
schema.getSubscriptionType().getFields().silence.subscribe = () => {
  let end;
  const ended = new Promise((resolve) => (end = resolve));
  return {
    [Symbol.asyncIterator]() { return this; },
    next: () => ended.then(() => ({ done: true, value: undefined })),
    return: async () => (end(), { done: true, value: undefined }),
    throw: async (error) => { end(); throw error; },
  };
};

const http = createServer();
const sockets = new WebSocketServer({ server: http, path: '/graphql', maxPayload });
useServer(
  {
    schema,
    connectionInitWaitTimeout: initSeconds * 1000,
    onConnect: ({ connectionParams }) => connectionParams?.Authorization === `Bearer ${token}`,
  },
  sockets,
);
http.listen(0, '127.0.0.1', () => process.stdout.write(`${http.address().port}\n`));
process.stdin.resume().on('end', () => process.exit(0));

// An application as the types see it; checked with the pages, never run.
import { ApolloClient, InMemoryCache } from '@apollo/client';
import { PalaverError, createPalaver, type ExecutionResult, type Reset, type Status } from '@palaver/client';
import { palaverLink, typePolicies } from '@palaver/client/apollo';
import { connections, introspection, keys, possibleTypes } from '@palaver/client/generated';
import { relayNetwork } from '@palaver/client/relay';
import { eventsOnTop, palaverExchange, refetchExchange } from '@palaver/client/urql';
import { Client } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { Environment, Network, RecordSource, Store } from 'relay-runtime';

const palaver = createPalaver({ url: '/graphql', token: (reason) => `token ${reason}`, WebSocket });

export const urql = new Client({
  url: '/graphql',
  preferGetMethod: false,
  exchanges: [
    refetchExchange(palaver),
    eventsOnTop(cacheExchange({ keys, schema: introspection })),
    palaverExchange(palaver),
  ],
});

export const apollo = new ApolloClient({
  link: palaverLink(palaver),
  cache: new InMemoryCache({ possibleTypes, typePolicies: typePolicies() }),
});

const { fetch, subscribe } = relayNetwork(palaver);
export const relay = new Environment({ network: Network.create(fetch, subscribe), store: new Store(new RecordSource()) });

interface Inbox {
  inbox: { __typename: string };
}

export const stop: () => void = palaver.subscribe<Inbox>(
  { query: 'subscription { inbox { __typename } }' },
  {
    next: ({ data, errors }) => [data?.inbox.__typename satisfies string | undefined, errors?.[0]?.extensions?.code],
    error: (cause) => [cause satisfies Error, cause instanceof PalaverError, cause.code satisfies string | number],
    complete() {},
    reset: async (event: Reset) => event.cursor satisfies string | null,
  },
);

const signal = new AbortController().signal;
export const viewer: Promise<ExecutionResult<{ viewer: { id: string } }>> = palaver.execute(
  { query: '{ viewer { id } }', variables: {}, operationName: 'Q', extensions: {} },
  { signal },
);

export const unlisten = palaver.onStatus(({ state, since, retryAt }: Status) => [state, new Date(since), retryAt ?? 0]);
export const paged: string[] | undefined = connections['Query']?.['conversations'];

// @ts-expect-error A token has to be given.
createPalaver({ url: '/graphql' });
// @ts-expect-error There is no such reason.
createPalaver({ url: '/graphql', token: (reason) => (reason === 'never' ? '' : '') });

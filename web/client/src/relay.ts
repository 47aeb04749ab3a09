// Relay: the two functions of a network.
import { Observable, type FetchFunction, type GraphQLResponse, type RequestParameters, type SubscribeFunction } from 'relay-runtime';
import type { Palaver } from './palaver.js';
import type { Request } from './types.js';

export interface RelayNetwork {
  fetch: FetchFunction;
  subscribe: SubscribeFunction;
}

/** For `Network.create(fetch, subscribe)`. */
export function relayNetwork(palaver: Palaver): RelayNetwork {
  return {
    fetch: (params, variables, _, uploadables) =>
      Observable.create((sink) => {
        const controller = new AbortController();
        const { signal } = controller;
        const files = uploadables ?? {};
        palaver
          .execute({ ...documentOf(params), variables: withFiles(variables, files) }, { signal })
          .then((result) => sink.next(result as GraphQLResponse))
          .then(() => sink.complete())
          .catch((cause: Error) => signal.aborted || sink.error(cause));
        return () => controller.abort();
      }),

    subscribe: (params, variables) =>
      Observable.create((sink) =>
        palaver.subscribe(
          { ...documentOf(params), variables },
          { next: (result) => sink.next(result as GraphQLResponse), error: sink.error, complete: sink.complete },
        ),
      ),
  };
}

/** What relay-compiler was told to do: with `persistConfig` there is an id, else the text. */
const documentOf = ({ id, text, name }: RequestParameters): Request =>
  id ? { documentId: id } : { query: text ?? '', operationName: name };

/** Relay names files by where they belong: { 'variables.input.file': file }. */
function withFiles(variables: Record<string, unknown>, files: Record<string, unknown>): Record<string, unknown> {
  const filled = { variables: structuredClone(variables) };
  for (const [path, file] of Object.entries(files)) {
    const names = path.split('.');
    const last = names.pop()!;
    const place = names.reduce<Record<string, unknown>>((value, name) => value[name] as Record<string, unknown>, filled);
    place[last] = file;
  }
  return filled.variables;
}

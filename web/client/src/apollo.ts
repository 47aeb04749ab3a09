// Apollo Client 4: one link that ends the chain, for queries, mutations and subscriptions.
import { ApolloLink, type TypePolicies } from '@apollo/client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { print, relayStylePagination } from '@apollo/client/utilities';
import { Observable } from 'rxjs';
import { connections } from './generated.js';
import type { Palaver } from './palaver.js';
import type { PalaverError, Request } from './types.js';

/**
 * In the place of `HttpLink` and `GraphQLWsLink`. Links before it may set `includeQuery: false` in the context's `http`,
 * as that for persisted queries does.
 */
export const palaverLink = (palaver: Palaver): ApolloLink =>
  new ApolloLink(
    (operation) =>
      new Observable((observer) => {
        const request = requestOf(operation);
        const next = (result: object): void => observer.next(result as ApolloLink.Result);
        const complete = (): void => observer.complete();
        if (operation.operationType === 'subscription') {
          const error = (cause: PalaverError): void =>
            observer.error(cause.errors.length ? new CombinedGraphQLErrors({ errors: [...cause.errors] }) : cause);
          return palaver.subscribe(request, { next, error, complete });
        }
        const controller = new AbortController();
        const { signal } = controller;
        palaver
          .execute(request, { signal })
          .then(next)
          .then(complete, (cause: unknown) => signal.aborted || observer.error(cause));
        return () => controller.abort();
      }),
  );

function requestOf({ query, variables, operationName, extensions, getContext }: ApolloLink.Operation): Request {
  const { http } = getContext() as { http?: { includeQuery?: boolean } };
  return {
    ...(http?.includeQuery !== false && { query: print(query) }),
    ...(operationName !== undefined && { operationName }),
    variables,
    ...(Object.keys(extensions).length && { extensions }),
  };
}

/** For `typePolicies` of InMemoryCache: every list of Palaver's that comes in pages is one list. Write your own after it. */
export const typePolicies = (): TypePolicies =>
  mapValues(connections, (fields) => ({
    fields: mapValues(fields, (others) => relayStylePagination(others.length > 0 && others)),
  }));

const mapValues = <From, To>(of: Record<string, From>, to: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, to(value)]));

// How operations reach the server: subscriptions over a WebSocket, everything else by POST, both with the headers of the open tab.
import type { Fetcher, FetcherParams } from '@graphiql/toolkit';
import { getOperationAST, parse, type OperationDefinitionNode } from 'graphql';
import type { ExecutionResult } from 'graphql-ws';
import { problem } from './problem';
import { subscribe } from './socket';
import { authorizationIn, type Headers } from './token';

const ENDPOINT = new URL('/graphql', window.location.origin);

export function fetcherFor(defaultHeaders: Headers | undefined): Fetcher {
  return (params, options) => {
    // Nothing in the headers editor (or no editor yet, when introspection begins) means the page's token; {} means none.
    const headers: Headers = options?.headers ?? defaultHeaders ?? {};
    const operation = operationOf(params);
    const request = { ...params, operationName: operation ? operation.name?.value : params.operationName };
    if (operation?.operation === 'subscription') return subscribe(request, authorizationIn(headers));
    return post(request, headers);
  };
}

/** GraphiQL's own idea of the operation lags behind the keyboard, so we look at the text that is sent. */
function operationOf({ query, operationName }: FetcherParams): OperationDefinitionNode | null {
  try {
    const document = parse(query);
    return getOperationAST(document, operationName) ?? getOperationAST(document) ?? null;
  } catch {
    // The server explains a syntax error better than we could.
    return null;
  }
}

async function post(request: FetcherParams, headers: Headers): Promise<ExecutionResult> {
  const response = await fetch(ENDPOINT, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      ...(headers as Record<string, string>),
    },
    body: JSON.stringify(request),
  });
  const text = await response.text();
  try {
    return JSON.parse(text) as ExecutionResult;
  } catch {
    // A proxy's page of HTML, or nothing: show what it is instead of a parser's complaint.
    throw problem(`HTTP ${response.status} ${response.statusText}: ${text.slice(0, 500)}`);
  }
}

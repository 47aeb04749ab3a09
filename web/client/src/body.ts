// The body of a request: JSON, or with files the GraphQL multipart request specification.
import type { Request } from './types.js';

export interface Body {
  headers: Record<string, string>;
  body: string | FormData;
}

/** Files may stand anywhere in the variables. */
export function bodyOf({ query, documentId, operationName, variables, extensions }: Request): Body {
  const files: [string, Blob][] = [];
  const given = variables && withoutFiles(variables, 'variables', files);
  const operation = JSON.stringify({ query, documentId, operationName, variables: given, extensions });
  if (!files.length) return { headers: { 'content-type': 'application/json' }, body: operation };
  const form = new FormData();
  form.append('operations', operation);
  form.append('map', JSON.stringify(Object.fromEntries(files.map(([path], index) => [index, [path]]))));
  files.forEach(([, file], index) => form.append(String(index), file));
  // No page of another origin can send this header unasked.
  return { headers: { 'graphql-require-preflight': 'yes' }, body: form };
}

function withoutFiles(value: unknown, path: string, files: [string, Blob][]): unknown {
  if (typeof Blob !== 'undefined' && value instanceof Blob) {
    files.push([path, value]);
    return null;
  }
  if (Array.isArray(value)) return value.map((item, index) => withoutFiles(item, `${path}.${index}`, files));
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, withoutFiles(item, `${path}.${name}`, files)]),
  );
}

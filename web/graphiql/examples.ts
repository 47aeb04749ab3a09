// The operations to begin with: the files in operations/, in the order of their numbers.
// A tab is named by GraphiQL after the operation in it.
import { claimsOf } from './token';

export interface Example {
  name: string;
  query: string;
  variables: string;
}

const queries = import.meta.glob<string>('./operations/*.graphql', { query: '?raw', import: 'default', eager: true });
const variables = import.meta.glob<string>('./operations/*.json', { query: '?raw', import: 'default', eager: true });

const files = Object.entries(queries)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([path, query]) => ({
    // 01 to 09 are the way from a Contact button to an answer; those of the host and of staff say so in their names.
    isFirst: path.includes('/0'),
    role: /-host-/.test(path) ? 'service' : /-staff-/.test(path) ? 'admin' : undefined,
    name: /^(?:query|mutation|subscription) (\w+)/m.exec(query)?.[1] ?? path,
    query: query.trimEnd(),
    variables: variables[path.replace(/\.graphql$/, '.json')]?.trimEnd() ?? '',
  }));

/** What somebody may ask: all that is everybody's, and what is of their roles. */
export function examplesFor(authorization: string | null): Example[] {
  const roles = rolesIn(authorization);
  return files.filter(({ role }) => role === undefined || roles.includes(role));
}

/** The tabs of a first visit: the host's or staff's own work for them, the first steps for everybody else. */
export function tabsFor(authorization: string | null): Example[] {
  const roles = rolesIn(authorization);
  const own = files.filter(({ role }) => role !== undefined && roles.includes(role));
  return own.length > 0 ? own : files.filter(({ isFirst }) => isFirst);
}

const rolesIn = (authorization: string | null): string[] =>
  (authorization === null ? null : claimsOf(authorization))?.roles ?? [];

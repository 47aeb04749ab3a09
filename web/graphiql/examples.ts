// The tabs of a first visit: the files in operations/, in the order of their numbers.
// A tab is named by GraphiQL after the operation in it.
export interface Example {
  query: string;
  variables: string;
}

const queries = import.meta.glob<string>('./operations/*.graphql', { query: '?raw', import: 'default', eager: true });
const variables = import.meta.glob<string>('./operations/*.json', { query: '?raw', import: 'default', eager: true });

export const examples: Example[] = Object.entries(queries)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([path, query]) => ({
    query: query.trimEnd(),
    variables: variables[path.replace(/\.graphql$/, '.json')]?.trimEnd() ?? '',
  }));

// An answer that an event has overtaken is older than the event: what that told of an entity goes into the answer.
import type { Exchange } from 'urql';
import { map, pipe, tap } from 'wonka';

type Fields = Record<string, unknown>;

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;

/** `see` is shown every object in it, the innermost last. */
function eachIn(value: unknown, see: (fields: Fields) => Fields): unknown {
  if (Array.isArray(value)) return value.map((one) => eachIn(one, see));
  if (isPlain(value)) return value;
  return Object.fromEntries(Object.entries(see(value as Fields)).map(([name, one]) => [name, eachIn(one, see)]));
}

const keyOf = ({ __typename, id }: Fields): string | undefined =>
  typeof __typename === 'string' && typeof id === 'string' ? `${__typename}:${id}` : undefined;

/**
 * Behind the cache. Only values are put right: what has fields of its own may have been asked for with others. Where the
 * answer was the newer one after all, the event that tells of it is on its way.
 */
export const entitiesTold: Exchange =
  ({ forward }) =>
  (operations) => {
    /** By what is not answered yet: what events have told since it was asked. */
    const told = new Map<number, Map<string, Fields>>();

    const remember = (fields: Fields): Fields => {
      const key = keyOf(fields);
      if (key) for (const known of told.values()) known.set(key, { ...known.get(key), ...fields });
      return fields;
    };

    return pipe(
      operations,
      tap(({ kind, key }) => {
        if (kind === 'query' || kind === 'mutation') told.set(key, new Map());
        if (kind === 'teardown') told.delete(key);
      }),
      forward,
      map((result) => {
        const { kind, key } = result.operation;
        if (kind === 'subscription' && told.size > 0) eachIn(result.data, remember);
        const known = told.get(key);
        if (kind === 'subscription' || !told.delete(key) || !known?.size) return result;
        const putRight = (fields: Fields): Fields => {
          const newer = known.get(keyOf(fields) ?? '');
          if (!newer) return fields;
          const taken = Object.entries(fields).map(([name, one]) => [name, isPlain(one) && name in newer ? newer[name] : one]);
          return Object.fromEntries(taken) as Fields;
        };
        return { ...result, data: eachIn(result.data, putRight) };
      }),
    );
  };

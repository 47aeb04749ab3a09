// What the browser keeps: for this tab ("session") or for longer ("local"). It may be full, and a person may forbid it.
type Where = 'local' | 'session';

const storage = (where: Where): Storage => (where === 'local' ? localStorage : sessionStorage);

/** Null also where nothing may be read. */
export function readKept(where: Where, key: string): string | null {
  try {
    return storage(where).getItem(key);
  } catch {
    return null;
  }
}

/** Null or nothing forgets it. False: it could not be kept. */
export function keep(where: Where, key: string, value: string | null): boolean {
  try {
    if (value) storage(where).setItem(key, value);
    else storage(where).removeItem(key);
    return true;
  } catch {
    return false;
  }
}

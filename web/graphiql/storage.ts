// Where GraphiQL keeps its tabs: in this browser tab only. Two tabs can be two people, and neither overwrites the other's work.
const PREFIX = 'graphiql:';

const HISTORY = [`${PREFIX}queries`, `${PREFIX}favorites`];

const ownKeys = (): string[] => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));

/** What is taken up again from the history runs as who one is now, not as who one was then. */
const withoutHeaders = (json: string): string =>
  JSON.stringify(JSON.parse(json), (name, part: unknown) => (name === 'headers' ? undefined : part));

export const storage = {
  getItem: (key: string): string | null => sessionStorage.getItem(key),
  setItem: (key: string, value: string): void =>
    sessionStorage.setItem(key, HISTORY.includes(key) ? withoutHeaders(value) : value),
  removeItem: (key: string): void => sessionStorage.removeItem(key),
  clear: (): void => ownKeys().forEach((key) => sessionStorage.removeItem(key)),
  get length(): number {
    return ownKeys().length;
  },
};

interface StoredTab {
  query: string | null;
  variables: string | null;
}

/** The tab that was open before a reload; GraphiQL by itself would bring back its query, but not always its variables. */
export function activeTab(): StoredTab | undefined {
  const stored = sessionStorage.getItem(`${PREFIX}tabState`);
  if (stored === null) return undefined;
  try {
    const state = JSON.parse(stored) as { tabs?: StoredTab[]; activeTabIndex?: number };
    return state.tabs?.[state.activeTabIndex ?? 0];
  } catch {
    // Whatever it is, GraphiQL did not write it, and starts afresh.
    return undefined;
  }
}

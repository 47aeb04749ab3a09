// What staff look for among anybody's conversations. Each look is in the audit log, so Enter looks, not every letter.
import { useId, useState } from 'react';
import { useWords } from '../i18n/language';
import { SearchBox } from '../search/search-box';
import { Button } from '../ui/button';
import styles from './filter.module.css';
import type { Sought } from './kept';
import { words } from './words';

interface Props {
  sought: Sought;
  onSought(next: Sought): void;
}

const STATES = [null, 'OPEN', 'CLOSED'] as const;
/** Those that hosts have most often; theirs may be others. */
const KINDS = ['listing', 'ride', 'booking'];

export function Filter({ sought, onSought }: Props) {
  const w = useWords(words);
  const kinds = useId();
  const [query, setQuery] = useState(sought.query);
  const [kind, setKind] = useState(sought.kind);
  const look = (more: Partial<Sought> = {}): void => onSought({ ...sought, query: query.trim(), kind: kind.trim(), ...more });
  const names = { null: w.all, OPEN: w.open, CLOSED: w.closed };
  return (
    <form
      className={styles.filter}
      onSubmit={(event) => {
        event.preventDefault();
        look();
      }}
    >
      <div className={styles.query}>
        <SearchBox
          label={w.query}
          value={query}
          onChange={(value) => {
            setQuery(value);
            if (value === '') look({ query: '' });
          }}
        />
      </div>
      <input
        className={styles.kind}
        aria-label={w.kind}
        placeholder={w.kind}
        list={kinds}
        maxLength={100}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={kind}
        onChange={({ target }) => setKind(target.value)}
      />
      <datalist id={kinds}>
        {KINDS.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <Button type="submit" className={styles.submit}>
        {w.search}
      </Button>
      <div className={styles.states} role="group" aria-label={w.state}>
        {STATES.map((one) => (
          <button type="button" key={one} aria-pressed={one === sought.state} onClick={() => look({ state: one })}>
            {names[`${one}`]}
          </button>
        ))}
      </div>
    </form>
  );
}

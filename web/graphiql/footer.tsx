// The line below the answer: who the open tab's token is, until when, how a subscription fares, and what else there is to try.
import { useGraphiQL } from '@graphiql/react';
import { parse } from 'jsonc-parser';
import { useEffect, useState } from 'react';
import { useLive } from './live';
import { MoreExamples } from './more';
import { authorizationIn, claimsOf, type Claims, type Headers } from './token';

export function Footer() {
  const authorization = useAuthorization();
  return (
    <footer className="palaver-footer">
      <Who authorization={authorization} />
      <LiveState />
      <MoreExamples authorization={authorization} />
    </footer>
  );
}

/** Of the open tab, as its next request will have it. */
function useAuthorization(): string | null {
  const headers = useGraphiQL(
    ({ tabs, activeTabIndex, defaultHeaders }) => tabs[activeTabIndex]?.headers?.trim() || defaultHeaders,
  );
  return authorizationIn(parse(headers || '{}') as Headers | undefined);
}

function Who({ authorization }: { authorization: string | null }) {
  const now = useNow();
  if (authorization === null) return <span data-testid="who">no token</span>;
  const claims = claimsOf(authorization);
  if (claims === null) return <span data-testid="who">a token that is not a JWT</span>;
  return (
    <span data-testid="who">
      <strong>{claims.name ?? claims.sub ?? 'no name'}</strong>
      {details(claims).map((detail) => ` · ${detail}`)}
      {claims.expiresAt && <Expiry at={claims.expiresAt} now={now} />}
    </span>
  );
}

const details = ({ name, sub, roles }: Claims): string[] =>
  [name === undefined ? undefined : sub, roles.join(', ')].filter((text): text is string => Boolean(text));

function Expiry({ at, now }: { at: Date; now: Date }) {
  const isPast = at <= now;
  const isToday = at.toDateString() === now.toDateString();
  const when = at.toLocaleString([], { dateStyle: isToday ? undefined : 'medium', timeStyle: 'short' });
  return (
    <>
      {' · '}
      <time dateTime={at.toISOString()} className={isPast ? 'palaver-expired' : undefined}>
        {isPast ? 'expired' : 'expires'} {when}
      </time>
    </>
  );
}

function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 5_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function LiveState() {
  const { state, events } = useLive();
  const isSubscribed = useGraphiQL(({ subscription }) => subscription !== null);
  if (!isSubscribed) return null;
  return (
    <span data-testid="live">
      {state === 'connecting' ? 'connecting …' : `live · ${events} ${events === 1 ? 'event' : 'events'}`}
    </span>
  );
}

// One subscription that goes on where it was, whatever becomes of the connection.
import type { Sign } from './board.js';
import type { Connection, Operation } from './connection.js';
import { planOf, type Plan } from './document.js';
import { pauseAfter } from './pause.js';
import { PalaverError, type ExecutionResult, type Request, type Reset, type Sink } from './types.js';

/** Errors of the moment: the stream is begun again. */
const PASSING = new Set<string | number>(['RATE_LIMITED', 'TIMEOUT', 'INTERNAL']);
const ATTEMPTS = 8;
/** What comes while the page is fetched again waits; of more than this the page is fetched again once more. */
const HELD = 1_000;

interface Event {
  __typename?: string;
  cursor?: string;
  isReplay?: boolean;
  reason?: string;
}

export interface Surroundings {
  connection: Connection;
  longestPause: number;
  note(stream: object, sign: Sign): void;
  /** Fetches again; undefined when nobody does. */
  reset(event: Reset, sink: Sink): Promise<void> | undefined;
}

/** The answer stops it. Each event is taken once: its cursor is kept when the sink has it, and goes out on every connection. */
export function follow(around: Surroundings, request: Request, sink: Sink): () => void {
  const { connection } = around;
  const plan = planFor(request);
  const name = plan?.after ?? 'after';
  let after = (request.variables?.[name] ?? request.variables?.['after'] ?? plan?.initial) as string | null | undefined;
  let isStopped = false;
  let isBegun = false;
  /** Of a document that is not known here, until its events tell. */
  let mayResume = plan ? plan.stream !== undefined : true;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let held: ExecutionResult[] | undefined;

  const live: Operation = {
    begin() {
      // When the frame has gone out: what is read before the stream stands may lack what the stream does not tell.
      if (isBegun && after == null && mayResume) queueMicrotask(fetchAgain);
      isBegun = true;
      around.note(live, after == null ? 'over' : 'resumes');
      const variables = after == null ? request.variables : { ...request.variables, [name]: after };
      return { ...request, ...(plan && { query: plan.query }), ...(variables && { variables }) };
    },

    next(result) {
      const event = eventOf(result);
      failures = 0;
      if (event?.__typename === 'ResetEvent') {
        const fetched = around.reset({ cursor: event.cursor ?? null, reason: event.reason ?? '', request }, sink);
        if (fetched) return goOn(event.cursor, fetched);
      }
      if (held) return hold(result);
      give(result, event);
    },

    error(cause) {
      const expired = cause.errors.find(({ extensions }) => extensions?.code === 'CURSOR_EXPIRED');
      const cursor = expired?.extensions?.['cursor'];
      if (expired && typeof cursor === 'string') {
        const fetched = around.reset({ cursor, reason: expired.message, request }, sink);
        if (fetched) return goOn(cursor, fetched);
      }
      failures += 1;
      if (PASSING.has(cause.code) && failures < ATTEMPTS) return again(live, cause);
      end();
      sink.error(cause);
    },

    complete() {
      end();
      sink.complete();
    },
  };

  /** Without `after` a stream begins now; when that was is asked first, so that it can be resumed before its first event. */
  const origin: Operation = {
    begin() {
      around.note(live, 'looks');
      return { query: plan!.stream!.origin, variables: { id: plan!.argument && valueOf(plan!.argument, request) } };
    },
    next({ data }) {
      after = cursorIn(data);
    },
    // The stream itself will say what is wrong.
    error: (cause) => (PASSING.has(cause.code) && (failures += 1) < ATTEMPTS ? again(origin, cause) : begin(live)),
    complete: () => begin(live),
  };

  function begin(operation: Operation): void {
    if (!isStopped) connection.add(operation);
  }

  function again(operation: Operation, cause: PalaverError): void {
    const asked = cause.errors[0]?.extensions?.['retryAfterMs'];
    const wait = pauseAfter(failures, around.longestPause) + (typeof asked === 'number' ? asked : 0);
    timer = setTimeout(() => begin(operation), wait);
  }

  function eventOf({ data }: ExecutionResult): Event | undefined {
    const event = data && (plan ? data[plan.key] : Object.values(data)[0]);
    return (event ?? undefined) as Event | undefined;
  }

  function give(result: ExecutionResult, event: Event | undefined): void {
    sink.next(result);
    if (!event) return;
    // Only what was taken counts as seen.
    after = event.cursor ?? after;
    if (!plan) mayResume = event.cursor !== undefined;
    around.note(live, event.isReplay === undefined ? 'any' : event.isReplay ? 'old' : 'new');
  }

  /** First fetch, then go on: an answer that came after a later event would take that event away again. */
  function goOn(cursor: string | null | undefined, fetched: Promise<void>): void {
    connection.remove(live);
    after = cursor;
    fetched.then(() => begin(live));
  }

  /** The place was not known when the connection broke: what is shown is fetched again, and what comes meanwhile waits. */
  async function fetchAgain(): Promise<void> {
    const fetched = around.reset({ cursor: null, reason: 'The place of the stream was not known', request }, sink);
    if (!fetched) return;
    const mine: ExecutionResult[] = (held = []);
    await fetched;
    // Another connection has begun meanwhile, with another hole before it.
    if (held !== mine) return;
    held = undefined;
    for (const result of mine) if (!isStopped) give(result, eventOf(result));
  }

  function hold(result: ExecutionResult): void {
    if (held!.length < HELD) return void held!.push(result);
    held = undefined;
    connection.remove(live);
    begin(live);
  }

  function end(): void {
    isStopped = true;
    clearTimeout(timer);
    around.note(live, 'over');
    connection.remove(live);
    connection.remove(origin);
  }

  begin(after == null && plan?.stream ? origin : live);
  return end;
}

/** What is sent by hash has to stay as it is, and of what is sent by id only the server knows the text. */
function planFor({ query, operationName, extensions }: Request): Plan | undefined {
  const plan = query ? planOf(query, operationName) : undefined;
  return plan && extensions?.['persistedQuery'] && plan.query !== query ? undefined : plan;
}

const valueOf = (argument: string, { variables }: Request): unknown =>
  argument.startsWith('$') ? variables?.[argument.slice(1)] : argument;

function cursorIn(data: ExecutionResult['data']): string | undefined {
  const { viewer, conversation } = (data ?? {}) as Record<string, Record<string, string> | null | undefined>;
  return viewer?.['inboxCursor'] ?? conversation?.['cursor'];
}

// Reads so much of a subscription's text as resuming needs, and adds what it lacks. A parser of all GraphQL is ten times
// as large, and printing again what was parsed would change the text of registered documents.
import { STREAMS, type Stream } from './streams.js';

interface Token {
  text: string;
  start: number;
  end: number;
}

/** A selection in a document; numbers are indexes of tokens. */
interface Selection {
  kind: 'field' | 'spread' | 'inline';
  /** The field's name, the fragment's, or the type of an inline fragment. */
  name: string;
  key: string;
  /** Of the name, and of the brackets where there are any. */
  at: number;
  arguments: number | undefined;
  body: number | undefined;
}

/** What is known of a subscription. */
export interface Plan {
  query: string;
  /** The name in the answer's `data`. */
  key: string;
  /** Undefined for what cannot be resumed, such as typing. */
  stream: Stream | undefined;
  /** The name of the variable that takes the cursor. */
  after: string;
  /** What the text itself gives as `after`: a variable's default, or a literal. */
  initial: string | undefined;
  /** The value of the stream's argument: a variable's name with $, or a literal. */
  argument: string | undefined;
}

const TOKEN = /[\s,\uFEFF]+|#[^\n\r]*|("""(?:\\"""|[^])*?"""|"(?:[^"\\\n\r]|\\.)*"|\.\.\.|[!$&()[\]{}:=@|]|-?\d[\w.+-]*|\w+)/y;
const OURS = 'palaverAfter';

/** Nothing for what is no subscription, or cannot be read: the server will say what is wrong with it. */
export function planOf(query: string, operationName?: string): Plan | undefined {
  try {
    const tokens = tokensOf(query);
    return tokens && new Reader(query, tokens).plan(operationName);
  } catch {
    return undefined;
  }
}

function tokensOf(query: string): Token[] | undefined {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < query.length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(query);
    if (!match) return undefined;
    if (match[1]) tokens.push({ text: match[1], start, end: TOKEN.lastIndex });
  }
  return tokens;
}

class Reader {
  private readonly fragments = new Map<string, { type: string; body: number }>();
  private readonly subscriptions: { name: string; at: number; variables: number | undefined; body: number }[] = [];

  constructor(
    private readonly query: string,
    private readonly tokens: Token[],
  ) {
    for (let at = 0; at < tokens.length; ) {
      const keyword = this.text(at);
      let body = at;
      while (body < tokens.length && this.text(body) !== '{') body = '(['.includes(this.text(body)) ? this.past(body) : body + 1;
      if (keyword === 'fragment') this.fragments.set(this.text(at + 1), { type: this.text(at + 3), body });
      if (keyword === 'subscription') {
        const isNamed = /\w/.test(this.text(at + 1));
        const next = at + (isNamed ? 2 : 1);
        const variables = this.text(next) === '(' ? next : undefined;
        this.subscriptions.push({ name: isNamed ? this.text(at + 1) : '', at: next - 1, variables, body });
      }
      at = this.past(body);
    }
  }

  plan(operationName?: string): Plan | undefined {
    const { subscriptions } = this;
    const subscription = operationName
      ? subscriptions.find(({ name }) => name === operationName)
      : subscriptions.length === 1 && subscriptions[0];
    const root = subscription && [...this.fields(subscription.body)][0];
    if (!root) return undefined;
    const stream = STREAMS[root.name];
    const given = this.argumentsOf(root);
    const plan: Plan = {
      query: this.query,
      key: root.key,
      stream,
      after: OURS,
      initial: undefined,
      argument: stream?.argument === undefined ? undefined : this.value(given.get(stream.argument)),
    };
    if (!stream || root.body === undefined) return plan;

    const edits: { start: number; end: number; text: string }[] = [];
    const insert = (at: number, text: string): void => void edits.push({ start: at, end: at, text });
    const after = given.get('after');
    if (after !== undefined && this.text(after) === '$') {
      plan.after = this.text(after + 1);
      plan.initial = this.defaultOf(subscription.variables, plan.after);
    } else {
      plan.initial = after === undefined ? undefined : textOf(this.text(after));
      if (after !== undefined) edits.push({ ...this.tokens[after]!, text: `$${OURS}` });
      else if (root.arguments !== undefined) insert(this.tokens[root.arguments]!.end, `after:$${OURS} `);
      else insert(this.tokens[root.at]!.end, `(after:$${OURS})`);
      if (subscription.variables !== undefined) insert(this.tokens[subscription.variables]!.end, `$${OURS}:String `);
      else insert(this.tokens[subscription.at]!.end, `($${OURS}:String)`);
    }
    insert(this.tokens[root.body]!.end, this.lackingIn(root.body, stream));
    plan.query = edits
      .sort((a, b) => b.start - a.start)
      .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), this.query);
    return plan;
  }

  /** `cursor`, and in a union `__typename`, where they are not selected for every event. */
  private lackingIn(body: number, { type, isUnion }: Stream): string {
    const keys = new Set<string>();
    for (const { key, name } of this.fields(body, [type, 'ResumableEvent'])) if (key === name) keys.add(key);
    const cursor = keys.has('cursor') ? '' : isUnion ? '...on ResumableEvent{cursor}' : 'cursor ';
    const typename = keys.has('__typename') || !isUnion ? '' : '__typename ';
    const isLacking = cursor || typename;
    return isLacking && ` ${typename}${cursor}${isUnion ? '...on MessageAddedEvent{isReplay}' : 'isReplay '} `;
  }

  /** The fields of a selection set, also those in fragments on one of these types, or on any. */
  private *fields(body: number, types?: string[], visited = new Set<number>()): Generator<Selection> {
    if (visited.has(body)) return;
    visited.add(body);
    for (const selection of this.selections(body)) {
      if (selection.kind === 'field') {
        yield selection;
        continue;
      }
      const fragment =
        selection.kind === 'inline' ? { type: selection.name, body: selection.body } : this.fragments.get(selection.name);
      if (fragment?.body === undefined) continue;
      if (types && fragment.type && !types.includes(fragment.type)) continue;
      yield* this.fields(fragment.body, types, visited);
    }
  }

  private *selections(body: number): Generator<Selection> {
    for (let at = body + 1; at < this.tokens.length && this.text(at) !== '}'; ) {
      let kind: Selection['kind'] = 'field';
      let key = this.text(at);
      if (key === '...') {
        kind = /^\w/.test(this.text(at + 1)) && this.text(at + 1) !== 'on' ? 'spread' : 'inline';
        at += kind === 'inline' && this.text(at + 1) === 'on' ? 2 : kind === 'spread' ? 1 : 0;
      } else if (this.text(at + 1) === ':') {
        at += 2;
      }
      const selection: Selection = { kind, key, name: this.text(at), at, arguments: undefined, body: undefined };
      if (selection.name === '...') selection.name = '';
      at += 1;
      if (this.text(at) === '(') at = this.past((selection.arguments = at));
      while (this.text(at) === '@') {
        at += 2;
        if (this.text(at) === '(') at = this.past(at);
      }
      if (this.text(at) === '{') at = this.past((selection.body = at));
      yield selection;
    }
  }

  /** Where the value of each argument begins. */
  private argumentsOf({ arguments: opening }: Selection): Map<string, number> {
    const found = new Map<string, number>();
    if (opening === undefined) return found;
    for (let at = opening + 1; at < this.tokens.length && this.text(at) !== ')'; ) {
      found.set(this.text(at), at + 2);
      at += 2;
      at = '[{'.includes(this.text(at)) ? this.past(at) : at + (this.text(at) === '$' ? 2 : 1);
    }
    return found;
  }

  private value(at: number | undefined): string | undefined {
    if (at === undefined) return undefined;
    return this.text(at) === '$' ? `$${this.text(at + 1)}` : textOf(this.text(at));
  }

  /** `$name: String = "this"`. */
  private defaultOf(opening: number | undefined, name: string): string | undefined {
    if (opening === undefined) return undefined;
    for (let at = opening; at < this.past(opening); at += 1) {
      if (this.text(at) === '$' && this.text(at + 1) === name && this.text(at + 4) === '=') return textOf(this.text(at + 5));
    }
    return undefined;
  }

  /** The index after the bracket that closes this one. */
  private past(opening: number): number {
    let depth = 0;
    let at = opening;
    do {
      if (/^[([{]$/.test(this.text(at))) depth += 1;
      if (/^[)\]}]$/.test(this.text(at))) depth -= 1;
      at += 1;
    } while (depth > 0 && at < this.tokens.length);
    return at;
  }

  private text(at: number): string {
    return this.tokens[at]?.text ?? '';
  }
}

/** The value of a string in a document; nothing for what is none. Ids may be numbers. */
function textOf(token: string): string | undefined {
  if (/^\d/.test(token)) return token;
  return token.startsWith('"') && !token.startsWith('"""') ? (JSON.parse(token) as string) : undefined;
}

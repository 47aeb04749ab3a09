// What of a found message is shown: a piece around the first place that was found, with all found places in it marked.

/** As the server tells it: in Unicode code points, of which one may be two units of a JavaScript string. */
export interface TextRange {
  start: number;
  length: number;
}

export interface Piece {
  text: string;
  isFound: boolean;
}

/** How much is shown at most, and how much of it before the first found place; in code points. */
const LENGTH = 160;
const BEFORE = 40;

export function excerptOf(body: string, highlights: readonly TextRange[]): Piece[] {
  const points = [...body];
  const { from, to } = shown(points, highlights[0]);
  const pieces: Piece[] = [];
  let end = from;
  const add = (upTo: number, isFound: boolean): void => {
    if (upTo > end) pieces.push({ text: points.slice(end, upTo).join('').replace(/\s+/g, ' '), isFound });
    end = Math.max(end, upTo);
  };
  for (const { start, length } of highlights) {
    if (start >= to) break;
    add(start, false);
    add(Math.min(start + length, to), true);
  }
  add(to, false);
  if (from > 0) pieces.unshift({ text: '… ', isFound: false });
  if (to < points.length) pieces.push({ text: ' …', isFound: false });
  return pieces;
}

/** Begins with a word, unless there is none near. */
function shown(points: readonly string[], first: TextRange | undefined): { from: number; to: number } {
  const start = first?.start ?? 0;
  let from = Math.max(0, start - BEFORE);
  if (from > 0) {
    const space = points.findIndex((point, index) => index >= from && index < start && /\s/.test(point));
    if (space >= 0) from = space + 1;
  }
  return { from, to: Math.min(points.length, from + LENGTH) };
}

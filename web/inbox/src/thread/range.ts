// A part of a thread without holes: messages are numbered 1, 2, 3 ... (seq), so what is missing can be told.
import type { Edge, Message } from '../api/messages-in';

export interface Range {
  /** In order, each `seq` one more than the one before. */
  edges: readonly Edge[];
  hasPrevious: boolean;
  hasNext: boolean;
}

export const EMPTY: Range = { edges: [], hasPrevious: false, hasNext: false };

export const firstSeq = ({ edges }: Range): number => edges[0]?.node.seq ?? 0;
export const lastSeq = ({ edges }: Range): number => edges.at(-1)?.node.seq ?? 0;

export interface Page {
  edges: readonly Edge[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean };
}

export const rangeOf = ({ edges, pageInfo }: Page): Range => ({
  edges,
  hasPrevious: pageInfo.hasPreviousPage,
  hasNext: pageInfo.hasNextPage,
});

/** With an earlier page. What came in between both is there once. */
export function withEarlier(range: Range, page: Page): Range {
  const edges = page.edges.filter(({ node }) => node.seq < firstSeq(range));
  return { ...range, edges: [...edges, ...range.edges], hasPrevious: page.pageInfo.hasPreviousPage };
}

/** With a later page. Messages that came live while it was on its way may reach beyond it. */
export function withLater(range: Range, page: Page): Range {
  const edges = page.edges.filter(({ node }) => node.seq > lastSeq(range));
  return { ...range, edges: [...range.edges, ...edges], hasNext: page.pageInfo.hasNextPage };
}

/** With one more at its end; the same range when it does not follow the last one. */
export function withNext(range: Range, edge: Edge): Range {
  const follows = !range.hasNext && edge.node.seq === lastSeq(range) + 1;
  return follows ? { ...range, edges: [...range.edges, edge] } : range;
}

/** With a message as it is now, where it is in it and where it is quoted; the same range when it is neither. */
export function withChanged(range: Range, message: Message): Range {
  const isThere = range.edges[message.seq - firstSeq(range)]?.node.id === message.id;
  if (!isThere && !range.edges.some(({ node }) => node.replyTo?.id === message.id)) return range;
  const edges = range.edges.map((edge) => {
    const { node } = edge;
    if (node.id === message.id) return { ...edge, node: message };
    return node.replyTo?.id === message.id ? { ...edge, node: { ...node, replyTo: message } } : edge;
  });
  return { ...range, edges };
}

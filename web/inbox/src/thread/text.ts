// Finds the addresses of the web in a text. Nothing else becomes a link: no javascript:, no data:, no file:.

export interface Part {
  text: string;
  href?: string;
}

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`\u0000-\u001f\u007f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/gi;
/** What ends a sentence rather than an address. */
const TAIL = /[.,;:!?…)\]}»”’]+$/;

export function partsOf(body: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const { 0: found, index } of body.matchAll(ADDRESS)) {
    const text = found.replace(TAIL, '');
    const href = hrefOf(text);
    if (href === null) continue;
    if (index > end) parts.push({ text: body.slice(end, index) });
    parts.push({ text, href });
    end = index + text.length;
  }
  if (end < body.length) parts.push({ text: body.slice(end) });
  return parts;
}

/** Null for what is no address, or hides where it leads behind a name and a password. */
function hrefOf(text: string): string | null {
  try {
    const url = new URL(text);
    const isPlain = (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '';
    return isPlain ? url.href : null;
  } catch {
    return null;
  }
}

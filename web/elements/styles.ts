// The styles of everything in the shadow roots: one sheet, made when the script is built (scripts/inside.mjs).
import '../inbox/src/ui/tokens.css';
import './base.css';
import './theme.css';

const TEXT = '__PALAVER_STYLES__';
let sheet: CSSStyleSheet | undefined;

/** Not a style element: the policy of a host's page may forbid those. */
export function styles(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(TEXT);
    knowFontSize();
  }
  return sheet;
}

/** Registered, it is a length: what `1em` is in the frame, and not wherever it is used. */
function knowFontSize(): void {
  try {
    CSS.registerProperty({ name: '--palaver-rem', syntax: '<length>', inherits: true, initialValue: '16px' });
  } catch {
    // Another copy of the script was here before.
  }
}

// A Prettier plugin of a few lines for the Prettify button on variables and headers: the parser of JSON with comments is here anyway.
import { applyEdits, format } from 'jsonc-parser';

interface Text {
  text: string;
}

const indented = (text: string): string =>
  applyEdits(text, format(text, undefined, { tabSize: 2, insertSpaces: true, eol: '\n' }));

export const parsers = {
  jsonc: {
    astFormat: 'jsonc',
    parse: (text: string): Text => ({ text }),
    locStart: (): number => 0,
    locEnd: ({ text }: Text): number => text.length,
  },
};

export const printers = {
  jsonc: { print: ({ node }: { node: Text }): string => indented(node.text) },
};

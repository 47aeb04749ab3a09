// Elements bring their styles in the script: a shadow root has them to itself, and nothing else is to be loaded.

/** What web/elements/styles.ts holds until the styles are there. */
const PLACE = /(["'`])__PALAVER_STYLES__\1/;

export const inside = () => [
  {
    name: 'styles-of-elements',
    enforce: 'pre',
    transform(code, id) {
      if (!id.split('?')[0].endsWith('.css')) return null;
      return (
        code
          // In a page it matters how wide the window is, in an element how wide the element is.
          .replace(/@media \(max-width: (\d+px)\)/g, '@container palaver (max-width: $1)')
          // A host's page may have given its root element any font size; the frame knows what the reader has chosen.
          .replace(/(\d*\.?\d+)rem\b/g, 'calc($1 * var(--palaver-rem))')
      );
    },
  },
  {
    name: 'styles-into-script',
    enforce: 'post',
    generateBundle(_, bundle) {
      const parts = Object.values(bundle);
      const sheets = parts.filter(({ fileName }) => fileName.endsWith('.css'));
      const styles = sheets.map(({ source }) => String(source)).join('\n');
      const script = parts.find(({ type }) => type === 'chunk');
      if (styles === '' || !PLACE.test(script.code)) this.error('The styles have no place in the script.');
      script.code = script.code.replace(PLACE, () => JSON.stringify(styles));
      for (const { fileName } of sheets) delete bundle[fileName];
    },
  },
];

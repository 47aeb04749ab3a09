// Two languages, and each feature's words beside the feature: `const w = useWords(words)`, where words = inTwo({...}, {...}).
import { createContext, use } from 'react';
import { apart } from './apart';

export type Language = 'en' | 'de';

export interface InTwo<T> {
  en: T;
  de: T;
}

/** What a word is: itself, or a function of what it tells of. */
type Words = Record<string, string | ((...values: never[]) => string)>;

/**
 * The same words in both languages; the compiler sees what is missing. A name in a sentence does not turn the sentence,
 * in whatever direction it is read.
 */
export const inTwo = <T extends Words>(en: T, de: { [K in keyof T]: T[K] extends string ? string : T[K] }): InTwo<T> => ({
  en: withNamesApart(en),
  de: withNamesApart(de as T),
});

function withNamesApart<T extends Words>(words: T): T {
  const all = Object.entries(words).map(([key, word]) => {
    if (typeof word === 'string') return [key, word] as const;
    const say = word as (...values: unknown[]) => string;
    return [key, (...values: unknown[]) => say(...values.map((one) => (typeof one === 'string' ? apart(one) : one)))] as const;
  });
  return Object.fromEntries(all) as T;
}

export const LanguageProvider = createContext<Language>('en');

export const useLanguage = (): Language => use(LanguageProvider);

export const useWords = <T,>(words: InTwo<T>): T => words[useLanguage()];

/** The first of the wished languages (as `navigator.languages` has them) that there is. */
export function choose(wished: readonly string[]): Language {
  const known = wished.map((one) => one.slice(0, 2).toLowerCase()).find((one) => one === 'en' || one === 'de');
  return (known as Language | undefined) ?? 'en';
}

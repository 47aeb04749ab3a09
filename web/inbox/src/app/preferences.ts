// How somebody likes the page: kept in the browser, and applied to the whole document.
import { keep, readKept } from '../api/kept';
import { createStore } from '../api/store';
import { choose, type Language } from '../i18n/language';

export type Theme = 'auto' | 'light' | 'dark';

const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];

const keptTheme = readKept('local', 'palaver:theme') as Theme;
const keptLanguage = readKept('local', 'palaver:language');

export const theme = createStore<Theme>(THEMES.includes(keptTheme) ? keptTheme : 'auto');
export const language = createStore<Language>(choose(keptLanguage ? [keptLanguage] : navigator.languages));

function apply(): void {
  document.documentElement.dataset.theme = theme.get();
  document.documentElement.lang = language.get();
}

/** Once, when the page begins. */
export function beginPreferences(): void {
  apply();
  theme.subscribe(() => {
    keep('local', 'palaver:theme', theme.get());
    apply();
  });
  language.subscribe(() => {
    keep('local', 'palaver:language', language.get());
    apply();
  });
}

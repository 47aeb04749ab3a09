// Days and hours as people say them.
import type { Language } from './language';

const LOCALE: Record<Language, string> = { en: 'en-GB', de: 'de-DE' };
const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(LOCALE[language], options);
  formats.set(key, known);
  return known;
}

/** Local days: the same number for two moments of one day. */
export const dayOf = (moment: string | number): number => {
  const date = new Date(moment);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
};

/** When the day after that of a moment begins. */
export const nextDay = (moment: number): number => {
  const date = new Date(moment);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
};

/** Days are longer and shorter where clocks are changed. */
const daysAgo = (moment: string | number, today: number): number => Math.round((today - dayOf(moment)) / 86_400_000);

const isOfYear = (moment: string | number, today: number): boolean =>
  new Date(moment).getFullYear() === new Date(today).getFullYear();

/** 14:05 */
export const hour = (language: Language, moment: string | number): string =>
  format(language, { hour: '2-digit', minute: '2-digit' }).format(new Date(moment));

/** Today, Yesterday, Monday, 3 March, 3 March 2025. Whoever shows it has `today` from `useToday`. */
export function day(language: Language, moment: string | number, today: number): string {
  const ago = daysAgo(moment, today);
  if (ago === 0 || ago === 1) {
    const word = new Intl.RelativeTimeFormat(LOCALE[language], { numeric: 'auto' }).format(-ago, 'day');
    return word.charAt(0).toUpperCase() + word.slice(1);
  }
  if (ago > 1 && ago < 7) return format(language, { weekday: 'long' }).format(new Date(moment));
  const year = isOfYear(moment, today) ? {} : ({ year: 'numeric' } as const);
  return format(language, { day: 'numeric', month: 'long', ...year }).format(new Date(moment));
}

/** As short as a list needs it: 14:05, Mon, 3 Mar, 03/03/2025 */
export function brief(language: Language, moment: string | number, today: number): string {
  const ago = daysAgo(moment, today);
  if (ago <= 0) return hour(language, moment);
  if (ago < 7) return format(language, { weekday: 'short' }).format(new Date(moment));
  return format(language, isOfYear(moment, today) ? { day: 'numeric', month: 'short' } : { dateStyle: 'short' }).format(new Date(moment));
}

/** All of it, for who asks a machine to read it aloud or holds the pointer still. */
export const whole = (language: Language, moment: string | number): string =>
  format(language, { dateStyle: 'full', timeStyle: 'short' }).format(new Date(moment));

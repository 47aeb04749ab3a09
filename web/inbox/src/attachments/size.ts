// Sizes as people say them.
import type { Language } from '../i18n/language';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** 830 bytes, 12 kB, 3.4 MB */
export function sizeIn(language: Language, bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** step;
  const maximumFractionDigits = step > 1 && value < 10 ? 1 : 0;
  const unit = UNITS[step];
  // Its short form of a byte is never plural.
  const unitDisplay = step === 0 ? 'long' : 'short';
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay, maximumFractionDigits }).format(value);
}

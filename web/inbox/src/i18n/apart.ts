// Sets what somebody has written apart from the sentence that it stands in.

/** Letters that go from right to left, and characters that turn others around. */
const TURNING = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const LOOSE = /[\u202a-\u202e\u2066-\u2069]/g;

/** Between U+2068 and U+2069, so that it turns nothing around it; what turns nothing stays as it is. */
export const apart = (text: string): string => (TURNING.test(text) ? `\u2068${text.replace(LOOSE, '')}\u2069` : text);

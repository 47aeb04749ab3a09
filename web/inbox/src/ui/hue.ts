// A colour for each name: the same everywhere, without anybody choosing it.

/** Degrees of the colour circle. */
export function hueOf(seed: string): number {
  let hash = 2166136261;
  for (const character of seed) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619);
  return (hash >>> 0) % 360;
}

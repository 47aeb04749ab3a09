// What the demo market sells, drawn. A host's things have pictures of their own, or none.
import { Picture } from '../ui/picture';

interface Props {
  kind: string;
  externalId: string;
  url?: string | null;
  className?: string;
}

export function Drawing({ kind, externalId, url, className }: Props) {
  const shapes = url ? undefined : SHAPES[externalId];
  if (!shapes) return <Picture kind={kind} seed={externalId} url={url} className={className} iconSize={52} />;
  return (
    <span className={className} style={{ background: shapes.wall }} data-testid="drawing" aria-hidden="true">
      <svg viewBox="0 0 240 148" width="100%" height="100%" focusable="false">
        <path d="M-240 122H480V400H-240z" fill={shapes.floor} />
        {shapes.parts.map(([colour, d, width]) =>
          width ? (
            <path key={d} d={d} fill="none" stroke={colour} strokeWidth={width} strokeLinecap="round" strokeLinejoin="round" />
          ) : (
            <path key={d} d={d} fill={colour} />
          ),
        )}
      </svg>
    </span>
  );
}

/** A colour, what it fills, or how wide a line it draws. */
type Part = readonly [colour: string, d: string, width?: number];

const disc = (x: number, y: number, r: number): string => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
const box = (x: number, y: number, w: number, h: number, r = 0): string =>
  `M${x + r} ${y}h${w - 2 * r}q${r} 0 ${r} ${r}v${h - 2 * r}q0 ${r} ${-r} ${r}h${2 * r - w}q${-r} 0 ${-r} ${-r}v${2 * r - h}q0 ${-r} ${r} ${-r}z`;

const DARK = '#3a3f4b';
const SHAPES: Record<string, { wall: string; floor: string; parts: readonly Part[] } | undefined> = {
  'bike-1': {
    wall: '#dcebf2',
    floor: '#b9c9b2',
    parts: [
      [DARK, disc(78, 98, 28), 5],
      [DARK, disc(166, 98, 28), 5],
      ['#c8352f', 'M78 98L98 58H148L116 98H78M98 58L116 98M166 98L144 46', 6],
      [DARK, 'M144 46h14q8 0 8 8M88 52h20', 6],
      [DARK, disc(116, 98, 6)],
    ],
  },
  'sofa-2': {
    wall: '#efe7da',
    floor: '#cfae86',
    parts: [
      ['#6b4a2c', 'M66 120v10M174 120v10', 6],
      ['#3d6f50', box(58, 50, 124, 60, 14)],
      ['#4f8a64', box(70, 82, 49, 36, 8)],
      ['#4f8a64', box(121, 82, 49, 36, 8)],
      ['#5b9b72', box(46, 72, 26, 50, 11)],
      ['#5b9b72', box(168, 72, 26, 50, 11)],
      ['#f3c66b', box(78, 62, 26, 24, 6)],
    ],
  },
  'car-3': {
    wall: '#e3e9ef',
    floor: '#a9adb3',
    parts: [
      ['#7d8590', 'M42 112V92q0-10 12-12l18-4 18-22q5-6 13-6h42q8 0 14 6l20 22 12 4q11 3 11 14v18z'],
      ['#d5e4ee', 'M86 76l15-18q2-3 6-3h12v21zM126 55h18q4 0 7 3l17 18h-42z'],
      ['#f6dd8c', box(194, 88, 9, 8, 3)],
      [DARK, disc(76, 114, 17)],
      [DARK, disc(166, 114, 17)],
      ['#cfd4da', disc(76, 114, 7)],
      ['#cfd4da', disc(166, 114, 7)],
    ],
  },
  'lamp-4': {
    wall: '#e6e3f1',
    floor: '#b98f63',
    parts: [
      ['#fbeeb4', 'M138 62l30 0 34 60h-98z'],
      [DARK, 'M82 116l-12-50 56-34 22 18', 6],
      ['#e0a53a', 'M130 62q4-22 22-22t24 22z'],
      [DARK, disc(70, 66, 6)],
      [DARK, box(56, 113, 54, 11, 5)],
    ],
  },
  'piano-5': {
    wall: '#ece4dc',
    floor: '#bfa27f',
    parts: [
      ['#3e2a22', box(64, 26, 112, 100, 4)],
      ['#5a3d31', box(72, 34, 96, 36, 3)],
      ['#fffdf6', box(100, 42, 40, 24, 1)],
      ['#2d1e18', box(58, 74, 124, 12, 2)],
      ['#fffdf6', box(62, 84, 116, 9)],
      ['#222222', 'M72 84v5M80 84v5M94 84v5M102 84v5M110 84v5M124 84v5M132 84v5M146 84v5M154 84v5M162 84v5', 4],
      ['#d7b04c', 'M114 124v-6M126 124v-6', 4],
    ],
  },
  'book-6': {
    wall: '#e2eee6',
    floor: '#c9a77c',
    parts: [
      ['#f8f4ea', 'M84 108h84l6 16H90z'],
      ['#2f5fa8', 'M82 26h76q8 0 8 8v78H90q-8 0-8 8z'],
      ['#24497f', 'M82 26h10v86q-10 0-10 8z'],
      ['#24497f', 'M84 124q-6-12 8-14h78v4H94q-6 2-4 10z'],
      ['#ffffff', 'M106 46l14 14M120 46l-14 14M130 53h14M137 46v14M104 78h42M104 90h28', 4],
    ],
  },
  'ride-1': {
    wall: '#f6e2cd',
    floor: '#8d949e',
    parts: [
      ['#f2b36a', disc(120, 80, 36)],
      ['#a6b98e', 'M-240 122V96q120-40 240-14 70 20 120 14t120-18q120-10 240 20v24z'],
      ['#ffffff', 'M20 136h36M84 136h36M148 136h36M212 136h20', 4],
      ['#3d56d0', 'M70 122v-12q0-8 10-9l10-2 12-14q3-3 8-3h24q5 0 9 4l12 13 8 2q7 2 7 9v12z'],
      ['#dbe7ff', 'M99 99l9-11q2-2 4-2h10v13zM127 86h8q3 0 5 2l9 11h-22z'],
      [DARK, disc(92, 122, 10)],
      [DARK, disc(148, 122, 10)],
    ],
  },
  'booking-1': {
    wall: '#f4e1e6',
    floor: '#d9b9c2',
    parts: [
      ['#8a94a3', 'M92 34l44 56M148 34l-44 56', 8],
      ['#c2476b', disc(94, 102, 15), 7],
      ['#c2476b', disc(146, 102, 15), 7],
      [DARK, disc(120, 70, 4)],
    ],
  },
};

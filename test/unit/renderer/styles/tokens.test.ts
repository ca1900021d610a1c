import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const css = readFileSync(join(import.meta.dirname, '../../../../renderer/styles/tokens.css'), 'utf8');

type Scheme = 'light' | 'dark';
const tokens = new Map<string, Record<Scheme, string>>();
for (const [, name, light, dark] of css.matchAll(/--([a-z0-9-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)) {
  tokens.set(name!, { light: light!, dark: dark! });
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const grounds = ['bg', 'surface', 'sunken', 'raised', 'hover', 'selected'];
const states = ['ok', 'trap', 'timeout', 'denied', 'running', 'cancelled'];
const syntax = ['syntax-keyword', 'syntax-type', 'syntax-number', 'syntax-string', 'syntax-comment'];

const textPairs: (readonly [string, string])[] = [
  ...['text', 'text-2', 'text-3'].flatMap((ink) => grounds.map((ground) => [ink, ground] as const)),
  ...['accent', 'accent-hover'].flatMap((ink) => grounds.map((ground) => [ink, ground] as const)),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ...states.flatMap((state) => [
    [state, `${state}-bg`] as const,
    ...['bg', 'surface', 'raised'].map((ground) => [state, ground] as const),
  ]),
  ...syntax.flatMap((ink) => ['bg', 'surface'].map((ground) => [ink, ground] as const)),
];
const graphicPairs: (readonly [string, string])[] = [
  ...['line-strong', 'focus'].flatMap((ink) => ['bg', 'surface', 'raised'].map((ground) => [ink, ground] as const)),
  ...['viz-info', 'viz-ok', 'viz-trap', 'viz-timeout', 'viz-denied'].flatMap((ink) =>
    ['bg', 'surface'].map((ground) => [ink, ground] as const),
  ),
];

const failing = (pairs: readonly (readonly [string, string])[], least: number) =>
  pairs.flatMap(([ink, ground]) =>
    (['light', 'dark'] as const).flatMap((scheme) => {
      const [a, b] = [tokens.get(ink)?.[scheme], tokens.get(ground)?.[scheme]];
      if (a === undefined || b === undefined) return [`${ink} or ${ground} is no token`];
      const ratio = contrast(a, b);
      return ratio >= least ? [] : [`${ink} on ${ground}, ${scheme}: ${ratio.toFixed(2)}`];
    }),
  );

test('contrast is computed as WCAG does', () => {
  expect([contrast('#000000', '#ffffff'), Number(contrast('#767676', '#ffffff').toFixed(2))]).toEqual([21, 4.54]);
});

test('every text colour has at least 4.5 on every ground it stands on', () => {
  expect(textPairs.length).toBeGreaterThan(60);
  expect(failing(textPairs, 4.5)).toEqual([]);
});

test('every control, focus and chart colour has at least 3 on its ground', () => {
  expect(failing(graphicPairs, 3)).toEqual([]);
});

test('every token that holds a colour has a value for light and for dark', () => {
  const declared = [...css.matchAll(/--([a-z0-9-]+):\s*(#|light-dark)/g)].map(([, name]) => name);
  expect(declared.filter((name) => !tokens.has(name!)).sort()).toEqual(
    ['scrim', 'shadow'].filter((name) => declared.includes(name)),
  );
});

import { useSyncExternalStore } from 'react';

/** How the window looks on this machine; the only thing it keeps in `localStorage`. */
export type Appearance = {
  readonly theme: 'system' | 'light' | 'dark';
  readonly density: 'compact' | 'comfortable';
  readonly motion: 'system' | 'reduced';
  readonly contrast: 'system' | 'more';
};

const KEY = 'glovebox.appearance';
export const defaultAppearance: Appearance = {
  theme: 'system',
  density: 'compact',
  motion: 'system',
  contrast: 'system',
};

const CHOICES: { readonly [K in keyof Appearance]: readonly Appearance[K][] } = {
  theme: ['system', 'light', 'dark'],
  density: ['compact', 'comfortable'],
  motion: ['system', 'reduced'],
  contrast: ['system', 'more'],
};

/** What was chosen before; anything unreadable is the default. */
export function parseAppearance(text: string | null): Appearance {
  let raw: unknown;
  try {
    raw = JSON.parse(text ?? '{}');
  } catch {
    return defaultAppearance;
  }
  if (typeof raw !== 'object' || raw === null) return defaultAppearance;
  const entries = Object.entries(CHOICES).map(([key, choices]) => {
    const value = (raw as Record<string, unknown>)[key];
    const isKnown = (choices as readonly unknown[]).includes(value);
    return [key, isKnown ? value : defaultAppearance[key as keyof Appearance]];
  });
  return Object.fromEntries(entries) as Appearance;
}

export function readAppearance(): Appearance {
  return parseAppearance(localStorage.getItem(KEY));
}

export function saveAppearance(appearance: Appearance): void {
  localStorage.setItem(KEY, JSON.stringify(appearance));
  applyAppearance(appearance);
  for (const listener of listeners) listener();
}

/** Writes the choices to the root element, where the tokens read them. */
export function applyAppearance(appearance: Appearance): void {
  const { dataset } = document.documentElement;
  for (const [key, value] of Object.entries(appearance)) {
    if (value === 'system' || value === 'compact') delete dataset[key];
    else dataset[key] = value;
  }
}

const listeners = new Set<() => void>();
let known: { text: string | null; appearance: Appearance } | undefined;

/** The choices as they are now; the same object until they change. */
function currentAppearance(): Appearance {
  const text = localStorage.getItem(KEY);
  if (known === undefined || known.text !== text) known = { text, appearance: parseAppearance(text) };
  return known.appearance;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The choices, and again whenever they change. */
export function useAppearance(): Appearance {
  return useSyncExternalStore(subscribe, currentAppearance);
}

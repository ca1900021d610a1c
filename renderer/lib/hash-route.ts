import { useSyncExternalStore } from 'react';
import type { BaseLocationHook } from 'wouter';

/** The part of `#/audit?seq=3` before and after the question mark. */
export function splitHash(hash: string): { path: string; search: string } {
  const text = hash.replace(/^#/, '');
  const [path = '', ...rest] = text.split('?');
  return { path: path.startsWith('/') ? path : `/${path}`, search: rest.join('?') };
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

/** Goes to `/audit?seq=3` in the hash, adding to the history unless `isReplacing`. */
export function navigate(to: string, options?: { replace?: boolean }): void {
  const url = `#${to}`;
  if (options?.replace) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

/**
 * wouter's location on the hash, with the query inside the hash too: its own hook puts the query before the hash, and
 * would make every filter another page of the scheme.
 */
export const useHashPath: BaseLocationHook = () => [
  useSyncExternalStore(subscribe, () => splitHash(window.location.hash).path),
  (to: string, options?: { replace?: boolean }) => navigate(to, options),
];

export function useHashSearch(): string {
  return useSyncExternalStore(subscribe, () => splitHash(window.location.hash).search);
}

/** One parameter of the query in the hash, and how to set it without adding to the history. */
export function useHashParam(name: string): [string | null, (value: string | null) => void] {
  const search = useHashSearch();
  const set = (value: string | null) => {
    const { path, search: current } = splitHash(window.location.hash);
    const params = new URLSearchParams(current);
    if (value === null || value === '') params.delete(name);
    else params.set(name, value);
    const text = params.toString();
    navigate(text === '' ? path : `${path}?${text}`, { replace: true });
  };
  return [new URLSearchParams(search).get(name), set];
}

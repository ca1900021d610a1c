import { useSyncExternalStore } from 'react';

/** The height of a row in CSS pixels, as the density and the font size of the root make it. */
export function useRowHeight(): number {
  return useSyncExternalStore(subscribe, readRowHeight);
}

function readRowHeight(): number {
  const style = getComputedStyle(document.documentElement);
  return Number.parseFloat(style.getPropertyValue('--row')) * Number.parseFloat(style.fontSize);
}

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true });
  window.addEventListener('resize', listener);
  return () => {
    observer.disconnect();
    window.removeEventListener('resize', listener);
  };
}

import { useEffect, useState } from 'react';
import type { OutputOf } from '../../../shared/contract/call.ts';
import type { Contract } from '../../../shared/contract/index.ts';
import type { Failure } from '../../../shared/result.ts';
import { useBridge } from '../../bridge/context.ts';

export type KeyPreview = OutputOf<Contract['keys']['preview']>;
export type PreviewState =
  | { readonly kind: 'empty' | 'reading' }
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'read'; readonly preview: KeyPreview };

const PAUSE_MS = 250;

/** What key material is, asked again a moment after it or its passphrase changed; nothing is stored. */
export function usePreview(material: Uint8Array | null, passphrase: string): PreviewState {
  const { client } = useBridge();
  const [state, setState] = useState<PreviewState>({ kind: 'empty' });
  useEffect(() => {
    if (material === null) return setState({ kind: 'empty' });
    let isStale = false;
    setState({ kind: 'reading' });
    const timer = setTimeout(async () => {
      const result = await client.keys.preview({ material, ...(passphrase === '' ? {} : { passphrase }) });
      if (isStale) return;
      setState(result.ok ? { kind: 'read', preview: result.value } : { kind: 'refused', failure: result.error });
    }, PAUSE_MS);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [client, material, passphrase]);
  return state;
}

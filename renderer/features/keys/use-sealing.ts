import type { KeyId } from '../../../shared/model/scalars.ts';
import { fail } from '../../../shared/result.ts';
import { useBridge } from '../../bridge/context.ts';
import { saveFile } from '../../lib/save-file.ts';
import { useSealingStore } from './context.ts';
import type { SealingState } from './sealing-store.ts';

/** What is sealed through the window, not by its path, lies in memory whole. */
const MAX_BYTES = 256 * 1024 * 1024;

export type SealTo = {
  readonly recipients: readonly KeyId[];
  readonly passphrase?: string;
  readonly suite: 'aes-256-gcm' | 'chacha20-poly1305';
  readonly isAnonymous?: boolean;
};

const selectFollow = (state: SealingState) => state.follow;
let jobs = 0;
const nextJob = () => `window-${Date.now().toString(36)}-${jobs++}`;

/** Seals and opens files: by path and streaming where the host sees them, else in memory. */
export function useSealing() {
  const { client, pathOf } = useBridge();
  const follow = useSealingStore(selectFollow);

  async function sealBytes(file: File, to: SealTo) {
    if (file.size > MAX_BYTES) {
      return fail('contract.too-large', 'through a browser at most 256 MiB can be sealed: use glovebox seal');
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    const result = await client.sealing.seal({ name: file.name, bytes, kind: kindOf(bytes), ...copyOf(to) });
    if (result.ok) saveFile(new Blob([result.value.bytes.slice()]), result.value.fileName);
    return result;
  }

  return {
    async seal(file: File, to: SealTo): Promise<void> {
      const [from, job] = [pathOf(file), nextJob()];
      const known = { id: job, act: 'seal' as const, name: file.name, totalBytes: file.size };
      if (from === null) return follow({ ...known, isStreamed: false }, sealBytes(file, to));
      const kind = kindOf(new Uint8Array(await file.slice(0, 4).arrayBuffer()));
      return follow(
        { ...known, isStreamed: true },
        client.sealing.sealPath({ from, to: null, job, kind, ...copyOf(to) }),
      );
    },
    /** Opens into a file that the host asks for; only for files that it can see. */
    openPath(file: File, from: string, passphrase: string | undefined): Promise<void> {
      const job = nextJob();
      return follow(
        { id: job, act: 'open', name: file.name, totalBytes: file.size, isStreamed: true },
        client.sealing.openPath({ from, to: null, job, ...(passphrase === undefined ? {} : { passphrase }) }),
      );
    },
    cancel: (job: string) => void client.sealing.cancel({ job }),
  };
}

function copyOf(to: SealTo) {
  return { ...to, recipients: [...to.recipients] };
}

/** A module says so itself in its first four bytes; anything else is an input. */
export function kindOf(head: Uint8Array): 'module' | 'input' {
  return [0, 0x61, 0x73, 0x6d].every((byte, index) => head[index] === byte) ? 'module' : 'input';
}

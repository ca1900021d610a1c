import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EventMessage } from '../../../shared/contract/events.ts';
import type { Failure, Result } from '../../../shared/result.ts';

/** One file being sealed or opened, and what came of it. */
export type SealingJob = {
  readonly id: string;
  readonly act: 'seal' | 'open';
  readonly name: string;
  readonly doneBytes: number;
  /** null when it is not known */
  readonly totalBytes: number | null;
  /** it runs in the main side, streams, and can be stopped there */
  readonly isStreamed: boolean;
  readonly outcome:
    | { readonly kind: 'working' }
    | {
        readonly kind: 'done';
        readonly fileName: string;
        readonly sizeBytes: number;
        readonly bytes: Uint8Array | null;
      }
    | { readonly kind: 'failed'; readonly failure: Failure };
};

export type SealingState = {
  /** the newest first */
  readonly jobs: readonly SealingJob[];
  onEvent(message: EventMessage): void;
  /** Follows a call to its end; the promise resolves when it is there. */
  follow(
    job: Pick<SealingJob, 'id' | 'act' | 'name' | 'totalBytes' | 'isStreamed'>,
    call: Promise<Result<{ fileName: string; sizeBytes?: number; bytes?: Uint8Array }>>,
  ): Promise<void>;
  dismiss(id: string): void;
};
export type SealingStore = StoreApi<SealingState>;

/** The sealing and opening of one window; it outlives the screen that began it. */
export function createSealingStore(): SealingStore {
  return createStore<SealingState>((set) => {
    const edit = (id: string, change: Partial<SealingJob>) =>
      set((state) => ({ jobs: state.jobs.map((job) => (job.id === id ? { ...job, ...change } : job)) }));
    return {
      jobs: [],
      onEvent(message) {
        if (message.name !== 'sealing.progressed') return;
        const { job, doneBytes, totalBytes } = message.data;
        edit(job, totalBytes === null ? { doneBytes } : { doneBytes, totalBytes });
      },
      async follow(job, call) {
        const started: SealingJob = { ...job, doneBytes: 0, outcome: { kind: 'working' } };
        set((state) => ({ jobs: [started, ...state.jobs] }));
        const result = await call;
        if (!result.ok) return edit(job.id, { outcome: { kind: 'failed', failure: result.error } });
        const { fileName, bytes } = result.value;
        const sizeBytes = result.value.sizeBytes ?? bytes?.length ?? 0;
        edit(job.id, { outcome: { kind: 'done', fileName, sizeBytes, bytes: bytes ?? null } });
      },
      dismiss: (id) => set((state) => ({ jobs: state.jobs.filter((job) => job.id !== id) })),
    };
  });
}

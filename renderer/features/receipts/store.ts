import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '../../../shared/contract/index.ts';
import type { ReceiptVerification } from '../../../shared/model/receipt.ts';
import type { Failure } from '../../../shared/result.ts';

/** One receipt that was checked in this window. */
export type CheckedReceipt = {
  readonly id: string;
  /** the file's name, or where it came from */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly checkedAt: number;
  readonly state:
    | { readonly kind: 'checking' }
    | { readonly kind: 'checked'; readonly verification: ReceiptVerification }
    | { readonly kind: 'refused'; readonly failure: Failure };
};

export type ReceiptState = {
  /** the newest first */
  readonly checked: readonly CheckedReceipt[];
  readonly shown: string | null;
  /** Checks bytes and shows what came of it; `replay` runs the module again where that can be done. */
  check(name: string, bytes: Uint8Array, replay?: boolean): Promise<void>;
  /** Checks the shown one again, running its module again too. */
  replay(id: string): Promise<void>;
  show(id: string | null): void;
};
export type ReceiptStore = StoreApi<ReceiptState>;

/** So many are kept; the log has the rest. */
const KEPT = 100;

/** The receipts that one window has checked, for as long as it is open. */
export function createReceiptStore(client: Client, now: () => number = Date.now): ReceiptStore {
  let count = 0;
  return createStore<ReceiptState>((set, get) => {
    const edit = (id: string, change: Partial<CheckedReceipt>) =>
      set((state) => ({ checked: state.checked.map((one) => (one.id === id ? { ...one, ...change } : one)) }));
    const verify = async (id: string, bytes: Uint8Array, replay: boolean) => {
      const result = await client.receipts.verify({ receipt: bytes, replay });
      edit(id, {
        checkedAt: now(),
        state: result.ok ? { kind: 'checked', verification: result.value } : { kind: 'refused', failure: result.error },
      });
    };
    return {
      checked: [],
      shown: null,
      async check(name, bytes, replay = false) {
        const id = `checked-${count++}`;
        const one: CheckedReceipt = { id, name, bytes, checkedAt: now(), state: { kind: 'checking' } };
        set((state) => ({ checked: [one, ...state.checked].slice(0, KEPT), shown: id }));
        await verify(id, bytes, replay);
      },
      async replay(id) {
        const one = get().checked.find((found) => found.id === id);
        if (one === undefined) return;
        edit(id, { state: { kind: 'checking' } });
        await verify(id, one.bytes, true);
      },
      show: (id) => set({ shown: id }),
    };
  });
}

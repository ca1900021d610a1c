import type { Hypervisor } from '../hypervisor/index.ts';
import type { Ledger } from '../ledger/index.ts';
import type { ReceiptStore } from '../receipt/index.ts';
import type { Vault } from '../vault/index.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { EventHub } from './event-hub.ts';
import type { ModuleStore } from './module-store.ts';
import type { PolicyStore } from './policy-store.ts';
import type { RunStore } from './run-store.ts';
import type { TokenStore } from './token-store.ts';

/** Everything a handler may use. Made once by `createApp`, handed to every room's handlers. */
export type Rooms = {
  readonly hypervisor: Hypervisor;
  readonly ledger: Ledger;
  readonly vault: Vault;
  readonly modules: ModuleStore;
  readonly runs: RunStore;
  readonly policies: PolicyStore;
  readonly tokens: TokenStore;
  readonly events: EventHub;
  readonly diagnostics: Diagnostics;
  readonly receipts: ReceiptStore;
  readonly dialogs: Dialogs;
  /** everything Glovebox keeps is in here */
  readonly dataFolder: string;
  readonly samplesFolder: string;
  readonly clock: () => number;
  readonly about: { readonly version: string; readonly engine: string; readonly host: 'electron' | 'headless' };
};

/** What is asked of the person at the machine, outside the window, so that a compromised window cannot answer. */
export type Dialogs = {
  /** Whether they really want it. Without a native dialog the caller's own word has to do. */
  confirm(question: { readonly action: string; readonly detail: string }): Promise<boolean>;
  /** A path to save to, or null when they thought better of it or nobody can be asked. */
  chooseSavePath(suggestedName: string): Promise<string | null>;
};

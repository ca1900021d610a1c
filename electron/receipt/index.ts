export {
  type BuiltReceipt,
  buildReceipt,
  digestModule,
  type ModuleDigests,
  type Openings,
  type ReceiptFacts,
} from './build.ts';
export { sigstoreBundle } from './bundle.ts';
export type { SignPort } from './dsse.ts';
export type { InclusionPort } from './inclusion.ts';
export type { OwnerRecord } from './owner-record.ts';
export { receiptText } from './receipt-file.ts';
export { openReceiptStore, type ReceiptStore, summaryOfReceipt } from './receipt-store.ts';
export { checkOwnerRecord, compareReplay } from './replay.ts';
export type { RunInput } from './run-data.ts';
export { parseStrictJson } from './strict-json.ts';
export { type KnownSigner, type ReplayResult, type VerifyPorts, verifyReceipt } from './verify.ts';

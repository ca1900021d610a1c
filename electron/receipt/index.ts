export {
  type BuiltReceipt,
  buildReceipt,
  digestModule,
  type ModuleDigests,
  type Openings,
  type ReceiptFacts,
} from './build.ts';
export type { SignPort } from './dsse.ts';
export type { RunInput } from './run-data.ts';

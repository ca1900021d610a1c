export {
  type Alarm,
  type Appended,
  Ledger,
  type LedgerOptions,
  type LedgerStatus,
  type LogSigner,
  openLedger,
  type Page,
} from './ledger.ts';
export { auditRowOf, outcomeClasses } from './row.ts';

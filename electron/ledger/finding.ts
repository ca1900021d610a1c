/** What kind of change a place in a log looks like. */
export type FindingKind =
  | 'entry-edited'
  | 'entry-removed'
  | 'entry-duplicated'
  | 'entry-moved'
  | 'entry-inserted'
  | 'line-garbled'
  | 'chain-broken'
  | 'tail-torn'
  | 'tail-cut'
  | 'month-missing'
  | 'month-swapped'
  | 'head-wrong'
  | 'history-rewritten'
  | 'checkpoint-garbled'
  | 'checkpoint-forged'
  | 'checkpoint-foreign'
  | 'checkpoint-key-unknown'
  | 'checkpoint-key-retired'
  | 'checkpoint-key-early'
  | 'checkpoint-replayed'
  | 'key-entry-garbled'
  | 'key-not-vouched'
  | 'tile-wrong'
  | 'tile-missing'
  | 'log-info-damaged'
  | 'log-replaced'
  | 'rolled-back'
  | 'fork'
  | 'clock-went-back';

/** `tampering`: nobody's accident or a serious one; `damage`: can happen by itself and hides nothing; `note`: worth knowing. */
export type Severity = 'tampering' | 'damage' | 'note';

/** One thing that is not as it should be, with its place as exactly as it can be told. */
export type Finding = {
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** the entry it is about, or the first of those it may be about */
  readonly seq: number | null;
  readonly month: string | null;
  /** line in the month's file, from 1 */
  readonly line: number | null;
  /** byte offset in the month's file */
  readonly offset: number | null;
  /** lower case, no full stop: what was found and what was expected */
  readonly message: string;
};

const NOTES = new Set<FindingKind>(['clock-went-back', 'key-not-vouched', 'tail-torn']);
const DAMAGE = new Set<FindingKind>(['tile-wrong', 'tile-missing', 'head-wrong', 'checkpoint-replayed']);

/** A finding; the place is what is known of it. */
export function findingOf(
  kind: FindingKind,
  message: string,
  place: Partial<Pick<Finding, 'seq' | 'month' | 'line' | 'offset'>> = {},
): Finding {
  const severity = NOTES.has(kind) ? 'note' : DAMAGE.has(kind) ? 'damage' : 'tampering';
  const { seq = null, month = null, line = null, offset = null } = place;
  return { kind, severity, seq, month, line, offset, message };
}

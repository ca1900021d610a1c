import type { Finding } from '../finding.ts';

/** A key of the log and the sizes of checkpoints it may sign. */
export type ReportedKey = { readonly keyId: string; readonly fromSize: number; readonly toSize: number | null };

/** What a verification found out. */
export type VerificationReport = {
  /** `intact`: everything fits; `damaged`: something is broken that hides nothing; `changed`: something was altered */
  readonly verdict: 'intact' | 'damaged' | 'changed';
  readonly origin: string | null;
  /** entries that were read */
  readonly entries: number;
  /** number of the first entry that was not pruned */
  readonly firstSeq: number;
  /** entries in the tree, pruned ones too */
  readonly size: number;
  /** hex root over all of them; null when the entries do not make a tree any more */
  readonly root: string | null;
  readonly keys: ReportedKey[];
  /** checkpoints that fit: signed by the right key, over a root that the entries lead to */
  readonly checkpoints: number;
  /** entries under the largest checkpoint that fits */
  readonly signedSize: number;
  /** what is not as it should be, in the order of the log; the first bad entry is that of the first finding that names one */
  readonly findings: Finding[];
  /** what this verification cannot know, one sentence each */
  readonly cannotKnow: string[];
  readonly durationMs: number;
};

/** How far a verification is; `seq` is the entry it has come to. */
export type VerificationProgress = { readonly bytes: number; readonly totalBytes: number; readonly seq: number };

/** More findings than this help nobody. */
const MOST_FINDINGS = 200;

/** Collects findings; the first of each kind at a place counts. */
export class Findings {
  readonly #found = new Map<string, Finding>();

  add(finding: Finding): void {
    const name = `${finding.kind} ${finding.seq} ${finding.month} ${finding.line}`;
    if (this.#found.size < MOST_FINDINGS && !this.#found.has(name)) this.#found.set(name, finding);
  }

  has(kind: Finding['kind']): boolean {
    return this.list().some((finding) => finding.kind === kind);
  }

  /** Worst first, then in the order of the log. */
  list(): Finding[] {
    const weight = { tampering: 0, damage: 1, note: 2 };
    const place = (finding: Finding) => finding.seq ?? -1;
    return [...this.#found.values()].sort((a, b) => weight[a.severity] - weight[b.severity] || place(a) - place(b));
  }

  verdict(): VerificationReport['verdict'] {
    const severities = new Set(this.list().map(({ severity }) => severity));
    if (severities.has('tampering')) return 'changed';
    return severities.has('damage') ? 'damaged' : 'intact';
  }
}

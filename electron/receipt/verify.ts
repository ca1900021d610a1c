import { limitError } from '../../shared/model/limits.ts';
import {
  PAYLOAD_TYPE,
  PREDICATE_TYPE,
  type ReceiptCheck,
  type ReceiptStatement,
  type ReceiptVerification,
  receiptStatement,
  type Verdict,
} from '../../shared/model/receipt.ts';
import { keyId as keyIdSchema } from '../../shared/model/scalars.ts';
import { toHex } from '../vault/bytes.ts';
import { engine } from '../vault/engine.ts';
import { fingerprintOf, keyIdOf, pointOfSpki } from '../vault/p256.ts';
import { signatureOfDer } from '../vault/p256-encoding.ts';
import { preAuthenticationEncoding } from './dsse.ts';
import { checkInclusion, type InclusionPort } from './inclusion.ts';
import { type ParsedReceipt, parseReceipt } from './receipt-file.ts';
import { parseStrictJson } from './strict-json.ts';

/** A signer that is known here: an own key or a contact. */
export type KnownSigner = {
  /** SPKI DER */
  readonly publicKey: Uint8Array;
  readonly label: string;
  readonly isOwn: boolean;
  /** a contact whose fingerprint was not compared is known by name only */
  readonly isVerified: boolean;
  /** ms since the epoch, or null */
  readonly revokedAt: number | null;
};

/** What a replay found; `reason` says why it was not done, or what differed. */
export type ReplayResult = { readonly state: ReceiptCheck['state']; readonly message: string };

/** What a verification may ask of the machine it runs on. Each may be absent: the check is then not done, and says so. */
export type VerifyPorts = {
  findSigner?(keyId: string): KnownSigner | undefined;
  knowsModule?(sha256: string): boolean | Promise<boolean>;
  readonly inclusion?: InclusionPort;
  /** checks the commitments with the openings that the owner kept; undefined when there are none here */
  openCommitments?(receiptId: string, statement: ReceiptStatement): Promise<ReplayResult | undefined>;
  replay?(receiptId: string, statement: ReceiptStatement): Promise<ReplayResult>;
  now?(): number;
};

const PROVES =
  'the holder of this key claims that this run happened as described; it does not prove that the claim is true, which running the module again can, where it was deterministic';
const PROVES_NOTHING = 'nothing: no claim in it can be relied on';
// Clocks of two machines differ.
const SKEW_MS = 300_000;

type Signed = { publicKey: Uint8Array; keyId: string; known: KnownSigner | undefined };

/**
 * Checks a receipt, a bare envelope or a Sigstore bundle. Exactly the payload's bytes are verified before anything in
 * them is believed; every check has a line, done, failed, or not checked with the reason. Never throws for what is in
 * the receipt.
 */
export async function verifyReceipt(bytes: Uint8Array, ports: VerifyPorts = {}): Promise<ReceiptVerification> {
  const lines = new Lines();
  const parsed = parseReceipt(bytes);
  if (parsed === undefined) {
    lines.add('format', 'failed', 'expected a receipt, a DSSE envelope or a Sigstore bundle, as strict JSON');
    return lines.end('cannot-check');
  }
  lines.add(
    'format',
    'done',
    { receipt: 'a receipt file', envelope: 'a DSSE envelope', bundle: 'a Sigstore bundle' }[parsed.form],
  );
  if (parsed.dsse.payloadType !== PAYLOAD_TYPE) {
    lines.add('signature', 'not-checked', 'the payload is not an in-toto statement');
    return lines.end('cannot-check');
  }
  const signed = checkSignature(parsed, ports, lines);
  if (typeof signed === 'string') return lines.end(signed);
  const statement = readStatement(parsed.payload, lines);
  if (typeof statement === 'string') return lines.end(statement);
  const receiptId = digest(parsed.payload);
  const inclusion = await checkInclusion(parsed.tlogProof, receiptId, statement, ports.inclusion);
  checkSigner(signed, inclusion.loggedAt, lines);
  lines.add('inclusion', inclusion.state, inclusion.message);
  checkLimits(statement, lines);
  checkTime(statement, inclusion.loggedAt, ports.now?.() ?? Date.now(), lines);
  await checkHere(receiptId, statement, ports, lines);
  const hasFailed = lines.checks.some((check) => check.state === 'failed');
  const isKnown = signed.known !== undefined && (signed.known.isOwn || signed.known.isVerified);
  return lines.end(hasFailed ? 'invalid' : isKnown ? 'valid' : 'valid-unknown-signer', statement, signed);
}

/** The signature that counts, or the verdict that ends the verification. */
function checkSignature(parsed: ParsedReceipt, ports: VerifyPorts, lines: Lines): Signed | Verdict {
  const { signatures, payloadType } = parsed.dsse;
  const known = signatures.find(({ keyid }) => ports.findSigner?.(keyid) !== undefined);
  const signature = known ?? signatures[0];
  const signer = signature && ports.findSigner?.(signature.keyid);
  const spki = signer?.publicKey ?? embeddedKey(parsed.payload);
  const point = spki && readPoint(spki);
  if (signature === undefined || spki === undefined || point === undefined) {
    lines.add('signature', 'not-checked', 'the key that signed is neither known here nor in the statement');
    return 'cannot-check';
  }
  const keyId = keyIdOf(point);
  if (signature.keyid !== keyId) {
    lines.add('signature', 'failed', 'the key in the statement is not the one that the signature names');
    return 'invalid';
  }
  const raw = signatureOfDer(new Uint8Array(Buffer.from(signature.sig, 'base64')));
  const signedBytes = preAuthenticationEncoding(payloadType, parsed.payload);
  if (raw === undefined || !engine().curve.verify(point, signedBytes, raw)) {
    lines.add('signature', 'failed', 'the signature is not by this key over these bytes');
    return 'invalid';
  }
  lines.add('signature', 'done', 'ECDSA P-256 over the exact payload bytes');
  return { publicKey: point, keyId, known: signer };
}

function readStatement(payload: Uint8Array, lines: Lines): ReceiptStatement | Verdict {
  const value = tryOr(undefined, () => parseStrictJson(payload));
  const type = isObject(value) ? value.predicateType : undefined;
  if (typeof type === 'string' && type !== PREDICATE_TYPE) {
    lines.add('statement', 'not-checked', 'the statement is not about a run of Glovebox');
    return 'cannot-check';
  }
  const parsed = receiptStatement.safeParse(value);
  const isConsistent = parsed.success && namesItsModule(parsed.data);
  if (!parsed.success || !isConsistent) {
    lines.add('statement', 'failed', 'expected a statement about one run, strictly written');
    return 'invalid';
  }
  lines.add('statement', 'done', 'an in-toto statement about one run');
  return parsed.data;
}

function namesItsModule({ subject, predicate }: ReceiptStatement): boolean {
  const module = subject.find(({ name }) => name === 'module.wasm');
  const output = subject.find(({ name }) => name === 'output.sealed');
  return (
    module?.digest.sha256 === predicate.module.sha256 && output?.digest.sha256 === predicate.sealed?.output?.sha256
  );
}

function checkSigner({ known }: Signed, loggedAt: number | undefined, lines: Lines): void {
  if (known === undefined) {
    lines.add('signer', 'not-checked', 'the signer is not known here: compare the fingerprint and add a contact');
  } else if (known.revokedAt !== null && !(loggedAt !== undefined && loggedAt < known.revokedAt)) {
    lines.add(
      'signer',
      'failed',
      `the key was revoked on ${new Date(known.revokedAt).toISOString()}, and nothing shows that it signed before`,
    );
  } else if (!known.isOwn && !known.isVerified) {
    lines.add('signer', 'not-checked', `signed by the contact ${known.label}, whose fingerprint was never compared`);
  } else {
    lines.add(
      'signer',
      'done',
      known.isOwn ? `signed by the own key ${known.label}` : `signed by the contact ${known.label}`,
    );
  }
}

function checkLimits({ predicate }: ReceiptStatement, lines: Lines): void {
  const { limits, usage, result, batchSize } = predicate;
  const isFinished = result.kind === 'finished' || result.kind === 'exited';
  const isWithinMemory = usage.memoryPeakBytes === null || usage.memoryPeakBytes <= limits.memoryBytes;
  // The budget is each instance's own.
  const budget = limits.fuel === null ? null : BigInt(limits.fuel) * BigInt(Math.max(1, batchSize));
  const isWithinFuel = budget === null || usage.fuelUsed === null || BigInt(usage.fuelUsed) <= budget;
  const wrong = limitError(limits)?.message;
  if (wrong !== undefined) lines.add('limits', 'failed', wrong);
  else if (isFinished && !(isWithinMemory && isWithinFuel))
    lines.add('limits', 'failed', 'the run used more than its limits');
  else
    lines.add(
      'limits',
      'done',
      result.limit ? `ended by the ${result.limit.name} limit` : 'what was used is within the limits',
    );
}

function checkTime({ predicate }: ReceiptStatement, loggedAt: number | undefined, now: number, lines: Lines): void {
  const [started, finished] = [Date.parse(predicate.startedAt), Date.parse(predicate.finishedAt)];
  if (!(started <= finished)) lines.add('time', 'failed', 'the run ends before it starts');
  else if (finished > now + SKEW_MS) lines.add('time', 'failed', 'the run ends in the future');
  else if (loggedAt === undefined)
    lines.add('time', 'not-checked', 'the times are the signer’s own word; no log entry confirms them');
  else if (loggedAt + SKEW_MS < finished) lines.add('time', 'failed', 'the log has the run before it ended');
  else lines.add('time', 'done', 'the times agree with the log');
}

async function checkHere(
  receiptId: string,
  statement: ReceiptStatement,
  ports: VerifyPorts,
  lines: Lines,
): Promise<void> {
  const isHere = await ports.knowsModule?.(statement.predicate.module.sha256);
  if (isHere === true) lines.add('module', 'done', 'a module with this SHA-256 is loaded here');
  else lines.add('module', 'not-checked', 'no module with this SHA-256 is loaded here');
  const opened = await ports.openCommitments?.(receiptId, statement);
  lines.add(
    'commitments',
    opened?.state ?? 'not-checked',
    opened?.message ?? 'only the owner has the openings of input and output',
  );
  const replayed = await ports.replay?.(receiptId, statement);
  lines.add('replay', replayed?.state ?? 'not-checked', replayed?.message ?? 'the module was not run again');
}

// Read before anything is verified, so only to learn which key to verify with; its id must be the signature's.
function embeddedKey(payload: Uint8Array): Uint8Array | undefined {
  return tryOr(undefined, () => {
    const { predicate } = receiptStatement.parse(parseStrictJson(payload));
    return new Uint8Array(Buffer.from(predicate.signer.publicKey, 'base64'));
  });
}

function readPoint(spki: Uint8Array): Uint8Array | undefined {
  return tryOr(undefined, () => pointOfSpki(spki));
}

/** The lines of a verification, in the order in which they are shown. */
class Lines {
  readonly checks: ReceiptCheck[] = [];

  add(name: ReceiptCheck['name'], state: ReceiptCheck['state'], message: string): void {
    this.checks.push({ name, state, message });
  }

  end(verdict: Verdict, statement: ReceiptStatement | null = null, signed?: Signed): ReceiptVerification {
    const isGood = verdict === 'valid' || verdict === 'valid-unknown-signer';
    const signer = signed && {
      keyId: keyIdSchema.parse(signed.keyId),
      fingerprint: fingerprintOf(signed.publicKey),
      label: signed.known?.label ?? null,
    };
    return {
      verdict,
      checks: this.checks,
      statement,
      signer: signer ?? null,
      proves: isGood ? PROVES : PROVES_NOTHING,
    };
  }
}

function digest(bytes: Uint8Array): string {
  const hasher = engine().hash('sha256');
  hasher.update(bytes);
  return toHex(hasher.digest());
}

function isObject(value: unknown): value is { [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function tryOr<T>(otherwise: T, act: () => T): T {
  try {
    return act();
  } catch {
    return otherwise;
  }
}

import type { SealedKind, SessionInfo } from '../../shared/contract/sealing.ts';
import { type KeyId, keyId, type SessionId, sessionId as sessionIdSchema } from '../../shared/model/scalars.ts';
import { Refusal } from '../../shared/result.ts';
import { collect } from './backup.ts';
import { wipe } from './bytes.ts';
import { engine } from './engine.ts';
import { findByKeys } from './opener.ts';
import { checkPublicKey, KeyError, keyIdOf, pointOfSpki } from './p256.ts';
import { spkiOfPoint } from './p256-encoding.ts';
import { cannotOpen, openStream, sealStream } from './sealed-stream.ts';
import { ulid } from './ulid.ts';

/** The longest a session can live, ms. */
export const SESSION_MAX_MS = 3_600_000;
const SESSIONS_MAX = 1000;

/** A session taken for its one request. `end` wipes it, whatever became of the request. */
export type SessionUse = {
  readonly sessionId: SessionId;
  /** whose key the reply is sealed to */
  readonly replyTo: KeyId;
  /** Opens what the caller sealed to this session. @throws Refusal `vault.cannot-open`, also for another kind */
  open(sealed: Uint8Array, kind: SealedKind): Promise<{ name: string; content: Uint8Array }>;
  /** Seals to the caller. */
  reply(content: Uint8Array): Promise<Uint8Array>;
  end(): void;
};

type Session = {
  readonly sessionId: SessionId;
  readonly secret: Uint8Array;
  readonly point: Uint8Array;
  readonly replyTo: Uint8Array;
  readonly openedAt: number;
  readonly expiresAt: number;
  readonly timer: NodeJS.Timeout;
  isInUse: boolean;
};

/**
 * Key pairs for one request each, in memory only. A session ends when it was used, closed, or its time is up, and on
 * shutdown; its private key is wiped then. Sessions share nothing.
 */
export class Sessions {
  readonly #open = new Map<string, Session>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * @param replyTo the caller's public key, SPKI DER or 65 bytes
   * @throws Refusal `vault.bad-key`, `session.too-many`
   */
  open(replyTo: Uint8Array, lifetimeMs: number): SessionInfo {
    if (!(lifetimeMs > 0 && lifetimeMs <= SESSION_MAX_MS)) throw new RangeError('lifetime must be at most one hour');
    const caller = readReplyTo(replyTo);
    if (this.#open.size >= SESSIONS_MAX)
      throw new Refusal('session.too-many', `at most ${SESSIONS_MAX} sessions can be open`);
    const { curve } = engine();
    const secret = curve.generate();
    const openedAt = this.#now();
    const sessionId = sessionIdSchema.parse(`ses_${ulid(openedAt)}`);
    const timer = setTimeout(() => this.#expire(sessionId), lifetimeMs);
    timer.unref();
    const session = {
      sessionId,
      secret,
      point: curve.publicKeyOf(secret),
      replyTo: caller,
      openedAt,
      expiresAt: openedAt + lifetimeMs,
      timer,
      isInUse: false,
    };
    this.#open.set(sessionId, session);
    return infoOf(session);
  }

  list(): SessionInfo[] {
    return [...this.#open.values()].map(infoOf);
  }

  /** Takes a session for its request; a second request finds none. @throws Refusal `session.not-found` */
  take(sessionId: string): SessionUse {
    const session = this.#open.get(sessionId);
    if (session === undefined || session.isInUse || session.expiresAt <= this.#now()) throw notFound();
    session.isInUse = true;
    return {
      sessionId: session.sessionId,
      replyTo: keyId.parse(keyIdOf(session.replyTo)),
      open: (sealed, kind) => openFor(session, sealed, kind),
      reply: (content) => replyTo(session, content),
      end: () => this.#wipe(session),
    };
  }

  /** @throws Refusal `session.not-found` */
  close(sessionId: string): void {
    const session = this.#open.get(sessionId);
    if (session === undefined) throw notFound();
    this.#wipe(session);
  }

  /** Wipes every session; those in use too when `force`. */
  closeAll(force: boolean): void {
    for (const session of this.#open.values()) if (force || !session.isInUse) this.#wipe(session);
  }

  // A request that is under way has the run's own deadline.
  #expire(sessionId: string): void {
    const session = this.#open.get(sessionId);
    if (session !== undefined && !session.isInUse) this.#wipe(session);
  }

  #wipe(session: Session): void {
    clearTimeout(session.timer);
    wipe(session.secret);
    this.#open.delete(session.sessionId);
  }
}

async function openFor(session: Session, sealed: Uint8Array, kind: SealedKind) {
  const key = { keyId: session.sessionId, point: session.point, secret: session.secret };
  const opened = await openStream([sealed], findByKeys([key]));
  if (opened.kind !== kind) throw cannotOpen();
  return { name: opened.meta.name, content: await collect(opened.content) };
}

function replyTo(session: Session, content: Uint8Array): Promise<Uint8Array> {
  const meta = { name: `${session.sessionId}.json`, mediaType: 'application/json', sizeBytes: content.length };
  const to = { recipients: [session.replyTo], isAnonymous: false };
  return collect(sealStream([content], { suite: 'aes-256-gcm', kind: 'output', to, meta }));
}

function readReplyTo(bytes: Uint8Array): Uint8Array {
  try {
    return bytes.length === 65 ? checkPublicKey(bytes.slice()) : pointOfSpki(bytes);
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    throw new Refusal('vault.bad-key', 'replyTo must be a P-256 public key as SPKI or 65 raw bytes');
  }
}

function infoOf({ sessionId, point, openedAt, expiresAt, isInUse }: Session): SessionInfo {
  return { sessionId, publicKey: spkiOfPoint(point), openedAt, expiresAt, isInUse };
}

function notFound(): Refusal<'session.not-found'> {
  return new Refusal('session.not-found', 'the session is closed, expired or was never opened');
}

import * as z from 'zod/mini';
import type { Handlers } from '../../../shared/contract/index.ts';
import { hostLimits } from '../../../shared/model/limits.ts';
import type { ModuleRecord } from '../../../shared/model/module-report.ts';
import { runRequest } from '../../../shared/model/run.ts';
import { ok, Refusal } from '../../../shared/result.ts';
import { parseStrictJson, receiptText } from '../../receipt/index.ts';
import type { SessionUse } from '../../vault/index.ts';
import { digestOf } from '../module-store.ts';
import type { Rooms } from '../ports.ts';
import type { EndedRun, LiveRun, RunService } from '../run-service.ts';

/** What a caller seals besides the module: a run request without it. */
const sealedRequest = z.omit(runRequest, { module: true, sealTo: true });

/** A key pair for one request. Whatever becomes of the request, the session is wiped when it ends. */
export function createSessionHandlers(rooms: Rooms, service: RunService): Handlers['sessions'] {
  const { vault, ledger, events, clock } = rooms;
  const { sessions } = vault;
  const changed = () => events.publish('sessions.changed', {});

  async function startRun(
    use: SessionUse,
    module: Uint8Array,
    request: Uint8Array,
    caller: Parameters<Handlers['sessions']['execute']>[1],
  ) {
    const opened = await use.open(module, 'module');
    const wanted = readRequest((await use.open(request, 'input')).content);
    const inspected = await rooms.hypervisor.inspect(
      opened.content,
      rooms.policies.named(rooms.policies.active()).limits,
    );
    if (!inspected.ok) throw new Refusal(inspected.error.code, inspected.error.message, inspected.error.details);
    const now = clock();
    const name = `${use.sessionId}.wasm`;
    const record: ModuleRecord = { ...inspected.value, name, firstSeen: now, lastUsed: now, source: 'sealed' };
    const recipients: never[] = [];
    return service.start({ ...wanted, module: record.sha256 }, caller, {
      module: { record, bytes: opened.content },
      session: use,
      sealedModule: { sha256: await digestOf(module), recipients },
      sealedInput: { sha256: await digestOf(request), recipients },
    });
  }

  return {
    async open({ replyTo, lifetimeMs }, caller) {
      const info = sessions.open(replyTo, lifetimeMs);
      await ledger.append({
        op: 'session.opened',
        actor: caller.actor,
        session: info.sessionId,
        data: { outcome: 'ok' },
      });
      changed();
      return ok(info);
    },
    list: async () => ok(sessions.list()),
    async execute({ sessionId, module, request }, caller) {
      const use = sessions.take(sessionId);
      changed();
      let live: LiveRun | undefined;
      try {
        live = await startRun(use, module, request, caller);
        const ended = await inTime(live);
        const seq = ended.record.ledgerSeqs.at(-1);
        const proof =
          seq === undefined
            ? null
            : await ledger.prove(seq).then(
                (one) => one.tlogProof,
                () => null,
              );
        return ok({
          output: ended.sealed ?? new Uint8Array(),
          record: ended.record,
          receipt: receiptText(ended.receipt.dsse, proof),
        });
      } finally {
        // A run that goes on past the answer still needs the session to seal what it gives.
        const end = async (): Promise<void> => {
          use.end();
          changed();
          await ledger.append({
            op: 'session.closed',
            actor: caller.actor,
            session: sessionId,
            data: { outcome: 'ok' },
          });
        };
        const over = live?.ended.then(end, end) ?? end();
        await Promise.race([
          over.catch((error: unknown) => void rooms.diagnostics.report('sessions.close', error)),
          soon(),
        ]);
      }
    },
    async close({ sessionId }, caller) {
      sessions.close(sessionId);
      await ledger.append({ op: 'session.closed', actor: caller.actor, session: sessionId, data: { outcome: 'ok' } });
      changed();
      return ok({});
    },
  };
}

/** The answer must not wait for a run that is too late. */
function soon(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1000).unref());
}

function readRequest(content: Uint8Array) {
  let value: unknown;
  try {
    value = parseStrictJson(content);
  } catch {
    value = undefined;
  }
  content.fill(0);
  const parsed = sealedRequest.safeParse(value);
  if (!parsed.success)
    throw new Refusal('contract.invalid-input', 'expected a run request as JSON inside the sealed request');
  return parsed.data;
}

async function inTime({ runId, ended }: LiveRun): Promise<EndedRun> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), hostLimits.responseMs);
  try {
    const end = await Promise.race([ended, late.promise]);
    if (end !== undefined) return end;
    throw new Refusal('run.too-late', 'the run goes on, but has not ended within the response limit', { runId });
  } finally {
    clearTimeout(timer);
  }
}

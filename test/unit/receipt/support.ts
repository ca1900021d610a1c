import { digestModule, type ReceiptFacts, type SignPort } from '../../../electron/receipt/index.ts';
import { utf8 } from '../../../electron/vault/bytes.ts';
import { engine } from '../../../electron/vault/engine.ts';
import { keyIdOf } from '../../../electron/vault/p256.ts';
import { derOfSignature, spkiOfPoint } from '../../../electron/vault/p256-encoding.ts';
import { defaultLimits } from '../../../shared/model/limits.ts';
import { runId } from '../../../shared/model/scalars.ts';

/** A signer with a key of its own. */
export function testSigner(): SignPort {
  const { curve } = engine();
  const secret = curve.generate();
  const point = curve.publicKeyOf(secret);
  return {
    keyId: keyIdOf(point),
    publicKey: spkiOfPoint(point),
    sign: (bytes) => derOfSignature(curve.signer(secret).sign(bytes)),
  };
}

/** A small run, with what is named changed. */
export function exampleFacts(changes: Partial<ReceiptFacts> = {}): ReceiptFacts {
  return {
    runId: runId.parse('run_01JD0000000000000000000000'),
    runtime: { version: '0.1.0', engine: 'v8 14', host: 'headless' },
    module: digestModule(utf8('not really a module')),
    input: { entry: { kind: 'export', name: 'add', args: ['1', '23'] } },
    limits: defaultLimits,
    capabilities: ['wasi', 'clock'],
    outcome: { kind: 'finished' },
    items: [
      {
        outcome: { kind: 'finished' },
        results: [{ type: 'i32', value: '24' }],
        stdout: utf8('hello'),
        stderr: new Uint8Array(),
        files: [],
        usage: { fuelUsed: '18446744073709551615', memoryPeakBytes: 65536, outputBytes: 5 },
      },
    ],
    timing: { queuedMs: 0, compileMs: 1.5, runMs: 2, totalMs: 3.5 },
    startedAt: Date.UTC(2026, 10, 23),
    finishedAt: Date.UTC(2026, 10, 23) + 4,
    ...changes,
  };
}

import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';
import { openLedger } from '../../electron/ledger/index.ts';

// Writes to a log from many writers at once until it is killed, and tells of each entry as soon as it was acknowledged:
// `crash-writer.ts FOLDER KEY.PEM WRITERS`.
const [dir = '', keyFile = '', writers = '8'] = process.argv.slice(2);
const key = createPrivateKey(readFileSync(keyFile));
const ledger = await openLedger({
  dir,
  signer: {
    publicKeySpki: createPublicKey(key).export({ type: 'spki', format: 'der' }),
    sign: (bytes) => sign('sha256', bytes, key),
  },
});
const { state, alarm } = ledger.status();
writeSync(1, `${JSON.stringify({ state, alarm })}\n`);

async function write(writer: number): Promise<never> {
  for (let i = 0; ; i++) {
    const note = `${writer} ${i} ${'.'.repeat((i * 37) % 900)}`;
    const { seq, leafHash } = await ledger.append({ op: 'test.noted', actor: 'system', data: { note } });
    // Synchronous: what was told before the kill reaches the pipe.
    writeSync(1, `${seq} ${leafHash}\n`);
  }
}

await Promise.all(Array.from({ length: Number(writers) }, (_, writer) => write(writer)));

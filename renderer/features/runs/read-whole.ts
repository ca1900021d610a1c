import type { Client } from '../../../shared/contract/index.ts';
import type { OutputStream } from '../../../shared/contract/runs.ts';
import type { RunId } from '../../../shared/model/scalars.ts';

const CHUNK_BYTES = 1024 * 1024;

/** All that a run has printed on a stream; undefined when it cannot be read. */
export async function readWhole(client: Client, runId: RunId, stream: OutputStream): Promise<Blob | undefined> {
  const parts: BlobPart[] = [];
  for (let offset = 0; ; ) {
    const answer = await client.runs.output({ runId, stream, offset, length: CHUNK_BYTES });
    if (!answer.ok) return undefined;
    parts.push(answer.value.bytes.slice());
    offset += answer.value.bytes.length;
    if (answer.value.bytes.length === 0 || offset >= answer.value.totalBytes) return new Blob(parts);
  }
}

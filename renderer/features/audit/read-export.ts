import type { AuditExportSelection } from '../../../shared/contract/audit.ts';
import type { Client } from '../../../shared/contract/index.ts';
import { ok, type Result } from '../../../shared/result.ts';

/** Reads an export piece by piece; null when it was stopped. */
export async function readExport(
  client: Client,
  selection: AuditExportSelection,
  onProgress: (bytes: number) => void,
  isStopped: () => boolean,
): Promise<Result<Blob | null>> {
  const parts: string[] = [];
  let bytes = 0;
  let piece = await client.audit.export({ selection });
  for (;;) {
    if (!piece.ok) return piece;
    parts.push(piece.value.text);
    bytes += piece.value.text.length;
    onProgress(bytes);
    if (piece.value.isEnd) return ok(new Blob(parts, { type: 'application/x-ndjson' }));
    if (isStopped()) return ok(null);
    const more = await client.audit.exportMore({ id: piece.value.id });
    if (!more.ok) return more;
    piece = more;
  }
}

import { useEffect, useRef, useState } from 'react';
import type { OutputStream } from '../../../shared/contract/runs.ts';
import type { RunRecord } from '../../../shared/model/run.ts';
import { useBridge } from '../../bridge/context.ts';
import { useRunStore } from './context.ts';
import { appendOutput, emptyOutput, type OutputText } from './output-text.ts';

/** The window keeps this much of a stream; the rest is there to be saved. */
export const SHOWN_BYTES = 2 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;

/** What a run has printed on a stream, fetched as it grows, as lines. */
export function useOutput(run: RunRecord, stream: OutputStream): OutputText {
  const { client } = useBridge();
  const printed = useRunStore((state) => state.printed[run.runId]?.[stream] ?? 0);
  const recorded = stream === 'stdout' ? run.stdoutBytes : run.stderrBytes;
  const totalBytes = Math.max(printed, recorded);
  const wanted = Math.min(totalBytes, SHOWN_BYTES);
  const [output, setOutput] = useState(emptyOutput);
  const isFetching = useRef(false);
  useEffect(() => {
    if (isFetching.current || output.loadedBytes >= wanted) return;
    isFetching.current = true;
    const length = Math.min(CHUNK_BYTES, wanted - output.loadedBytes);
    void client.runs.output({ runId: run.runId, stream, offset: output.loadedBytes, length }).then((answer) => {
      isFetching.current = false;
      if (answer.ok && answer.value.bytes.length > 0) setOutput((before) => appendOutput(before, answer.value.bytes));
    });
  }, [client, run.runId, stream, wanted, output]);
  return { ...output, totalBytes };
}

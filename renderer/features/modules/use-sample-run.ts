import { useState } from 'react';
import type { SampleInfo } from '../../../shared/contract/modules.ts';
import type { ModuleRecord } from '../../../shared/model/module-report.ts';
import type { RunRequestInput } from '../../../shared/model/run.ts';
import type { Failure } from '../../../shared/result.ts';
import { useBridge } from '../../bridge/context.ts';
import { navigate } from '../../lib/hash-route.ts';

/** Loads a sample and runs it with its example input; the window goes to the run. */
export function useSampleRun() {
  const { client } = useBridge();
  const [busy, setBusy] = useState<string>();
  const [failure, setFailure] = useState<Failure>();
  const runSample = async (sample: SampleInfo) => {
    setBusy(sample.name);
    setFailure(undefined);
    const loaded = await client.modules.loadSample({ name: sample.name });
    const started = loaded.ok ? await client.runs.start(sampleRequest(loaded.value.record)) : loaded;
    setBusy(undefined);
    if (started.ok) navigate(`/runs/${started.value.runId}`);
    else {
      setFailure(started.error);
      if (loaded.ok) navigate(`/modules/${loaded.value.record.sha256}`);
    }
  };
  return { runSample, busy, failure };
}

/** A program runs as it is; of a library the first function runs, with 10 for every number. */
export function sampleRequest(record: ModuleRecord): RunRequestInput {
  const { sha256: module, report } = record;
  if (report.shape === 'command') {
    const wasi = { args: [record.name], env: [], folders: [], files: [] };
    return { module, entry: { kind: 'command' }, wasi };
  }
  const entry = report.exports.find((item) => item.type.kind === 'function');
  const params = entry?.type.kind === 'function' ? entry.type.signature.params : [];
  return { module, entry: { kind: 'export', name: entry?.name ?? '_start', args: params.map(() => '10') } };
}

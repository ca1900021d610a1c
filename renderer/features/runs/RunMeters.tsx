import { useShallow } from 'zustand/react/shallow';
import type { RunRecord } from '../../../shared/model/run.ts';
import { formatBytes, formatCount, formatDuration } from '../../lib/format.ts';
import { Gauge } from '../../ui/Gauge.tsx';
import { useRunStore } from './context.ts';
import styles from './RunMeters.module.css';
import { Sparkline } from './Sparkline.tsx';
import type { RunStoreState } from './store.ts';

const selectLive = (runId: RunRecord['runId']) => (state: RunStoreState) => state.live[runId];

/** Time, memory, fuel and output against their limits: live while it goes, the last values after. */
export function RunMeters(props: { run: RunRecord }) {
  const { run } = props;
  const live = useRunStore(useShallow(selectLive(run.runId)));
  const isEnded = run.state === 'ended';
  const elapsedMs = isEnded ? (run.timing?.totalMs ?? 0) : (live?.gauge.elapsedMs ?? 0);
  const memory = (isEnded ? run.usage?.memoryPeakBytes : live?.gauge.memoryBytes) ?? null;
  const fuel = (isEnded ? run.usage?.fuelUsed : live?.gauge.fuelUsed) ?? null;
  const output = (isEnded ? run.usage?.outputBytes : live?.gauge.outputBytes) ?? 0;
  const { limits } = run;
  return (
    <div className={styles.meters}>
      <Gauge
        label="Time"
        value={elapsedMs}
        max={limits.timeMs}
        text={formatDuration(Math.round(elapsedMs * 10) / 10)}
        limitText={formatDuration(limits.timeMs)}
      />
      <Gauge
        label={isEnded ? 'Peak memory' : 'Memory'}
        value={memory ?? 0}
        max={limits.memoryBytes}
        text={memory === null ? 'not known' : formatBytes(memory)}
        limitText={formatBytes(limits.memoryBytes)}
      />
      <Gauge
        label="Fuel"
        value={Number(fuel ?? 0)}
        max={limits.fuel === null ? null : Number(limits.fuel)}
        text={fuel === null ? 'not counted' : formatCount(fuel)}
        limitText={limits.fuel === null ? '' : formatCount(limits.fuel)}
      />
      <Gauge
        label="Output"
        value={output}
        max={limits.outputBytes}
        text={formatBytes(output)}
        limitText={formatBytes(limits.outputBytes)}
      />
      {live !== undefined && live.history.length > 1 && (
        <Sparkline history={live.history} memoryLimit={limits.memoryBytes} />
      )}
    </div>
  );
}

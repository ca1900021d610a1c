import { useQuery } from '@tanstack/react-query';
import { useBridge } from '../../bridge/context.ts';
import { queries } from '../../bridge/queries.ts';
import { asFailure } from '../../lib/failure.ts';
import { useAct } from '../../lib/use-act.ts';
import { Choice } from '../../ui/Choice.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { toastUndo } from '../../ui/Toasts.tsx';
import { Row } from './Row.tsx';

const MINUTE = 60_000;
const TIMES: readonly (readonly [idleMs: number | null, word: string])[] = [
  [MINUTE, 'After 1 minute'],
  [5 * MINUTE, 'After 5 minutes'],
  [15 * MINUTE, 'After 15 minutes'],
  [60 * MINUTE, 'After 1 hour'],
  [8 * 60 * MINUTE, 'After 8 hours'],
  [null, 'Never'],
];

/** When the key store locks by itself. It is kept in the store, so it cannot be read or set while that is locked. */
export function AutoLockSetting() {
  const { client } = useBridge();
  const { data, error, refetch } = useQuery(queries.keys(client));
  const act = useAct();
  if (error !== null && asFailure(error).code === 'vault.locked')
    return <Row id="autoLock">Unlock the keys to set it</Row>;
  if (data === undefined) return <Row id="autoLock">…</Row>;
  const now = data.autoLockMs;
  const set = async (idleMs: number | null) => {
    const done = await act.run(() => client.keys.autoLock({ idleMs }));
    if (done !== undefined) await refetch();
    return done !== undefined;
  };
  const choose = async (idleMs: number | null) => {
    if (idleMs === now || !(await set(idleMs))) return;
    toastUndo(`Lock by itself: ${wordOf(idleMs).toLowerCase()}`, () => void set(now));
  };
  const isListed = TIMES.some(([time]) => time === now);
  const options = [...TIMES, ...(isListed ? [] : [[now, wordOf(now)] as const])].map(([time, label]) => ({
    value: String(time),
    label,
  }));
  return (
    <Row
      id="autoLock"
      {...(act.failure === undefined
        ? {}
        : { below: <FailureNotice failure={act.failure} notDone="The time is as it was." /> })}
    >
      <Choice
        label="Lock by itself"
        isLabelHidden
        value={String(now)}
        groups={[{ label: '', options }]}
        onChange={(value) => void choose(value === 'null' ? null : Number(value))}
      />
    </Row>
  );
}

function wordOf(idleMs: number | null): string {
  if (idleMs === null) return 'Never';
  return TIMES.find(([time]) => time === idleMs)?.[1] ?? `After ${Math.round(idleMs / MINUTE)} minutes`;
}

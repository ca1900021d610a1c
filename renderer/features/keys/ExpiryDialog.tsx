import { useState } from 'react';
import type { KeyRecord } from '../../../shared/model/key.ts';
import { useBridge } from '../../bridge/context.ts';
import { formatMoment } from '../../lib/format.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/Field.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { Row, Stack } from '../../ui/Stack.tsx';
import { toastUndo } from '../../ui/Toasts.tsx';
import { addMonths, readDay } from './expiry.ts';

const SHORTCUTS = [
  ['3 months', 3],
  ['1 year', 12],
  ['2 years', 24],
] as const;

/** When a key stops sealing or signing; undo puts the old time back. */
export function ExpiryDialog(props: { record: KeyRecord; onClose: () => void }) {
  const { keyId, label, expiresAt: before } = props.record;
  const { client } = useBridge();
  const [text, setText] = useState('');
  const act = useAct();
  const now = Date.now();
  const day = readDay(text, now);
  const set = async (expiresAt: number | null) => {
    const done = await act.run(() => client.keys.expire({ keyId, expiresAt }));
    if (done === undefined) return;
    props.onClose();
    const said = expiresAt === null ? `${label} does not expire` : `${label} expires ${formatMoment(expiresAt)}`;
    const canUndo = before === null || before > Date.now();
    if (canUndo) toastUndo(said, () => void client.keys.expire({ keyId, expiresAt: before }));
  };
  return (
    <Dialog
      isOpen
      onClose={props.onClose}
      title={`Expiry of ${label}`}
      description={before === null ? 'It does not expire.' : `It expires ${formatMoment(before)}.`}
      actions={
        <>
          {before !== null && (
            <Button isDisabled={act.isBusy} onClick={() => void set(null)}>
              Never expires
            </Button>
          )}
          <Button
            kind="primary"
            isDisabled={!day.ok || act.isBusy}
            reason="Give a day to come"
            onClick={() => day.ok && void set(day.value)}
          >
            Set
          </Button>
        </>
      }
    >
      <Stack>
        <Row>
          {SHORTCUTS.map(([word, months]) => (
            <Button key={word} onClick={() => setText(addMonths(now, months))}>
              In {word}
            </Button>
          ))}
        </Row>
        <TextField
          label="Last day of use"
          isMono
          placeholder="2027-12-31"
          value={text}
          onChange={setText}
          error={text === '' || day.ok ? undefined : day.error}
          hint={day.ok ? `until ${formatMoment(day.value)}` : undefined}
          onEnter={() => day.ok && void set(day.value)}
        />
        {act.failure !== undefined && <FailureNotice failure={act.failure} notDone="The expiry is as it was." />}
      </Stack>
    </Dialog>
  );
}

import { useRef, useState } from 'react';
import type { KeyRecord } from '../../../shared/model/key.ts';
import { useBridge } from '../../bridge/context.ts';
import { plural } from '../../lib/format.ts';
import { saveFile } from '../../lib/save-file.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { NewPassphrase } from '../../ui/NewPassphrase.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { Stack } from '../../ui/Stack.tsx';
import { toastDone } from '../../ui/Toasts.tsx';
import { roles, sortKeys, states } from './describe.ts';

/** Private keys as one file sealed under a passphrase; all of them unless some are left out. */
export function BackupDialog(props: { keys: readonly KeyRecord[]; onClose: () => void }) {
  const { client } = useBridge();
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set());
  const [passphrase, setPassphrase] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const act = useAct();
  const whole = sortKeys(props.keys.filter((key) => key.state !== 'destroyed'));
  const chosen = whole.filter((key) => !leftOut.has(key.keyId));
  const isReady = passphrase !== null && chosen.length > 0 && !act.isBusy;
  const save = async () => {
    if (!isReady) return;
    const keyIds = chosen.length === whole.length ? null : chosen.map((key) => key.keyId);
    const done = await act.run(() => client.keys.backup({ keyIds, passphrase }));
    if (done === undefined) return;
    saveFile(new Blob([done.bytes.slice()]), done.fileName);
    toastDone('Backup saved', `${plural(done.keys, 'key')} in ${done.fileName}, opened once again to be sure.`);
    props.onClose();
  };
  const toggle = (keyId: string, isIn: boolean) => {
    const next = new Set(leftOut);
    if (isIn) next.delete(keyId);
    else next.add(keyId);
    setLeftOut(next);
  };
  return (
    <Dialog
      isOpen
      onClose={props.onClose}
      title="Back up private keys"
      description="One file, sealed under a passphrase (Argon2id). Only Glovebox reads it; for other tools export a key by itself."
      focusRef={field}
      actions={
        <>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={!isReady} reason="Type the passphrase twice" onClick={() => void save()}>
            {act.isBusy ? 'Sealing…' : `Back up ${plural(chosen.length, 'key')}`}
          </Button>
        </>
      }
    >
      <Stack>
        <fieldset>
          <legend>Keys in the backup</legend>
          {whole.map((key) => (
            <Check
              key={key.keyId}
              label={`${key.label} (${roles[key.role].word.toLowerCase()}, ${states[key.state].word.toLowerCase()})`}
              isChecked={!leftOut.has(key.keyId)}
              onChange={(isIn) => toggle(key.keyId, isIn)}
            />
          ))}
        </fieldset>
        <NewPassphrase
          label="Passphrase of the backup"
          inputRef={field}
          onChange={setPassphrase}
          onEnter={() => void save()}
        />
        {act.failure !== undefined && <FailureNotice failure={act.failure} notDone="No backup was made." />}
      </Stack>
    </Dialog>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { KeyProtection } from '../../../shared/model/key.ts';
import { useBridge } from '../../bridge/context.ts';
import { queries } from '../../bridge/queries.ts';
import { protections } from '../../lib/protection.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/Field.tsx';
import { NewPassphrase } from '../../ui/NewPassphrase.tsx';
import { FailureNotice, Notice } from '../../ui/Notice.tsx';
import { Stack } from '../../ui/Stack.tsx';
import { toastDone } from '../../ui/Toasts.tsx';

/** Protects the key store another way, or changes its passphrase. */
export function ProtectDialog(props: { protection: KeyProtection; onClose: () => void }) {
  const { client } = useBridge();
  const { data } = useQuery(queries.keys(client));
  const [kind, setKind] = useState<KeyProtection>(props.protection === 'keychain' ? 'keychain' : 'passphrase');
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const act = useAct();
  const hadPassphrase = props.protection === 'passphrase';
  const isReady =
    (kind === 'passphrase' ? next !== null : kind !== props.protection) && (!hadPassphrase || current !== '');
  const protect = async () => {
    if (!isReady || act.isBusy) return;
    const done = await act.run(() =>
      client.keys.protect({
        kind,
        ...(kind === 'passphrase' && next !== null ? { passphrase: next } : {}),
        ...(hadPassphrase ? { current } : {}),
      }),
    );
    if (done === undefined) return;
    toastDone('The key store is protected anew', protections[kind].sentence);
    props.onClose();
  };
  const options = (['passphrase', 'keychain', 'file'] as const).map((value) => ({
    value,
    label: protections[value].word,
    isDisabled: value === 'keychain' && data?.hasKeychain !== true,
    ...(value === 'keychain' && data?.hasKeychain !== true ? { note: 'not on this machine' } : {}),
  }));
  return (
    <Dialog
      isOpen
      onClose={props.onClose}
      title="Protection of the keys"
      description={protections[props.protection].sentence}
      focusRef={field}
      actions={
        <>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={!isReady || act.isBusy} onClick={() => void protect()}>
            {act.isBusy ? 'Working…' : 'Protect'}
          </Button>
        </>
      }
    >
      <Stack>
        <Choice
          label="Protect them with"
          value={kind}
          groups={[{ label: '', options }]}
          onChange={(value) => setKind(value as KeyProtection)}
        />
        {hadPassphrase && (
          <TextField
            label="The passphrase it has now"
            type="password"
            inputRef={field}
            value={current}
            onChange={setCurrent}
          />
        )}
        {kind === 'passphrase' && (
          <NewPassphrase
            {...(hadPassphrase ? {} : { inputRef: field })}
            onChange={setNext}
            onEnter={() => void protect()}
          />
        )}
        {kind === 'passphrase' && (
          <Notice>Nobody can recover a passphrase that is forgotten. Keep a backup of the keys.</Notice>
        )}
        {kind === 'file' && <Notice tone="warning">{protections.file.sentence}</Notice>}
        {act.failure !== undefined && (
          <FailureNotice failure={act.failure} notDone="The keys are protected as they were." />
        )}
      </Stack>
    </Dialog>
  );
}

import { useState } from 'react';
import type { KeyRole } from '../../../shared/model/key.ts';
import { useBridge } from '../../bridge/context.ts';
import { navigate } from '../../lib/hash-route.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/Field.tsx';
import { FailureNotice, Notice } from '../../ui/Notice.tsx';
import { Stack } from '../../ui/Stack.tsx';
import { toastDone } from '../../ui/Toasts.tsx';
import { roles } from './describe.ts';
import { MaterialField } from './MaterialField.tsx';
import { PreviewCard } from './PreviewCard.tsx';
import { usePreview } from './use-preview.ts';

const ROLE_OPTIONS = [
  {
    label: '',
    options: (['seal', 'sign', 'log'] as const).map((role) => ({ value: role, label: `${roles[role].word} key` })),
  },
];

/** Takes over a private key; what it is shows before anything is stored. */
export function ImportDialog(props: { onClose: () => void }) {
  const { client } = useBridge();
  const [material, setMaterial] = useState<Uint8Array | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const [label, setLabel] = useState('');
  const [role, setRole] = useState<KeyRole>('seal');
  const state = usePreview(material, passphrase);
  const act = useAct();
  const found = state.kind === 'read' ? state.preview : undefined;
  const canTake = found?.isPrivate === true && found.known !== 'key';
  const isReady = canTake && label.trim() !== '' && material !== null && !act.isBusy;
  const take = async () => {
    if (!isReady) return;
    const input = { material, role, label: label.trim(), ...(passphrase === '' ? {} : { passphrase }) };
    const made = await act.run(() => client.keys.import(input));
    if (made === undefined) return;
    toastDone(`${made.label} was imported`);
    props.onClose();
    navigate(`/keys/${made.keyId}`);
  };
  return (
    <Dialog
      isOpen
      onClose={props.onClose}
      title="Import a private key"
      description="PEM, PKCS#8 (plain or encrypted), JWK or raw. Nothing is stored until you say so."
      actions={
        <>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button
            kind="primary"
            isDisabled={!isReady}
            reason={canTake ? 'Give it a label' : 'There is no new private key in it'}
            onClick={() => void take()}
          >
            Import
          </Button>
        </>
      }
    >
      <Stack>
        <MaterialField label="Key file" onChange={setMaterial} />
        <TextField
          label="Its passphrase, if it is encrypted"
          type="password"
          value={passphrase}
          onChange={setPassphrase}
        />
        <PreviewCard state={state}>
          {(preview) =>
            preview.isPrivate ? (
              preview.known !== 'key' && (
                <>
                  <TextField
                    label="Label"
                    value={label}
                    onChange={(value) => setLabel(value.slice(0, 64))}
                    onEnter={() => void take()}
                  />
                  <Choice
                    label="What it is for"
                    value={role}
                    groups={ROLE_OPTIONS}
                    onChange={(value) => setRole(value as KeyRole)}
                  />
                  <p>{roles[role].note}</p>
                </>
              )
            ) : (
              <Notice>This is only a public key. It can be added as a contact.</Notice>
            )
          }
        </PreviewCard>
        {act.failure !== undefined && <FailureNotice failure={act.failure} notDone="The key was not imported." />}
      </Stack>
    </Dialog>
  );
}

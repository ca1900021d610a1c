import { useState } from 'react';
import { useBridge } from '../../bridge/context.ts';
import { navigate } from '../../lib/hash-route.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/Field.tsx';
import { FailureNotice, Notice } from '../../ui/Notice.tsx';
import { Stack } from '../../ui/Stack.tsx';
import { MaterialField } from './MaterialField.tsx';
import { PreviewCard } from './PreviewCard.tsx';
import { usePreview } from './use-preview.ts';

const ROLES = [
  {
    label: '',
    options: [
      { value: 'seal', label: 'to seal to them' },
      { value: 'sign', label: 'to know what they signed' },
    ],
  },
];

/** Keeps somebody's public key; its fingerprint shows before anything is stored. */
export function AddContactDialog(props: { onClose: () => void }) {
  const { client } = useBridge();
  const [material, setMaterial] = useState<Uint8Array | null>(null);
  const [name, setName] = useState('');
  const [role, setRole] = useState<'seal' | 'sign'>('seal');
  const state = usePreview(material, '');
  const act = useAct();
  const found = state.kind === 'read' ? state.preview : undefined;
  const canAdd = found !== undefined && !found.isPrivate && found.known === null;
  const isReady = canAdd && name.trim() !== '' && material !== null && !act.isBusy;
  const add = async () => {
    if (!isReady) return;
    const made = await act.run(() => client.contacts.add({ material, name: name.trim(), role }));
    if (made === undefined) return;
    props.onClose();
    navigate(`/keys/${made.keyId}?tab=contacts`);
  };
  return (
    <Dialog
      isOpen
      onClose={props.onClose}
      title="Add a contact"
      description="Somebody’s public key, as PEM, DER, JWK or raw."
      actions={
        <>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button
            kind="primary"
            isDisabled={!isReady}
            reason={canAdd ? 'Say whose it is' : 'There is no new public key in it'}
            onClick={() => void add()}
          >
            Add
          </Button>
        </>
      }
    >
      <Stack>
        <MaterialField label="Public key" onChange={setMaterial} />
        <PreviewCard state={state}>
          {(preview) => (
            <>
              {preview.isPrivate && (
                <Notice tone="warning">
                  This is a private key. Import it if it is yours; nobody should have sent it to you.
                </Notice>
              )}
              {canAdd && (
                <>
                  <TextField
                    label="Whose key it is"
                    value={name}
                    onChange={(value) => setName(value.slice(0, 64))}
                    onEnter={() => void add()}
                  />
                  <Choice
                    label="What for"
                    value={role}
                    groups={ROLES}
                    onChange={(value) => setRole(value as 'seal' | 'sign')}
                  />
                </>
              )}
            </>
          )}
        </PreviewCard>
        {act.failure !== undefined && <FailureNotice failure={act.failure} notDone="The contact was not added." />}
      </Stack>
    </Dialog>
  );
}

import { useState } from 'react';
import type { KeyRecord } from '../../../shared/model/key.ts';
import { useBridge } from '../../bridge/context.ts';
import { navigate } from '../../lib/hash-route.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/Button.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { toastDone, toastUndo } from '../../ui/Toasts.tsx';
import { DestroyDialog, RevokeDialog } from './DestroyDialog.tsx';
import { type KeyAct, whyNot } from './describe.ts';
import styles from './detail.module.css';
import { ExpiryDialog } from './ExpiryDialog.tsx';
import { ExportPrivateDialog } from './ExportPrivateDialog.tsx';

type DialogName = 'expire' | 'export' | 'revoke' | 'destroy';

/** What can be done with a key, each with what comes of it; what can be undone happens at once. */
export function KeyActs(props: { record: KeyRecord; isLocked: boolean }) {
  const { record } = props;
  const { keyId, label, role } = record;
  const { client } = useBridge();
  const [dialog, setDialog] = useState<DialogName | null>(null);
  const { run, isBusy, failure } = useAct();
  const close = () => setDialog(null);
  const rotate = async () => {
    const made = await run(() => client.keys.rotate({ keyId }));
    if (made === undefined) return;
    toastDone(`${label} was rotated`, 'This is the new key; the old one is retired.');
    navigate(`/keys/${made.keyId}`);
  };
  const retire = async () => {
    const done = await run(() => client.keys.retire({ keyId }));
    if (done !== undefined) toastUndo(`${label} is retired`, () => void client.keys.activate({ keyId }));
  };
  const activate = async () => {
    const done = await run(() => client.keys.activate({ keyId }));
    if (done !== undefined) toastUndo(`${label} is active again`, () => void client.keys.retire({ keyId }));
  };
  const line = (act: KeyAct, title: string, text: string, button: string, go: () => void) => (
    <ActLine
      title={title}
      text={text}
      button={button}
      blocked={whyNot(act, record)}
      isBusy={isBusy}
      isDanger={act === 'revoke' || act === 'destroy'}
      onClick={go}
    />
  );
  return (
    <>
      <div className={styles.acts}>
        {line(
          'rotate',
          'Rotate',
          'A new key with the same label takes its place; this one still opens what was sealed to it.',
          'Rotate',
          () => void rotate(),
        )}
        {record.state === 'retired' && role === 'seal'
          ? line('activate', 'Use again', 'It is offered for sealing again.', 'Use again', () => void activate())
          : line(
              'retire',
              'Retire',
              'It is no longer offered for sealing, and still opens. Can be undone at any time.',
              'Retire',
              () => void retire(),
            )}
        {line('expire', 'Expiry', 'After it, the key no longer seals or signs.', 'Set…', () => setDialog('expire'))}
        {line(
          'export',
          'Private key',
          'As PKCS#8 in PEM under a passphrase, for OpenSSL and other tools.',
          'Export…',
          () => setDialog('export'),
        )}
        {line(
          'revoke',
          'Revoke',
          'For good: what it signed is marked as not to be trusted. It still opens.',
          'Revoke…',
          () => setDialog('revoke'),
        )}
        {line('destroy', 'Destroy', 'For good: what is sealed to it alone becomes unreadable.', 'Destroy…', () =>
          setDialog('destroy'),
        )}
      </div>
      {failure !== undefined && (
        <div className={styles.failed}>
          <FailureNotice failure={failure} notDone="The key is as it was." />
        </div>
      )}
      {!props.isLocked && dialog === 'expire' && <ExpiryDialog record={record} onClose={close} />}
      {!props.isLocked && dialog === 'export' && <ExportPrivateDialog record={record} onClose={close} />}
      {!props.isLocked && dialog === 'revoke' && <RevokeDialog record={record} onClose={close} />}
      {!props.isLocked && dialog === 'destroy' && <DestroyDialog record={record} onClose={close} />}
    </>
  );
}

function ActLine(props: {
  title: string;
  text: string;
  button: string;
  blocked: string | undefined;
  isBusy: boolean;
  isDanger: boolean;
  onClick: () => void;
}) {
  return (
    <div className={styles.act}>
      <p>
        <b>{props.title}</b>
        {props.blocked ?? props.text}
      </p>
      <Button
        kind={props.isDanger ? 'danger' : 'plain'}
        isDisabled={props.blocked !== undefined || props.isBusy}
        reason={props.blocked}
        onClick={props.onClick}
      >
        {props.button}
      </Button>
    </div>
  );
}

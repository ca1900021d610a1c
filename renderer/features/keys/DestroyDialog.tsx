import { useQuery } from '@tanstack/react-query';
import type { KeyRecord } from '../../../shared/model/key.ts';
import { useBridge } from '../../bridge/context.ts';
import { queries } from '../../bridge/queries.ts';
import { formatBytes, formatDate, plural } from '../../lib/format.ts';
import { useAct } from '../../lib/use-act.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { Loading } from '../../ui/Empty.tsx';
import { toastDone } from '../../ui/Toasts.tsx';
import styles from './detail.module.css';

type DialogProps = { record: KeyRecord; onClose: () => void };

/** Destroys a key after its label was typed, with the list of what becomes unreadable. */
export function DestroyDialog(props: DialogProps) {
  const { keyId, label } = props.record;
  const { client } = useBridge();
  const act = useAct();
  const destroy = async (typedLabel: string) => {
    const done = await act.run(() => client.keys.destroy({ keyId, typedLabel }));
    if (done === undefined) return;
    toastDone(`${label} is destroyed`, 'Its public half stays to recognise old signatures.');
    props.onClose();
  };
  return (
    <ConfirmDialog
      title="Destroy this key for good?"
      act="Destroy"
      typed={label}
      isBusy={act.isBusy}
      failure={act.failure}
      notDone="The key is as it was."
      onConfirm={(typed) => void destroy(typed)}
      onClose={props.onClose}
    >
      <DependentList record={props.record} />
    </ConfirmDialog>
  );
}

function DependentList(props: { record: KeyRecord }) {
  const { client } = useBridge();
  const { data } = useQuery(queries.dependents(client, props.record.keyId));
  if (data === undefined) return <Loading what="what depends on it" />;
  const { unreadable, alsoReadableByOthers, signatures } = data;
  return (
    <>
      {unreadable.length === 0 ? (
        <p>As far as this key store knows, nothing is sealed to it alone.</p>
      ) : (
        <>
          <p>
            <b>{plural(unreadable.length, 'file becomes', 'files become')} unreadable</b>, unless you have a backup of
            the key:
          </p>
          <ul className={styles.dependents}>
            {unreadable.map((file) => (
              <li key={`${file.name} ${file.createdAt}`}>
                <bdi>{file.name}</bdi>
                <code>
                  {formatBytes(file.sizeBytes)} · {formatDate(file.createdAt)}
                </code>
              </li>
            ))}
          </ul>
        </>
      )}
      {alsoReadableByOthers > 0 && (
        <p>
          {plural(alsoReadableByOthers, 'more file is', 'more files are')} readable by another of your keys as well.
        </p>
      )}
      {signatures > 0 && <p>{plural(signatures, 'signature')} made with it can still be checked.</p>}
      {props.record.role !== 'seal' && props.record.state === 'active' && (
        <p>A new key with this label takes its place at once, since everything that happens is signed.</p>
      )}
      <p>What others sealed to it elsewhere is not known here, and becomes unreadable too.</p>
    </>
  );
}

/** Revokes a key after its label was typed. */
export function RevokeDialog(props: DialogProps) {
  const { keyId, label, role, state } = props.record;
  const { client } = useBridge();
  const act = useAct();
  const revoke = async () => {
    const done = await act.run(() => client.keys.revoke({ keyId }));
    if (done === undefined) return;
    toastDone(`${label} is revoked`);
    props.onClose();
  };
  return (
    <ConfirmDialog
      title="Revoke this key for good?"
      act="Revoke"
      typed={label}
      isBusy={act.isBusy}
      failure={act.failure}
      notDone="The key is as it was."
      onConfirm={() => void revoke()}
      onClose={props.onClose}
    >
      <p>
        {role === 'seal'
          ? 'It is never offered for sealing again. What was sealed to it can still be opened.'
          : 'What it signed is marked as not to be trusted, unless the log shows that it was signed before.'}
      </p>
      {role !== 'seal' && state === 'active' && <p>A new key with this label takes its place at once.</p>}
      <p>Tell those who have its public half: Glovebox cannot.</p>
    </ConfirmDialog>
  );
}

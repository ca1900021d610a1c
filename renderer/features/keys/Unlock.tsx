import { Lock, LockOpen } from 'lucide-react';
import { useState } from 'react';
import type { KeyProtection } from '../../../shared/model/key.ts';
import { useBridge } from '../../bridge/context.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { TextField } from '../../ui/Field.tsx';
import { NewPassphrase } from '../../ui/NewPassphrase.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { toastDone } from '../../ui/Toasts.tsx';
import styles from './Unlock.module.css';

/** What stands in place of the keys while they are locked. */
export function Unlock(props: { protection: KeyProtection }) {
  const { client } = useBridge();
  const [passphrase, setPassphrase] = useState('');
  const [isSettingAside, setSettingAside] = useState(false);
  const act = useAct();
  const hasPassphrase = props.protection === 'passphrase';
  const unlock = async () => {
    if (act.isBusy || (hasPassphrase && passphrase === '')) return;
    await act.run(() => client.keys.unlock(hasPassphrase ? { passphrase } : {}));
    setPassphrase('');
  };
  return (
    <div className={styles.unlock}>
      <Lock size={22} strokeWidth={1.6} aria-hidden />
      <h2>The keys are locked</h2>
      <p>Nothing can be sealed, opened or signed, so nothing runs, until they are unlocked. Drafts are kept.</p>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void unlock();
        }}
      >
        {hasPassphrase && (
          <TextField
            label="Passphrase"
            isLabelHidden
            placeholder="Passphrase"
            type="password"
            value={passphrase}
            onChange={setPassphrase}
          />
        )}
        <Button
          kind="primary"
          type="submit"
          icon={LockOpen}
          isDisabled={act.isBusy || (hasPassphrase && passphrase === '')}
        >
          {act.isBusy ? 'Unlocking…' : 'Unlock'}
        </Button>
      </form>
      {act.failure !== undefined && (
        <div className={styles.failure}>
          <FailureNotice
            failure={act.failure}
            notDone="The keys stay locked; nothing of the store was changed."
            next="Try again. If the store is damaged, it can be set aside and a new one started."
          >
            <Button kind="quiet" onClick={() => setSettingAside(true)}>
              Set the store aside…
            </Button>
          </FailureNotice>
        </div>
      )}
      {isSettingAside && <SetAside onClose={() => setSettingAside(false)} />}
    </div>
  );
}

function SetAside(props: { onClose: () => void }) {
  const { client } = useBridge();
  const [passphrase, setPassphrase] = useState<string | null>(null);
  const act = useAct();
  const setAside = async () => {
    const done = await act.run(() => client.keys.setAside(passphrase === null ? {} : { passphrase }));
    if (done === undefined) return;
    toastDone('A new key store was started', `The old one is kept as ${done.fileName}`);
    props.onClose();
  };
  return (
    <ConfirmDialog
      title="Set the key store aside"
      act="Set aside"
      typed="set aside"
      isBusy={act.isBusy}
      failure={act.failure}
      notDone="The store was left as it is."
      onConfirm={() => void setAside()}
      onClose={props.onClose}
    >
      <p>
        The store that cannot be opened is kept under another name, and a new one with fresh keys takes its place. What
        was sealed to the old keys cannot be opened until the old store is.
      </p>
      <NewPassphrase label="Passphrase of the new store; leave it empty for none" onChange={setPassphrase} />
    </ConfirmDialog>
  );
}

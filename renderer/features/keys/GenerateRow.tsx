import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { KeyRole } from '../../../shared/model/key.ts';
import { useBridge } from '../../bridge/context.ts';
import { navigate } from '../../lib/hash-route.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { TextField } from '../../ui/Field.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { roles } from './describe.ts';
import styles from './GenerateRow.module.css';

const OPTIONS = [
  {
    label: '',
    options: (['seal', 'sign', 'log'] as const).map((role) => ({ value: role, label: `${roles[role].word} key` })),
  },
];

/** One field and Enter make a key. */
export function GenerateRow() {
  const { client } = useBridge();
  const [role, setRole] = useState<KeyRole>('seal');
  const [label, setLabel] = useState('');
  const act = useAct();
  const name = label.trim();
  const generate = async () => {
    if (name === '' || act.isBusy) return;
    const made = await act.run(() => client.keys.generate({ role, label: name }));
    if (made === undefined) return;
    setLabel('');
    navigate(`/keys/${made.keyId}`);
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void generate();
      }}
    >
      <div className={styles.fields}>
        <TextField
          label="Label of the new key"
          isLabelHidden
          placeholder="Label of a new key"
          value={label}
          onChange={(value) => setLabel(value.slice(0, 64))}
        />
        <Choice
          label="What the new key is for"
          isLabelHidden
          value={role}
          groups={OPTIONS}
          onChange={(value) => setRole(value as KeyRole)}
        />
        <Button
          type="submit"
          kind="primary"
          icon={Plus}
          isDisabled={name === '' || act.isBusy}
          reason="Give it a label first"
        >
          Generate
        </Button>
      </div>
      <p className={styles.note}>{roles[role].note}</p>
      {act.failure !== undefined && <FailureNotice failure={act.failure} notDone="No key was made." />}
    </form>
  );
}

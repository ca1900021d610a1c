import { Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { fromBase64 } from '../../../shared/base64.ts';
import type { Contact } from '../../../shared/model/key.ts';
import { useBridge } from '../../bridge/context.ts';
import { formatMoment } from '../../lib/format.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Facts, Section } from '../../ui/Facts.tsx';
import { TextField } from '../../ui/Field.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { Row, Stack } from '../../ui/Stack.tsx';
import { toastUndo } from '../../ui/Toasts.tsx';
import { ComparedChip } from './ContactsPane.tsx';
import styles from './detail.module.css';
import { EditableTitle } from './EditableTitle.tsx';
import { FingerprintBlock } from './FingerprintBlock.tsx';

/** One contact: the fingerprint, its comparison with what the owner says, and forgetting it. */
export function ContactDetail(props: { contact: Contact }) {
  const { contact } = props;
  const { keyId, name } = contact;
  const { client } = useBridge();
  const [, go] = useLocation();
  const { run, failure } = useAct();
  const putBack = async () => {
    const { role, fingerprint } = contact;
    const added = await client.contacts.add({ material: fromBase64(contact.publicKey), name, role });
    if (added.ok && contact.isVerified) await client.contacts.verify({ keyId, fingerprint });
  };
  const remove = async () => {
    const done = await run(() => client.contacts.remove({ keyId }));
    if (done === undefined) return;
    toastUndo(`${name} was removed`, () => void putBack());
    go('/keys?tab=contacts');
  };
  return (
    <article className={styles.detail} aria-label={`Contact ${name}`}>
      <header className={styles.head}>
        <EditableTitle
          text={name}
          act="Rename the contact"
          rename={(next) => client.contacts.rename({ keyId, name: next })}
        />
        <ComparedChip isVerified={contact.isVerified} />
        <Button kind="quiet" icon={Trash2} label="Remove the contact" onClick={() => void remove()} />
        <Button kind="quiet" icon={X} label="Close" onClick={() => go('/keys?tab=contacts')} />
      </header>
      <p className={styles.lead}>
        {contact.role === 'seal'
          ? 'You can seal files and outputs to this key.'
          : 'Receipts that this key signed have a known signer.'}
      </p>
      {failure !== undefined && <FailureNotice failure={failure} notDone="The contact was not removed." />}
      <FingerprintBlock keyId={keyId} fingerprint={contact.fingerprint} />
      <Comparison contact={contact} />
      <Section title="Life">
        <Facts rows={[['Added', formatMoment(contact.addedAt)]]} />
      </Section>
    </article>
  );
}

/** Holds the fingerprint against the one the owner told by another way. */
function Comparison(props: { contact: Contact }) {
  const { keyId, isVerified } = props.contact;
  const { client } = useBridge();
  const [told, setTold] = useState('');
  const [isSame, setSame] = useState<boolean>();
  const { run, failure, isBusy } = useAct();
  const compare = async () => {
    if (told.trim() === '' || isBusy) return;
    const done = await run(() => client.contacts.verify({ keyId, fingerprint: told.trim() }));
    if (done !== undefined) setSame(done.isSame);
  };
  return (
    <Section title="Comparison">
      <Stack>
        <p>
          {isVerified
            ? 'The fingerprint was compared with what the owner says. It can be compared again.'
            : 'Ask the owner for the fingerprint by another way than the key came, and hold it against this one.'}
        </p>
        <TextField
          label="Fingerprint the owner told you"
          isMono
          placeholder="SHA256:…"
          value={told}
          onChange={(value) => {
            setTold(value);
            setSame(undefined);
          }}
          onEnter={() => void compare()}
        />
        <Row>
          <Button isDisabled={told.trim() === '' || isBusy} onClick={() => void compare()}>
            Compare
          </Button>
          <span role="status">
            {isSame === true && <Chip tone="ok">The same: this key is theirs</Chip>}
            {isSame === false && <Chip tone="trap">Different: do not use this key</Chip>}
          </span>
        </Row>
        {failure !== undefined && <FailureNotice failure={failure} notDone="Nothing was compared." />}
      </Stack>
    </Section>
  );
}

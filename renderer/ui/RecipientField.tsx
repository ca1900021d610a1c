import { X } from 'lucide-react';
import type { Contact, KeyRecord } from '../../shared/model/key.ts';
import type { KeyId } from '../../shared/model/scalars.ts';
import { Button } from './Button.tsx';
import { Choice } from './Choice.tsx';
import { Fingerprint } from './Fingerprint.tsx';
import { Notice } from './Notice.tsx';
import styles from './RecipientField.module.css';

/** A sealed file has room for so many. */
const MOST = 32;

type Recipient = { keyId: KeyId; name: string; note: string; isOwn: boolean; isVerified: boolean };

/** Whom something can be sealed to: own active sealing keys, and contacts to seal to. */
export function recipientsOf(keys: readonly KeyRecord[], contacts: readonly Contact[]): Recipient[] {
  return [
    ...keys
      .filter((key) => key.role === 'seal' && key.state === 'active')
      .map((key) => ({ keyId: key.keyId, name: key.label, note: 'own key', isOwn: true, isVerified: true })),
    ...contacts
      .filter((contact) => contact.role === 'seal')
      .map(({ keyId, name, isVerified }) => ({
        keyId,
        name,
        note: isVerified ? 'contact' : 'contact, not compared',
        isOwn: false,
        isVerified,
      })),
  ];
}

/** Recipients as chips, and a list to add from. */
export function RecipientField(props: {
  keys: readonly KeyRecord[];
  contacts: readonly Contact[];
  chosen: readonly KeyId[];
  onChange: (chosen: readonly KeyId[]) => void;
}) {
  const all = recipientsOf(props.keys, props.contacts);
  const chosen = props.chosen.flatMap((keyId) => all.find((one) => one.keyId === keyId) ?? []);
  const left = all.filter((one) => !props.chosen.includes(one.keyId));
  const options = (isOwn: boolean) =>
    left.filter((one) => one.isOwn === isOwn).map(({ keyId, name, note }) => ({ value: keyId, label: name, note }));
  const hasOwn = chosen.some((one) => one.isOwn);
  return (
    <>
      <ul className={styles.chips} aria-label="Recipients">
        {chosen.map((one) => (
          <li key={one.keyId} className={styles.person} title={one.keyId}>
            <Fingerprint hash={one.keyId} height={12} />
            <bdi>{one.name}</bdi>
            <small>{one.note}</small>
            <Button
              kind="quiet"
              icon={X}
              label={`Leave out ${one.name}`}
              onClick={() => props.onChange(props.chosen.filter((keyId) => keyId !== one.keyId))}
            />
          </li>
        ))}
        {chosen.length === 0 && <li className={styles.hint}>Nobody yet</li>}
      </ul>
      {left.length > 0 && chosen.length < MOST && (
        <Choice
          label="Add a recipient"
          value=""
          placeholder="Own keys and contacts…"
          groups={[
            { label: 'Own keys', options: options(true) },
            { label: 'Contacts', options: options(false) },
          ]}
          onChange={(keyId) => props.onChange([...props.chosen, keyId as KeyId])}
        />
      )}
      {chosen.some((one) => !one.isVerified) && (
        <Notice tone="warning">A fingerprint was not compared: this may be somebody else’s key.</Notice>
      )}
      {chosen.length > 0 && !hasOwn && (
        <p className={styles.hint}>No own key is among them: you will not be able to open it yourself.</p>
      )}
    </>
  );
}

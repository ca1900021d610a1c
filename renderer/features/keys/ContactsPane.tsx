import { UserPlus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import type { Contact } from '../../../shared/model/key.ts';
import type { KeyId } from '../../../shared/model/scalars.ts';
import { formatDate } from '../../lib/format.ts';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Fingerprint } from '../../ui/Fingerprint.tsx';
import { type Column, Grid } from '../../ui/Grid.tsx';
import { Split } from '../../ui/Split.tsx';
import { AddContactDialog } from './AddContactDialog.tsx';
import { ContactDetail } from './ContactDetail.tsx';
import styles from './panes.module.css';

const COLUMNS: readonly Column[] = [
  { id: 'name', label: 'Contact', name: 'Contact', width: 'minmax(10rem, 2fr)' },
  { id: 'role', label: 'Their key', name: 'Their key', width: '5.5rem' },
  { id: 'state', label: 'Fingerprint', name: 'Fingerprint', width: '9rem' },
  { id: 'added', label: 'Added', name: 'Added', width: '6.5rem', align: 'end' },
];

/** Other people's public keys. */
export function ContactsPane(props: { contacts: readonly Contact[]; selected: KeyId | null; isLocked: boolean }) {
  const [isAdding, setAdding] = useState(false);
  const [, go] = useLocation();
  const rows = useMemo(
    () => [...props.contacts].sort((a, b) => a.name.localeCompare(b.name) || a.addedAt - b.addedAt),
    [props.contacts],
  );
  const index = rows.findIndex((contact) => contact.keyId === props.selected);
  const selected = rows[index];
  const list = (
    <div className={styles.pane}>
      <div className={styles.bar}>
        <span className={styles.dim}>
          Seal to them, and know who signed. Compare a fingerprint before relying on it.
        </span>
        <Button icon={UserPlus} kind="primary" onClick={() => setAdding(true)}>
          Add…
        </Button>
      </div>
      <div className={styles.list}>
        <Grid
          label="Contacts"
          columns={selected === undefined ? COLUMNS : COLUMNS.slice(0, 3)}
          rowCount={rows.length}
          activeRow={index === -1 ? null : index}
          rowKey={(row) => rows[row]?.keyId ?? row}
          renderRow={(row) => {
            const contact = rows[row];
            return contact === undefined ? null : renderCells(contact);
          }}
          onActivate={(row) => {
            const contact = rows[row];
            if (contact !== undefined) go(`/keys/${contact.keyId}?tab=contacts`, { replace: selected !== undefined });
          }}
          empty={<Empty title="No contacts yet">Add the public key that somebody gave you.</Empty>}
        />
      </div>
    </div>
  );
  return (
    <>
      {selected === undefined ? (
        list
      ) : (
        <Split
          label="Width of the list"
          startSize="46%"
          startMin="20rem"
          endMin="24rem"
          start={list}
          end={<ContactDetail key={selected.keyId} contact={selected} />}
        />
      )}
      {isAdding && !props.isLocked && <AddContactDialog onClose={() => setAdding(false)} />}
    </>
  );
}

function renderCells(contact: Contact) {
  return [
    <span key="name" className={styles.name} title={contact.name}>
      <span className={styles.bars}>
        <Fingerprint hash={contact.keyId} />
      </span>
      <bdi>{contact.name}</bdi>
    </span>,
    <span key="role">{contact.role === 'seal' ? 'Seals' : 'Signs'}</span>,
    <ComparedChip key="state" isVerified={contact.isVerified} />,
    <span key="added" className={styles.dim}>
      {formatDate(contact.addedAt)}
    </span>,
  ];
}

/** Whether the fingerprint was held against what the owner says. */
export function ComparedChip(props: { isVerified: boolean }) {
  return props.isVerified ? <Chip tone="ok">Compared</Chip> : <Chip tone="unchecked">Not compared</Chip>;
}

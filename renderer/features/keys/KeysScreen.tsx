import { useQuery } from '@tanstack/react-query';
import { Lock } from 'lucide-react';
import type { KeyId } from '../../../shared/model/scalars.ts';
import { useBridge } from '../../bridge/context.ts';
import { queries } from '../../bridge/queries.ts';
import { asFailure } from '../../lib/failure.ts';
import { formatCount } from '../../lib/format.ts';
import { useHashParam } from '../../lib/hash-route.ts';
import { Button } from '../../ui/Button.tsx';
import { Empty, Loading } from '../../ui/Empty.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { ContactsPane } from './ContactsPane.tsx';
import styles from './KeysScreen.module.css';
import { OwnKeysPane } from './OwnKeysPane.tsx';
import { ProtectionStrip } from './ProtectionStrip.tsx';
import { SealingPane } from './SealingPane.tsx';
import { Unlock } from './Unlock.tsx';
import { useLock } from './use-key-commands.ts';

const TABS = ['own', 'contacts', 'sealing'] as const;
type TabId = (typeof TABS)[number];

/** Own keys, other people's, and what they are for. While locked, drafts stay mounted beneath the cover. */
export function KeysScreen(props: { selected: KeyId | null }) {
  const { client } = useBridge();
  const { data: status } = useQuery(queries.status(client));
  const lock = useLock();
  if (status === undefined) return <Loading what="the key store" />;
  const { state, protection } = status.vault;
  if (state === 'absent') return <Empty title="There is no key store">This host runs without keys.</Empty>;
  const isLocked = state === 'locked';
  return (
    <div className={styles.screen}>
      <header className={styles.head}>
        <h1>Keys</h1>
        <ProtectionStrip protection={protection} isLocked={isLocked} />
        {!isLocked && (
          <Button icon={Lock} shortcut="Mod+L" label="Forget all private keys until unlocked" onClick={lock}>
            Lock
          </Button>
        )}
      </header>
      {isLocked && <Unlock protection={protection} />}
      <div className={styles.body} hidden={isLocked}>
        <Panes selected={props.selected} isLocked={isLocked} />
      </div>
    </div>
  );
}

function Panes(props: { selected: KeyId | null; isLocked: boolean }) {
  const { client } = useBridge();
  const keys = useQuery({ ...queries.keys(client), enabled: !props.isLocked });
  const contacts = useQuery({ ...queries.contacts(client), enabled: !props.isLocked });
  const [tab, setTab] = useHashParam('tab');
  const error = keys.error ?? contacts.error;
  if (error !== null && !props.isLocked && asFailure(error).code !== 'vault.locked') {
    return (
      <div className={styles.failed}>
        <FailureNotice failure={asFailure(error)} notDone="The keys could not be listed." />
      </div>
    );
  }
  if (keys.data === undefined || contacts.data === undefined) return <Loading what="keys" />;
  const list = contacts.data;
  const isContact = list.some((contact) => contact.keyId === props.selected);
  const current = TABS.find((id) => id === tab) ?? (isContact ? 'contacts' : 'own');
  const { keys: own } = keys.data;
  return (
    <Tabs<TabId>
      label="Keys"
      value={current}
      onChange={setTab}
      className={styles.tabs}
      tabs={[
        {
          id: 'own',
          label: 'Own keys',
          count: formatCount(own.length),
          panel: () => <OwnKeysPane keys={own} selected={props.selected} isLocked={props.isLocked} />,
        },
        {
          id: 'contacts',
          label: 'Contacts',
          count: formatCount(list.length),
          panel: () => <ContactsPane contacts={list} selected={props.selected} isLocked={props.isLocked} />,
        },
        { id: 'sealing', label: 'Seal and open', panel: () => <SealingPane keys={own} contacts={list} /> },
      ]}
    />
  );
}

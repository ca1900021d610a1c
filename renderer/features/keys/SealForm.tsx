import { FileLock2, LockKeyhole, X } from 'lucide-react';
import { useState } from 'react';
import type { Contact, KeyRecord } from '../../../shared/model/key.ts';
import type { KeyId } from '../../../shared/model/scalars.ts';
import { formatBytes, plural } from '../../lib/format.ts';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { DropArea } from '../../ui/DropArea.tsx';
import { NewPassphrase } from '../../ui/NewPassphrase.tsx';
import { RecipientField } from '../../ui/RecipientField.tsx';
import styles from './SealingPane.module.css';
import { useSealing } from './use-sealing.ts';

type Suite = 'aes-256-gcm' | 'chacha20-poly1305';

const SUITES = [
  {
    label: '',
    options: [
      { value: 'aes-256-gcm', label: 'AES-256-GCM' },
      { value: 'chacha20-poly1305', label: 'ChaCha20-Poly1305' },
    ],
  },
];
const WAYS = [
  {
    label: '',
    options: [
      { value: 'recipients', label: 'Keys: own and contacts' },
      { value: 'passphrase', label: 'A passphrase' },
    ],
  },
];

/** Files to seal, and to whom. */
export function SealForm(props: { keys: readonly KeyRecord[]; contacts: readonly Contact[] }) {
  const [files, setFiles] = useState<readonly File[]>([]);
  const [way, setWay] = useState<'recipients' | 'passphrase'>('recipients');
  const [recipients, setRecipients] = useState<readonly KeyId[]>([]);
  const [passphrase, setPassphrase] = useState<string | null>(null);
  const [suite, setSuite] = useState<Suite>('aes-256-gcm');
  const [isAnonymous, setAnonymous] = useState(false);
  const { seal } = useSealing();
  const hasTo = way === 'recipients' ? recipients.length > 0 : passphrase !== null;
  const start = () => {
    const to = way === 'recipients' ? { recipients, isAnonymous } : { recipients: [], passphrase: passphrase ?? '' };
    for (const file of files) void seal(file, { ...to, suite });
    setFiles([]);
  };
  const reason = files.length === 0 ? 'Drop or choose a file first' : 'Say to whom first';
  return (
    <section className={styles.card} aria-label="Seal">
      <DropArea
        icon={FileLock2}
        title="Drop files to seal"
        isMany
        onFiles={(added) => setFiles((list) => [...list, ...added])}
      >
        <p>Each becomes NAME.sealed; the originals stay as they are.</p>
      </DropArea>
      {files.length > 0 && (
        <ul className={styles.files} aria-label="Files to seal">
          {files.map((file, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same file may be in the list twice
            <li key={index}>
              <bdi title={file.name}>{file.name}</bdi>
              <code>{formatBytes(file.size)}</code>
              <Button
                kind="quiet"
                icon={X}
                label={`Leave out ${file.name}`}
                onClick={() => setFiles((list) => list.filter((_, at) => at !== index))}
              />
            </li>
          ))}
        </ul>
      )}
      <Choice
        label="Who can open them"
        value={way}
        groups={WAYS}
        onChange={(value) => setWay(value as 'recipients' | 'passphrase')}
      />
      {way === 'recipients' ? (
        <>
          <RecipientField {...props} chosen={recipients} onChange={setRecipients} />
          <Check label="Do not say in the file whose it is" isChecked={isAnonymous} onChange={setAnonymous} />
        </>
      ) : (
        <NewPassphrase label="Passphrase of the files" onChange={setPassphrase} />
      )}
      <Choice label="Cipher" value={suite} groups={SUITES} onChange={(value) => setSuite(value as Suite)} />
      <div>
        <Button
          kind="primary"
          icon={LockKeyhole}
          isDisabled={files.length === 0 || !hasTo}
          reason={reason}
          onClick={start}
        >
          {files.length > 1 ? `Seal ${plural(files.length, 'file')}` : 'Seal'}
        </Button>
      </div>
    </section>
  );
}

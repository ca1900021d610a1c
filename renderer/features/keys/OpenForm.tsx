import { Boxes, FileKey2, LockOpen } from 'lucide-react';
import { useState } from 'react';
import type { OutputOf } from '../../../shared/contract/call.ts';
import type { Contract } from '../../../shared/contract/index.ts';
import type { Contact, KeyRecord } from '../../../shared/model/key.ts';
import type { Result } from '../../../shared/result.ts';
import { useBridge } from '../../bridge/context.ts';
import { navigate } from '../../lib/hash-route.ts';
import { useAct } from '../../lib/use-act.ts';
import { Button } from '../../ui/Button.tsx';
import { DropArea } from '../../ui/DropArea.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { TextField } from '../../ui/Field.tsx';
import { FailureNotice, Notice } from '../../ui/Notice.tsx';
import { Row } from '../../ui/Stack.tsx';
import { RestoreDialog } from './RestoreDialog.tsx';
import styles from './SealingPane.module.css';
import { useSealing } from './use-sealing.ts';

type Header = OutputOf<Contract['sealing']['inspect']>;
type Sealed = { readonly file: File; readonly header: Header };

/** Fixed part, and the longest header there may be. */
const HEADER_BYTES = 16 + 65_536;

/** A sealed file: what its header tells anyone, and where its contents can go. */
export function OpenForm(props: { keys: readonly KeyRecord[]; contacts: readonly Contact[] }) {
  const { client } = useBridge();
  const [sealed, setSealed] = useState<Sealed | null>(null);
  const act = useAct();
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    setSealed(null);
    const header = new Uint8Array(await file.slice(0, HEADER_BYTES).arrayBuffer());
    const found = await act.run(() => client.sealing.inspect({ header }));
    if (found !== undefined) setSealed({ file, header: found });
  };
  return (
    <section className={styles.card} aria-label="Open">
      <DropArea icon={FileKey2} title="Drop a sealed file to open" onFiles={([file]) => void take(file)}>
        <p>Only its header is read at first.</p>
      </DropArea>
      {act.failure !== undefined && (
        <FailureNotice
          failure={act.failure}
          notDone="Nothing was opened."
          next="Expected a file that Glovebox sealed, whole and unchanged."
        />
      )}
      {sealed !== null && (
        <SealedCard key={`${sealed.file.name} ${sealed.file.lastModified}`} sealed={sealed} {...props} />
      )}
    </section>
  );
}

const KINDS = { module: 'a module', input: 'an input', output: 'an output', backup: 'a backup of keys' };

function SealedCard(props: { sealed: Sealed; keys: readonly KeyRecord[]; contacts: readonly Contact[] }) {
  const { file, header } = props.sealed;
  const { client, pathOf } = useBridge();
  const [passphrase, setPassphrase] = useState('');
  const [isRestoring, setRestoring] = useState(false);
  const { openPath } = useSealing();
  const act = useAct();
  const path = pathOf(file);
  const isMine = header.hasPassphrase || header.recipients.some((one) => one.isOwn || one.isAnonymous);
  const given = header.hasPassphrase ? passphrase : undefined;
  const lacksPassphrase = header.hasPassphrase && passphrase === '';
  const load = async () => {
    const loaded = await act.run(() => loadSealed(client, file, given));
    if (loaded !== undefined) navigate(`/modules/${loaded.record.sha256}`);
  };
  return (
    <>
      <Facts
        rows={[
          ['File', <bdi key="name">{file.name}</bdi>],
          ['Holds', KINDS[header.kind]],
          ['Cipher', header.suite === 'aes-256-gcm' ? 'AES-256-GCM' : 'ChaCha20-Poly1305'],
          ['Opens with', header.hasPassphrase ? 'a passphrase' : <Recipients key="to" {...props} header={header} />],
        ]}
      />
      {header.hasPassphrase && header.kind !== 'backup' && (
        <TextField label="Its passphrase" type="password" value={passphrase} onChange={setPassphrase} />
      )}
      {!isMine && <Notice tone="warning">It is sealed to none of your keys, so it cannot be opened here.</Notice>}
      {isMine && (
        <Row>
          {header.kind === 'module' && (
            <Button
              kind="primary"
              icon={Boxes}
              isDisabled={lacksPassphrase || act.isBusy}
              reason="Give its passphrase"
              onClick={() => void load()}
            >
              {act.isBusy ? 'Opening…' : 'Open in memory and inspect'}
            </Button>
          )}
          {header.kind === 'backup' && (
            <Button kind="primary" onClick={() => setRestoring(true)}>
              Restore keys…
            </Button>
          )}
          {header.kind !== 'backup' && path !== null && (
            <Button
              icon={LockOpen}
              isDisabled={lacksPassphrase}
              reason="Give its passphrase"
              onClick={() => void openPath(file, path, given)}
            >
              Open to a file…
            </Button>
          )}
        </Row>
      )}
      {isMine && header.kind === 'module' && (
        <p className={styles.hint}>Its plaintext is kept in memory only, and never touches the disk.</p>
      )}
      {isMine && path === null && (header.kind === 'input' || header.kind === 'output') && (
        <Notice>
          Opened contents never come into a page of a browser. In a terminal: <code>glovebox open {file.name}</code>
        </Notice>
      )}
      {act.failure !== undefined && <FailureNotice failure={act.failure} notDone="Nothing was opened." />}
      {isRestoring && <RestoreDialog file={file} onClose={() => setRestoring(false)} />}
    </>
  );
}

type Loaded = OutputOf<Contract['sealing']['loadModule']>;

async function loadSealed(
  client: ReturnType<typeof useBridge>['client'],
  file: File,
  passphrase: string | undefined,
): Promise<Result<Loaded>> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return client.sealing.loadModule({ bytes, ...(passphrase === undefined ? {} : { passphrase }) });
}

function Recipients(props: { header: Header; keys: readonly KeyRecord[]; contacts: readonly Contact[] }) {
  const nameOf = (keyId: string | null) =>
    props.keys.find((key) => key.keyId === keyId)?.label ??
    props.contacts.find((contact) => contact.keyId === keyId)?.name;
  return (
    <>
      {props.header.recipients.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two recipients may look the same
        <span key={index}>
          {index > 0 && ', '}
          <bdi>{nameOf(one.keyId) ?? (one.isAnonymous ? 'somebody it does not name' : 'a key not known here')}</bdi>
          {one.isOwn && ' (yours)'}
        </span>
      ))}
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Copy, Save } from 'lucide-react';
import { useState } from 'react';
import type { KeyRecord } from '../../../shared/model/key.ts';
import { useBridge } from '../../bridge/context.ts';
import { queries } from '../../bridge/queries.ts';
import { copyText } from '../../lib/clipboard.ts';
import { saveFile } from '../../lib/save-file.ts';
import { Button } from '../../ui/Button.tsx';
import { Section } from '../../ui/Facts.tsx';
import { toastDone } from '../../ui/Toasts.tsx';
import styles from './detail.module.css';

const FORMATS = [
  ['pem', 'PEM'],
  ['jwk', 'JWK'],
  ['raw', 'Raw'],
] as const;

/** The public half in the form others want it. */
export function PublicKeyBlock(props: { record: KeyRecord }) {
  const { client } = useBridge();
  const [format, setFormat] = useState<'pem' | 'jwk' | 'raw'>('pem');
  const { data } = useQuery(queries.publicKey(client, props.record.keyId, format));
  const copy = async () => {
    if (data !== undefined && (await copyText(data.text))) toastDone('Public key copied');
  };
  return (
    <Section title="Public key">
      <div className={styles.public}>
        <fieldset className={styles.formats} aria-label="Format of the public key">
          {FORMATS.map(([id, word]) => (
            <Button key={id} isPressed={format === id} onClick={() => setFormat(id)}>
              {word}
            </Button>
          ))}
        </fieldset>
        <Button icon={Copy} isDisabled={data === undefined} onClick={() => void copy()}>
          Copy
        </Button>
        <Button
          icon={Save}
          isDisabled={data === undefined}
          onClick={() => data !== undefined && saveFile(new Blob([data.text]), data.fileName)}
        >
          Save
        </Button>
      </div>
      <pre className={styles.text}>{data?.text ?? ' '}</pre>
      <p className={styles.hint}>Not secret: others need it to seal to you or to check what you signed.</p>
    </Section>
  );
}

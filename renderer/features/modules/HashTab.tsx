import { CircleCheck, CircleX, ClipboardPaste } from 'lucide-react';
import { useState } from 'react';
import type { ModuleRecord } from '../../../shared/model/module-report.ts';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Hash } from '../../ui/Hash.tsx';
import { compareHash } from './compare-hash.ts';
import styles from './tab.module.css';

/** The module's digest, and a place to hold another against it. */
export function HashTab(props: { record: ModuleRecord }) {
  const { sha256 } = props.record;
  const [other, setOther] = useState('');
  const verdict = compareHash(sha256, other);
  const paste = () => void navigator.clipboard.readText().then(setOther, () => {});
  return (
    <div className={styles.pad}>
      <section>
        <h2 className={styles.caps}>SHA-256 of the file</h2>
        <Hash hash={sha256} isWhole isCopyable />
      </section>
      <TextField
        label="Compare with"
        isMono
        value={other}
        onChange={setOther}
        placeholder="a SHA-256 in hex or base64, from the publisher or sha256sum"
        error={verdict === 'not-a-hash' ? 'expected 64 hex digits or 44 characters of base64' : undefined}
      />
      <div style={{ display: 'flex', gap: '0.75rem', alignItems: 'center' }}>
        <Button icon={ClipboardPaste} onClick={paste}>
          Compare with the clipboard
        </Button>
        <span role="status">
          {verdict === 'same' && (
            <Chip tone="ok" icon={CircleCheck}>
              The same, all 64 digits
            </Chip>
          )}
          {verdict === 'different' && (
            <Chip tone="trap" icon={CircleX}>
              Different: this is not that module
            </Chip>
          )}
        </span>
      </div>
    </div>
  );
}

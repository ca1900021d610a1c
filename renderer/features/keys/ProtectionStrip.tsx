import { FileWarning, KeyRound, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { KeyProtection } from '../../../shared/model/key.ts';
import { protections } from '../../lib/protection.ts';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { ProtectDialog } from './ProtectDialog.tsx';
import styles from './ProtectionStrip.module.css';

const ICONS = { keychain: ShieldCheck, passphrase: KeyRound, file: FileWarning };

/** How the keys are protected at rest, plainly, and the way to change it. */
export function ProtectionStrip(props: { protection: KeyProtection; isLocked: boolean }) {
  const [isChanging, setChanging] = useState(false);
  const { word, sentence, isWeak } = protections[props.protection];
  return (
    <div className={styles.strip}>
      <Chip tone={isWeak ? 'timeout' : 'ok'} icon={ICONS[props.protection]}>
        {word}
      </Chip>
      <span className={styles.sentence}>{sentence}</span>
      {!props.isLocked && (
        <Button kind={isWeak ? 'plain' : 'quiet'} onClick={() => setChanging(true)}>
          {isWeak ? 'Set a passphrase…' : 'Change…'}
        </Button>
      )}
      {isChanging && !props.isLocked && (
        <ProtectDialog protection={props.protection} onClose={() => setChanging(false)} />
      )}
    </div>
  );
}

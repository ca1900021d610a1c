import { Section } from '../../ui/Facts.tsx';
import { Fingerprint } from '../../ui/Fingerprint.tsx';
import { CopyButton } from '../../ui/Hash.tsx';
import styles from './detail.module.css';

/** The whole fingerprint, to be read out or compared; the bars only help the eye. */
export function FingerprintBlock(props: { keyId: string; fingerprint: string }) {
  return (
    <Section title="Fingerprint">
      <div className={styles.print}>
        <Fingerprint hash={props.keyId} height={32} />
        <code>{props.fingerprint}</code>
        <CopyButton text={props.fingerprint} label="Copy fingerprint" />
      </div>
    </Section>
  );
}

import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { copyText } from '../lib/clipboard.ts';
import { shortHash } from '../lib/format.ts';
import { Button } from './Button.tsx';
import { Fingerprint } from './Fingerprint.tsx';
import styles from './Hash.module.css';

/** A hash with its bars: short in lists, whole where it is compared, with a copy button where asked. */
export function Hash(props: { hash: string; isWhole?: boolean; isCopyable?: boolean; label?: string }) {
  return (
    <span className={styles.hash} title={props.hash}>
      <Fingerprint hash={props.hash} />
      <code className={props.isWhole ? styles.whole : undefined}>
        {props.isWhole ? props.hash : shortHash(props.hash)}
      </code>
      {props.isCopyable && <CopyButton text={props.hash} label={`Copy ${props.label ?? 'SHA-256'}`} />}
    </span>
  );
}

/** Copies on click and says so for two seconds. */
export function CopyButton(props: { text: string; label: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    if (!(await copyText(props.text))) return;
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <Button
      kind="quiet"
      icon={isCopied ? Check : Copy}
      label={isCopied ? 'Copied' : props.label}
      className={styles.copy}
      onClick={() => void copy()}
    />
  );
}

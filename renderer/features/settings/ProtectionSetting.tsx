import { useQuery } from '@tanstack/react-query';
import { FileWarning, ShieldCheck } from 'lucide-react';
import { Link } from 'wouter';
import { useBridge } from '../../bridge/context.ts';
import { queries } from '../../bridge/queries.ts';
import { protections } from '../../lib/protection.ts';
import { Chip } from '../../ui/Chip.tsx';
import { Row } from './Row.tsx';
import styles from './SettingsScreen.module.css';

/** How the keys are protected, and the way to where it is changed. */
export function ProtectionSetting() {
  const { client } = useBridge();
  const { data: status } = useQuery(queries.status(client));
  if (status === undefined) return <Row id="protection">…</Row>;
  const { word, isWeak } = protections[status.vault.protection];
  return (
    <Row id="protection">
      <Chip tone={isWeak ? 'timeout' : 'ok'} icon={isWeak ? FileWarning : ShieldCheck}>
        {word}
      </Chip>
      <Link href="/keys" className={styles.link}>
        Change in Keys
      </Link>
    </Row>
  );
}

import { X } from 'lucide-react';
import { useLocation } from 'wouter';
import type { KeyRecord } from '../../../shared/model/key.ts';
import { formatCount, formatMoment } from '../../lib/format.ts';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Chip.tsx';
import { Facts, Section } from '../../ui/Facts.tsx';
import { origins, roles, states } from './describe.ts';
import styles from './detail.module.css';
import { FingerprintBlock } from './FingerprintBlock.tsx';
import { KeyActs } from './KeyActs.tsx';
import { KeyTitle } from './KeyTitle.tsx';
import { PublicKeyBlock } from './PublicKeyBlock.tsx';

/** One own key: how to recognise it, its public half, and what can be done with it. */
export function KeyDetail(props: { record: KeyRecord; isLocked: boolean }) {
  const { record } = props;
  const [, go] = useLocation();
  const { tone, word, note } = states[record.state];
  return (
    <article className={styles.detail} aria-label={`Key ${record.label}`}>
      <header className={styles.head}>
        <KeyTitle record={record} />
        <Chip tone={tone}>{word}</Chip>
        <Button kind="quiet" icon={X} label="Close" onClick={() => go('/keys')} />
      </header>
      <p className={styles.lead}>
        {roles[record.role].word} key. {note}
      </p>
      <FingerprintBlock keyId={record.keyId} fingerprint={record.fingerprint} />
      <Section title="Life">
        <Facts
          rows={[
            ['Made', `${formatMoment(record.createdAt)}, ${origins[record.origin]}`],
            [word, record.state === 'active' ? undefined : formatMoment(record.changedAt)],
            ['Expires', record.expiresAt === null ? 'never' : formatMoment(record.expiresAt)],
            [
              'Used',
              record.uses === 0
                ? 'never'
                : `${formatCount(record.uses)} times${record.lastUsedAt === null ? '' : `, last ${formatMoment(record.lastUsedAt)}`}`,
            ],
          ]}
        />
      </Section>
      <PublicKeyBlock record={record} />
      <Section title="What can be done with it">
        <KeyActs record={record} isLocked={props.isLocked} />
      </Section>
    </article>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useBridge } from '../../bridge/context.ts';
import { queries } from '../../bridge/queries.ts';
import { RecipientField, recipientsOf } from '../../ui/RecipientField.tsx';
import styles from './RunForm.module.css';
import type { FormPartProps } from './RunForm.tsx';

/** Whom the result is sealed to; without anyone it is shown here. */
export function SealFields({ draft, onChange }: FormPartProps) {
  const { client } = useBridge();
  const keys = useQuery(queries.keys(client)).data?.keys ?? [];
  const contacts = useQuery(queries.contacts(client)).data ?? [];
  if (recipientsOf(keys, contacts).length === 0) return null;
  return (
    <section className={styles.section} aria-label="Recipients of the result">
      <h2>Seal the result to</h2>
      <p className={styles.hint}>With a recipient, output, values and files are sealed and not shown here.</p>
      <RecipientField
        keys={keys}
        contacts={contacts}
        chosen={draft.sealTo}
        onChange={(sealTo) => onChange({ sealTo })}
      />
    </section>
  );
}

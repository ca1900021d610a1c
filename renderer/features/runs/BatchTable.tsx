import { useState } from 'react';
import type { RunItem } from '../../../shared/model/run.ts';
import { formatBytes, formatCount } from '../../lib/format.ts';
import { describeOutcome } from '../../lib/outcome.ts';
import { Chip } from '../../ui/Chip.tsx';
import { Loading } from '../../ui/Empty.tsx';
import { Grid } from '../../ui/Grid.tsx';

const COLUMNS = [
  { id: 'index', label: '#', name: 'Number', width: '3rem', align: 'end' as const },
  { id: 'outcome', label: 'Outcome', name: 'Outcome', width: '8rem' },
  { id: 'results', label: 'Results', name: 'Results', width: 'minmax(8rem, 1fr)' },
  { id: 'memory', label: 'Peak memory', name: 'Peak memory', width: '6rem', align: 'end' as const },
  { id: 'fuel', label: 'Fuel', name: 'Fuel', width: '7rem', align: 'end' as const },
];

/** The instances of a batch, one row each. */
export function BatchTable(props: { items: readonly RunItem[] | undefined }) {
  const { items } = props;
  const [active, setActive] = useState<number | null>(null);
  if (items === undefined) return <Loading what="the results" />;
  return (
    <Grid
      label="Batch results"
      columns={COLUMNS}
      rowCount={items.length}
      activeRow={active}
      onActivate={setActive}
      rowKey={(row) => row}
      renderRow={(row) => {
        const item = items[row];
        if (item === undefined) return null;
        const { tone, word } = describeOutcome(item.outcome.kind, item.outcome.exitCode);
        return [
          <code key="index">{row}</code>,
          <Chip key="outcome" tone={tone}>
            {word}
          </Chip>,
          <code key="results">{item.results.map((result) => result.value).join(', ')}</code>,
          <code key="memory">
            {item.usage.memoryPeakBytes === null ? '' : formatBytes(item.usage.memoryPeakBytes)}
          </code>,
          <code key="fuel">{item.usage.fuelUsed === null ? '' : formatCount(item.usage.fuelUsed)}</code>,
        ];
      }}
    />
  );
}

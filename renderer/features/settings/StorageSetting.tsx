import { useQuery } from '@tanstack/react-query';
import { useBridge } from '../../bridge/context.ts';
import { queries } from '../../bridge/queries.ts';
import { asFailure } from '../../lib/failure.ts';
import { formatBytes, plural } from '../../lib/format.ts';
import { type FactRow, Facts } from '../../ui/Facts.tsx';
import { CopyButton } from '../../ui/Hash.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { Row } from './Row.tsx';

const WORDS = {
  modules: 'Modules',
  runs: 'Runs and outputs',
  receipts: 'Receipts',
  ledger: 'Audit log',
  vault: 'Keys',
  diagnostics: 'Diagnostics',
  other: 'Policies and others',
};

/** Where everything is kept, and how much room each part takes. */
export function StorageSetting() {
  const { client } = useBridge();
  const { data, error } = useQuery(queries.storage(client));
  if (error !== null) {
    const failure = <FailureNotice failure={asFailure(error)} notDone="The folder was not measured." />;
    return (
      <Row id="storage" below={failure}>
        {null}
      </Row>
    );
  }
  if (data === undefined) return <Row id="storage">Measuring…</Row>;
  const total = data.parts.reduce((sum, part) => sum + part.sizeBytes, 0);
  const rows = data.parts.map(
    ({ part, files, sizeBytes }): FactRow => [WORDS[part], `${formatBytes(sizeBytes)} in ${plural(files, 'file')}`],
  );
  return (
    <Row id="storage" below={<Facts rows={[['Folder', data.folder], ...rows, ['Together', formatBytes(total)]]} />}>
      <CopyButton text={data.folder} label="Copy path" />
    </Row>
  );
}

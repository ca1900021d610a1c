import { useQuery } from '@tanstack/react-query';
import { useBridge } from '../../bridge/context.ts';
import { queries } from '../../bridge/queries.ts';
import { formatMoment } from '../../lib/format.ts';
import { Facts } from '../../ui/Facts.tsx';
import { CopyButton } from '../../ui/Hash.tsx';
import { Row } from './Row.tsx';

/** Versions, as a report of a fault needs them. */
export function About() {
  const { client } = useBridge();
  const { data: info } = useQuery(queries.info(client));
  if (info === undefined) return <Row id="about">…</Row>;
  const host = info.host === 'electron' ? 'desktop application' : 'served window';
  const text = `Glovebox ${info.version}, ${info.engine}, ${host}, ${info.platform}`;
  return (
    <Row
      id="about"
      below={
        <Facts
          rows={[
            ['Version', info.version],
            ['Engine', info.engine],
            ['Runs as', host],
            ['Platform', info.platform],
            ['Started', formatMoment(info.startedAt)],
            ['Licence', 'Apache-2.0'],
          ]}
        />
      }
    >
      <CopyButton text={text} label="Copy versions" />
    </Row>
  );
}

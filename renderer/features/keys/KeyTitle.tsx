import type { KeyRecord } from '../../../shared/model/key.ts';
import { useBridge } from '../../bridge/context.ts';
import { EditableTitle } from './EditableTitle.tsx';

/** The label of an own key. */
export function KeyTitle(props: { record: KeyRecord }) {
  const { client } = useBridge();
  const { keyId, label } = props.record;
  return (
    <EditableTitle text={label} act="Rename the key" rename={(next) => client.keys.rename({ keyId, label: next })} />
  );
}

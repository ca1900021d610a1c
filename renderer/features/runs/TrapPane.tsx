import type { RunRecord, Trap } from '../../../shared/model/run.ts';
import styles from './TrapPane.module.css';

/** Where and why the guest trapped; an offset leads to the bytes there. */
export function TrapPane(props: { run: RunRecord; trap: Trap }) {
  const { run, trap } = props;
  return (
    <div className={styles.trap}>
      <p>
        <b>{trap.kind.replaceAll('-', ' ')}</b> <span>{trap.message}</span>
      </p>
      {trap.frames.length === 0 ? (
        <p className={styles.none}>The engine told no frames.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">#</th>
              <th scope="col">Function</th>
              <th scope="col">Offset in the module</th>
            </tr>
          </thead>
          <tbody>
            {trap.frames.map((frame, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a frame is its place on the stack
              <tr key={index}>
                <td>{index}</td>
                <td>
                  <code>
                    {frame.functionName ?? (frame.functionIndex === null ? 'unknown' : `func ${frame.functionIndex}`)}
                  </code>
                </td>
                <td>
                  {frame.offset === null ? (
                    'not known'
                  ) : (
                    <a href={`#/modules/${run.module}?tab=hex&at=${frame.offset}`}>
                      <code>0x{frame.offset.toString(16).padStart(6, '0')}</code>
                    </a>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

import { ByteWriter } from '../byte-writer.ts';

/**
 * A module that turns a host function into one that fits slot 0 of `glovebox.refuel`, since a table takes no function
 * of JavaScript: it imports "host" "refuel" (func (param i64) (result i64)) and exports it as "refuel".
 */
export function hookModule(): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(64);
  const section = (id: number, write: (content: ByteWriter) => void): void => {
    const content = new ByteWriter(32);
    write(content);
    out.byte(id);
    out.unsigned(content.length);
    out.append(content.view());
  };
  out.put(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
  section(1, (content) => content.put(1, 0x60, 1, 0x7e, 1, 0x7e));
  section(2, (content) => {
    content.byte(1);
    content.name('host');
    content.name('refuel');
    content.put(0, 0);
  });
  section(7, (content) => {
    content.byte(1);
    content.name('refuel');
    content.put(0, 0);
  });
  return out.view().slice() as Uint8Array<ArrayBuffer>;
}

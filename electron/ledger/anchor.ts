import * as z from 'zod/mini';
import { count } from '../../shared/model/scalars.ts';
import { nodeDisk, readFileIfThere } from '../disk/index.ts';

const anchor = z.strictObject({
  origin: z.string(),
  size: count,
  /** hex root of the first `size` entries */
  root: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
});

/**
 * The last head, kept outside the log's folder (settings folder, OS keychain): a folder cannot show by itself that it was
 * swapped for its own older copy.
 */
export type Anchor = z.infer<typeof anchor>;

/** Where the anchor is kept. `read` gives undefined when there is none yet. */
export type AnchorStore = {
  read(): Promise<Anchor | undefined>;
  write(value: Anchor): Promise<void>;
};

/** Keeps the anchor in a file, which must not be inside the log's folder. */
export function fileAnchor(path: string): AnchorStore {
  return {
    async read() {
      const bytes = await readFileIfThere(path);
      return bytes === undefined ? undefined : parseAnchor(bytes.toString('utf8'));
    },
    write: (value) => nodeDisk.writeFileAtomic(path, `${JSON.stringify(value)}\n`),
  };
}

/** Reads an anchor from its text; undefined when it is none. */
export function parseAnchor(text: string): Anchor | undefined {
  try {
    const parsed = anchor.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

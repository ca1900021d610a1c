/** A longer line is shown in pieces, so that one line cannot stall the window. */
const LINE_CHARS = 2000;

/** Output as far as it was fetched. Not UTF-8 text: shown as a hex dump instead. */
export type OutputText = {
  readonly loadedBytes: number;
  readonly totalBytes: number;
  readonly isBinary: boolean;
  readonly bytes: readonly Uint8Array[];
  readonly lines: readonly string[];
  /** whether the last line may still grow */
  readonly isOpen: boolean;
  /** bytes of a character that is not whole yet */
  readonly rest: Uint8Array;
};

export const emptyOutput: OutputText = {
  loadedBytes: 0,
  totalBytes: 0,
  isBinary: false,
  bytes: [],
  lines: [],
  isOpen: false,
  rest: new Uint8Array(),
};

/** The output with more bytes at its end. */
export function appendOutput(output: OutputText, more: Uint8Array): OutputText {
  const bytes = [...output.bytes, more];
  const loadedBytes = output.loadedBytes + more.length;
  const isBinary = output.isBinary || more.includes(0);
  if (isBinary) return { ...output, bytes, loadedBytes, isBinary, lines: hexLines(bytes), isOpen: false };
  const joined = new Uint8Array([...output.rest, ...more]);
  const whole = joined.length - incompleteTail(joined);
  const text = new TextDecoder().decode(joined.subarray(0, whole));
  const open = output.isOpen ? (output.lines.at(-1) ?? '') : '';
  const kept = output.isOpen ? output.lines.slice(0, -1) : output.lines;
  const added = (open + text).split(/\r?\n/);
  const isOpen = added.at(-1) !== '';
  if (!isOpen) added.pop();
  return {
    ...output,
    bytes,
    loadedBytes,
    lines: [...kept, ...added.flatMap(cutLine)],
    isOpen,
    rest: joined.slice(whole),
  };
}

/** Terminal colours and cursor moves say nothing here: they are taken out of what is shown. */
const ESCAPE = '\u001b';
const ESCAPES = new RegExp(`${ESCAPE}\\[[0-9;?]*[ -/]*[@-~]`, 'g');

function cutLine(line: string): string[] {
  const clean = line.includes(ESCAPE) ? line.replaceAll(ESCAPES, '') : line;
  if (clean.length <= LINE_CHARS) return [clean];
  return clean.match(new RegExp(`[^]{1,${LINE_CHARS}}`, 'g')) ?? [];
}

/** How many bytes at the end begin a UTF-8 character that is not whole. */
function incompleteTail(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? back : 0;
    }
  }
  return 0;
}

/** Sixteen bytes a line, as `xxd` writes them. */
export function hexLines(chunks: readonly Uint8Array[]): string[] {
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return Array.from({ length: Math.ceil(all.length / 16) }, (_, row) => {
    const part = all.subarray(row * 16, row * 16 + 16);
    const hex = Array.from(part, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = Array.from(part, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    return `${(row * 16).toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  ${text}`;
  });
}

/** Indices of the lines that hold a text, upper and lower case alike. */
export function findLines(lines: readonly string[], text: string): number[] {
  if (text === '') return [];
  const needle = text.toLowerCase();
  return lines.flatMap((line, index) => (line.toLowerCase().includes(needle) ? [index] : []));
}

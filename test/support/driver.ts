import { inspect } from '../../electron/wasm/index.ts';

/**
 * Adds a function to a module that calls its exports one after the other, so that a library can be run as a program is:
 * by one call. Nothing of the module is changed; a type, a function, a body and an export are appended, and an export of
 * the memory where there was none.
 */
export class Driver {
  readonly #module: Uint8Array;
  readonly #sections: readonly Section[];
  readonly #functionOf: Map<string, number>;
  readonly #resultsOf: Map<string, readonly string[]>;
  readonly #hasMemory: boolean;
  readonly #body: number[] = [];
  #locals = 0;

  constructor(module: Uint8Array) {
    this.#module = module;
    this.#sections = readSections(module);
    this.#functionOf = readExports(this.#sections.find(({ id }) => id === 7)?.bytes ?? new Uint8Array([0]));
    const { exports } = inspect(module);
    this.#hasMemory = exports.some(({ name }) => name === 'memory');
    this.#resultsOf = new Map(
      exports.flatMap(({ name, type }) => (type.kind === 'function' ? [[name, type.signature.results] as const] : [])),
    );
  }

  /** Calls an export; its i32 result is kept, any other dropped. */
  call(name: string, ...args: Value[]): Local {
    const index = this.#functionOf.get(name);
    if (index === undefined) throw new Error(`no function ${name} is exported`);
    for (const arg of args) this.#push(arg);
    this.#body.push(0x10, ...unsigned(index));
    const results = this.#resultsOf.get(name)!;
    const local = this.#newLocal();
    if (results[0] === 'i32' && results.length === 1) this.#body.push(0x21, ...unsigned(local.index));
    else for (const _ of results) this.#body.push(0x1a);
    return local;
  }

  /** Puts bytes where `allocate` gives room (`malloc` unless told), or at an address that is known to be free. */
  place(content: Uint8Array | string, at: number | ((length: number) => Local) = this.#malloc): Local {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const local = typeof at === 'number' ? this.constant(at) : at(bytes.length);
    const padded = new Uint8Array(Math.ceil(bytes.length / 8) * 8);
    padded.set(bytes);
    const view = new DataView(padded.buffer);
    for (let offset = 0; offset + 8 <= bytes.length; offset += 8) {
      this.#body.push(0x20, ...unsigned(local.index), 0x42, ...signed(view.getBigInt64(offset, true)));
      this.#body.push(0x37, 0, ...unsigned(offset));
    }
    for (let offset = bytes.length & ~7; offset < bytes.length; offset++) {
      this.#body.push(0x20, ...unsigned(local.index), 0x41, ...signed(BigInt(bytes[offset]!)));
      this.#body.push(0x3a, 0, ...unsigned(offset));
    }
    return local;
  }

  constant(value: number): Local {
    const local = this.#newLocal();
    this.#push(value);
    this.#body.push(0x21, ...unsigned(local.index));
    return local;
  }

  add(left: Value, right: Value): Local {
    const local = this.#newLocal();
    this.#push(left);
    this.#push(right);
    this.#body.push(0x6a, 0x21, ...unsigned(local.index));
    return local;
  }

  load(address: Local, offset = 0): Local {
    const local = this.#newLocal();
    this.#body.push(0x20, ...unsigned(address.index), 0x28, 0, ...unsigned(offset), 0x21, ...unsigned(local.index));
    return local;
  }

  store(address: Local, offset: number, value: Value): void {
    this.#push(address);
    this.#push(value);
    this.#body.push(0x36, 0, ...unsigned(offset));
  }

  /** The length of a NUL-terminated string. */
  measure(address: Local): Local {
    const length = this.constant(0);
    const at = [0x20, ...unsigned(address.index), 0x20, ...unsigned(length.index), 0x6a];
    const next = [0x20, ...unsigned(length.index), 0x41, 1, 0x6a, 0x21, ...unsigned(length.index)];
    // block loop (br_if 1 (eqz (load8_u at))) next (br 0) end end
    this.#body.push(0x02, 0x40, 0x03, 0x40, ...at, 0x2d, 0, 0, 0x45, 0x0d, 1, ...next, 0x0c, 0, 0x0b, 0x0b);
    return length;
  }

  /** The module with an export `_start` that does all this. */
  asCommand(): Uint8Array<ArrayBuffer> {
    return this.#build('_start', []);
  }

  /** The module with an export `run` that does all this and returns an address and a length. */
  returning(address: Value, length: Value): Uint8Array<ArrayBuffer> {
    this.#push(address);
    this.#push(length);
    return this.#build('run', [0x7f, 0x7f]);
  }

  readonly #malloc = (length: number): Local => this.call('malloc', length);

  #push(value: Value): void {
    if (typeof value === 'number') this.#body.push(0x41, ...signed(BigInt(value | 0)));
    else if (typeof value === 'bigint') this.#body.push(0x42, ...signed(value));
    else this.#body.push(0x20, ...unsigned(value.index));
  }

  #newLocal(): Local {
    return { index: this.#locals++ };
  }

  #build(name: string, results: number[]): Uint8Array<ArrayBuffer> {
    const typeIndex = countOf(this.#sections, 1);
    const functionIndex = importedFunctions(this.#sections) + countOf(this.#sections, 3);
    const code = [1, ...unsigned(this.#locals), 0x7f, ...this.#body, 0x0b];
    const exported = [exportEntry(name, 0, functionIndex)];
    if (!this.#hasMemory) exported.push(exportEntry('memory', 2, 0));
    const added = new Map<number, number[][]>([
      [1, [[0x60, 0, results.length, ...results]]],
      [3, [unsigned(typeIndex)]],
      [7, exported],
      [10, [[...unsigned(code.length), ...code]]],
    ]);
    const parts: Uint8Array[] = [this.#module.subarray(0, 8)];
    for (const section of this.#sections) {
      const addition = added.get(section.id);
      const bytes = addition ? appendEntries(section.bytes, addition) : section.bytes;
      parts.push(Uint8Array.of(section.id, ...unsigned(bytes.length)), bytes);
    }
    return new Uint8Array(Buffer.concat(parts));
  }
}

export type Local = { readonly index: number };
export type Value = number | bigint | Local;
type Section = { readonly id: number; readonly bytes: Uint8Array };

/** Reads forward through bytes. */
class Reader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  u32(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes[this.at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  take(length: number): Uint8Array {
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }
}

function readSections(module: Uint8Array): Section[] {
  const reader = new Reader(module, 8);
  const sections: Section[] = [];
  while (reader.at < module.length) {
    const [id] = reader.take(1);
    sections.push({ id: id!, bytes: reader.take(reader.u32()) });
  }
  return sections;
}

function readExports(section: Uint8Array): Map<string, number> {
  const reader = new Reader(section);
  const functions = new Map<string, number>();
  for (let count = reader.u32(); count > 0; count--) {
    const name = new TextDecoder().decode(reader.take(reader.u32()));
    const [kind] = reader.take(1);
    const index = reader.u32();
    if (kind === 0) functions.set(name, index);
  }
  return functions;
}

function importedFunctions(sections: readonly Section[]): number {
  const reader = new Reader(sections.find(({ id }) => id === 2)?.bytes ?? new Uint8Array([0]));
  const limits = () => {
    const [flags] = reader.take(1);
    reader.u32();
    if (flags! & 1) reader.u32();
  };
  let functions = 0;
  for (let count = reader.u32(); count > 0; count--) {
    reader.take(reader.u32());
    reader.take(reader.u32());
    const [kind] = reader.take(1);
    if (kind === 0) {
      functions++;
      reader.u32();
    } else if (kind === 1) {
      reader.take(1);
      limits();
    } else if (kind === 2) limits();
    else reader.take(2);
  }
  return functions;
}

function countOf(sections: readonly Section[], id: number): number {
  return new Reader(sections.find((section) => section.id === id)!.bytes).u32();
}

function appendEntries(section: Uint8Array, entries: readonly number[][]): Uint8Array {
  const reader = new Reader(section);
  const count = reader.u32() + entries.length;
  return Buffer.concat([
    Uint8Array.from(unsigned(count)),
    section.subarray(reader.at),
    Uint8Array.from(entries.flat()),
  ]);
}

function exportEntry(name: string, kind: number, index: number): number[] {
  return [...unsigned(name.length), ...new TextEncoder().encode(name), kind, ...unsigned(index)];
}

function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) + 0x80, ...unsigned(Math.floor(value / 0x80))];
}

function signed(value: bigint): number[] {
  const byte = Number(value & 0x7fn);
  const rest = value >> 7n;
  const isLast = (rest === 0n && byte < 0x40) || (rest === -1n && byte >= 0x40);
  return isLast ? [byte] : [byte | 0x80, ...signed(rest)];
}

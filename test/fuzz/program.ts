import { ByteWriter } from '../../electron/wasm/byte-writer.ts';
import type { Random } from './random.ts';

/**
 * A random valid module whose functions branch, loop, call each other directly, through a table and through an import,
 * throw and catch, and touch memory. It exports "run" (func (param i32 i32) (result i32)) and "memory", imports
 * "host" "log" (func (param i32) (result i32)), and need not terminate.
 */
export function randomProgram(random: Random): Uint8Array<ArrayBuffer> {
  return new Program(random).build();
}

const EMPTY = 0x40;
const I32 = 0x7f;
const LOG = 0;
const MAX_DEPTH = 5;

type Signature = { readonly params: number };

class Program {
  readonly #random: Random;
  readonly #functions: Signature[] = [];
  readonly #exceptions: 'none' | 'legacy' | 'new';
  /** results of the open labels, innermost last */
  #labels: (0 | 1)[] = [];
  #locals = 0;
  #out = new ByteWriter(256);
  #budget = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#exceptions = random.pick(['none', 'none', 'legacy', 'new']);
    const count = 2 + random.below(6);
    for (let i = 0; i < count; i++) this.#functions.push({ params: i === 0 ? 2 : random.below(4) });
  }

  build(): Uint8Array<ArrayBuffer> {
    const out = new ByteWriter(4096);
    const section = (id: number, write: (content: ByteWriter) => void): void => {
      const content = new ByteWriter(1024);
      write(content);
      out.byte(id);
      out.unsigned(content.length);
      out.append(content.view());
    };
    out.put(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
    section(1, (types) => {
      types.byte(5);
      for (let params = 0; params < 4; params++) types.put(0x60, params, ...Array(params).fill(I32), 1, I32);
      types.put(0x60, 0, 0);
    });
    section(2, (imports) => {
      imports.byte(1);
      imports.name('host');
      imports.name('log');
      imports.put(0, 1);
    });
    section(3, (types) => types.put(this.#functions.length, ...this.#functions.map(({ params }) => params)));
    section(4, (tables) => tables.put(1, 0x70, 0, 4));
    section(5, (memories) => memories.put(1, 1, 1, 3));
    if (this.#exceptions !== 'none') section(13, (tags) => tags.put(1, 0, 4));
    section(7, (exports) => {
      exports.byte(2);
      exports.name('run');
      exports.put(0, 1);
      exports.name('memory');
      exports.put(2, 0);
    });
    const inTable = [0, 1, 2].map(() => 1 + this.#random.below(this.#functions.length));
    section(9, (elements) => elements.put(1, 0, 0x41, 0, 0x0b, inTable.length, ...inTable));
    section(10, (bodies) => {
      bodies.unsigned(this.#functions.length);
      for (const each of this.#functions) {
        const body = this.#body(each);
        bodies.unsigned(body.length);
        bodies.append(body);
      }
    });
    return out.view().slice() as Uint8Array<ArrayBuffer>;
  }

  #body({ params }: Signature): Uint8Array {
    this.#out = new ByteWriter(256);
    this.#locals = params + 3;
    this.#labels = [1];
    this.#budget = this.#random.chance(40) ? 4 : 30;
    this.#out.put(1, 3, I32);
    this.#statements(0);
    this.#value(0);
    this.#out.byte(0x0b);
    return this.#out.view().slice();
  }

  #statements(depth: number): void {
    for (let count = this.#random.below(5); count > 0; count--) this.#statement(depth);
  }

  #statement(depth: number): void {
    const random = this.#random;
    if (depth >= MAX_DEPTH || this.#budget-- <= 0) {
      this.#assign(depth);
      return;
    }
    const kinds = [
      () => this.#assign(depth),
      () => this.#assign(depth),
      () => this.#store(depth),
      () => this.#nested(0x02, depth),
      () => this.#nested(0x03, depth),
      () => this.#countedLoop(depth),
      () => this.#countedLoop(depth),
      () => this.#conditional(depth),
      () => this.#conditional(depth),
      () => this.#branchIf(depth),
      () => this.#branchIf(depth),
      () => this.#call(depth),
      () => this.#rare(depth),
    ];
    random.pick(kinds)();
  }

  #rare(depth: number): void {
    const kinds = [
      () => this.#branch(depth),
      () => this.#branchTable(depth),
      () => {
        this.#value(depth + 2);
        this.#out.byte(0x0f);
      },
      () => this.#bulk(depth),
      () => {
        this.#out.put(0x41, this.#random.below(2), 0x40, 0, 0x1a);
      },
      () => this.#caught(depth),
      () => this.#thrown(depth),
      () => {
        if (this.#random.chance(10)) this.#out.byte(0x00);
      },
    ];
    this.#random.pick(kinds)();
  }

  #assign(depth: number): void {
    this.#value(depth + 1);
    this.#out.put(0x21, this.#random.below(this.#locals));
  }

  #store(depth: number): void {
    this.#address(depth);
    this.#value(depth + 1);
    this.#out.put(0x36, 2, 0);
  }

  #address(depth: number): void {
    this.#value(depth + 2);
    // Mostly inside of memory, now and then beyond it.
    this.#out.byte(0x41);
    this.#out.signed(this.#random.chance(2) ? -1 : 0xfff);
    this.#out.byte(0x71);
  }

  #nested(op: number, depth: number): void {
    this.#out.put(op, EMPTY);
    this.#labels.push(0);
    this.#statements(depth + 1);
    this.#labels.pop();
    this.#out.byte(0x0b);
  }

  #countedLoop(depth: number): void {
    const counter = this.#random.below(this.#locals);
    this.#out.put(0x41, 1 + this.#random.below(20), 0x21, counter, 0x03, EMPTY);
    this.#labels.push(0);
    this.#statements(depth + 1);
    this.#labels.pop();
    this.#out.put(0x20, counter, 0x41, 1, 0x6b, 0x22, counter, 0x41, 0, 0x4a, 0x0d, 0, 0x0b);
  }

  #conditional(depth: number): void {
    this.#value(depth + 1);
    this.#out.put(0x04, EMPTY);
    this.#labels.push(0);
    this.#statements(depth + 1);
    if (this.#random.chance(50)) {
      this.#out.byte(0x05);
      this.#statements(depth + 1);
    }
    this.#labels.pop();
    this.#out.byte(0x0b);
  }

  #branch(depth: number): void {
    const label = this.#random.below(this.#labels.length);
    if (this.#labels.at(-1 - label) === 1) this.#value(depth + 1);
    this.#out.put(0x0c, label);
  }

  #branchIf(depth: number): void {
    const label = this.#random.below(this.#labels.length);
    const hasResult = this.#labels.at(-1 - label) === 1;
    if (hasResult) this.#value(depth + 1);
    this.#value(depth + 1);
    this.#out.put(0x0d, label);
    if (hasResult) this.#out.byte(0x1a);
  }

  #branchTable(depth: number): void {
    const labels = this.#labels.flatMap((_, label) => (this.#labels.at(-1 - label) === 0 ? [label] : []));
    if (labels.length === 0) return;
    this.#value(depth + 1);
    const targets = [0, 1, 2].map(() => this.#random.pick(labels));
    this.#out.put(0x0e, targets.length, ...targets, this.#random.pick(labels));
  }

  #bulk(depth: number): void {
    this.#address(depth);
    this.#value(depth + 2);
    this.#out.put(0x41, this.#random.below(64), 0xfc, 0x0b, 0);
  }

  #caught(depth: number): void {
    if (this.#exceptions === 'legacy') {
      this.#out.put(0x06, EMPTY);
      this.#labels.push(0);
      this.#statements(depth + 1);
      this.#out.byte(this.#random.chance(50) ? 0x19 : 0x07);
      if (this.#out.view().at(-1) === 0x07) this.#out.byte(0);
      this.#statements(depth + 1);
      this.#labels.pop();
      this.#out.byte(0x0b);
    } else if (this.#exceptions === 'new') {
      const labels = this.#labels.flatMap((_, label) => (this.#labels.at(-1 - label) === 0 ? [label] : []));
      this.#out.put(0x02, EMPTY, 0x1f, EMPTY, 1, 2);
      this.#out.byte(labels.length > 0 && this.#random.chance(30) ? this.#random.pick(labels) + 1 : 0);
      this.#labels.push(0, 0);
      this.#statements(depth + 1);
      this.#labels.splice(-2);
      this.#out.put(0x0b, 0x0b);
    }
  }

  #thrown(depth: number): void {
    if (this.#exceptions === 'none') return;
    this.#value(depth + 1);
    this.#out.put(0x04, EMPTY, 0x08, 0, 0x0b);
  }

  #call(depth: number): void {
    this.#callValue(depth);
    this.#out.put(0x21, this.#random.below(this.#locals));
  }

  #callValue(depth: number): void {
    const { params } = this.#random.pick(this.#functions);
    if (this.#random.chance(25)) {
      this.#value(depth + 1);
      this.#out.put(0x10, LOG);
    } else if (this.#random.chance(30)) {
      for (let i = 0; i < params; i++) this.#value(depth + 2);
      this.#out.put(0x41, this.#random.below(3), 0x11, params, 0);
    } else {
      const index = this.#random.below(this.#functions.length);
      for (let i = 0; i < this.#functions[index]!.params; i++) this.#value(depth + 2);
      this.#out.put(0x10, 1 + index);
    }
  }

  #value(depth: number): void {
    const random = this.#random;
    if (depth >= MAX_DEPTH || random.chance(40) || this.#budget-- <= 0) {
      if (random.chance(60)) this.#out.put(0x20, random.below(this.#locals));
      else {
        this.#out.byte(0x41);
        this.#out.signed(random.below(40) - 8);
      }
      return;
    }
    const kinds = [
      () => this.#binary(depth),
      () => this.#binary(depth),
      () => {
        this.#address(depth);
        this.#out.put(0x28, 2, 0);
      },
      () => this.#valueBlock(depth),
      () => this.#valueIf(depth),
      () => this.#callValue(depth),
    ];
    random.pick(kinds)();
  }

  #binary(depth: number): void {
    this.#value(depth + 1);
    this.#value(depth + 1);
    this.#out.byte(this.#random.pick([0x6a, 0x6b, 0x6c, 0x71, 0x73, 0x74, 0x46, 0x48, 0x4a, 0x6d]));
  }

  #valueBlock(depth: number): void {
    this.#out.put(this.#random.chance(80) ? 0x02 : 0x03, I32);
    this.#labels.push(this.#out.view().at(-2) === 0x02 ? 1 : 0);
    this.#statements(depth + 1);
    this.#value(depth + 1);
    this.#labels.pop();
    this.#out.byte(0x0b);
  }

  #valueIf(depth: number): void {
    this.#value(depth + 1);
    this.#out.put(0x04, I32);
    this.#labels.push(1);
    this.#value(depth + 1);
    this.#out.byte(0x05);
    this.#statements(depth + 1);
    this.#value(depth + 1);
    this.#labels.pop();
    this.#out.byte(0x0b);
  }
}

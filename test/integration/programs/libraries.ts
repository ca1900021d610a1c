import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { createSHA3 } from 'hash-wasm';
import { expect } from 'vitest';
import { Driver } from '../../support/driver.ts';
import { packageFile } from './commands.ts';
import type { Program } from './program.ts';

const text = (content: Uint8Array) => new TextDecoder().decode(content);

/** Text that compresses, and repeats without being constant. */
const sampleText = Array.from({ length: 400 }, (_, line) => `line ${line}: ${(line * 7919) % 1009} of the sample`).join(
  '\n',
);

/** CBOR of a manifest with one host function, `emit`: the build wants at least one. */
const quickjsManifest = `
  a3666162695f696467486f73742e76316966756e6374696f6e7381a963676173a5646261736505676b5f756e697473016b6b5f6172675f6279746573
  016b6b5f7265745f6279746573006b7363686564756c655f696467656d69742d76316561726974790165666e5f696401666566666563746445
  4d4954666c696d697473a3696d61785f756e697473190400716d61785f726571756573745f6279746573198000726d61785f726573706f6e7365
  5f62797465731840676a735f706174688164656d69746a6172675f736368656d6181a164747970656264766b6572726f725f636f64657381a263
  7461676a686f73742f6c696d697464636f64656e4c494d49545f45584345454445446d72657475726e5f736368656d61a16474797065646e756c
  6c6b6162695f76657273696f6e01`;

/** QuickJS in a build that hosts deterministic programs; its host functions are stubbed, its manifest names none. */
export function quickjs(): Program {
  const driver = new Driver(packageFile('@blue-quickjs/quickjs-wasm', 'dist/wasm/quickjs-eval.wasm'));
  const manifest = Buffer.from(quickjsManifest.replaceAll(/\s/g, ''), 'hex');
  const manifestHash = createHash('sha256').update(manifest).digest('hex');
  const script = `
    const sieve = Array.from({ length: 1000 }, (_, n) => n > 1);
    for (let n = 2; n < 1000; n++) if (sieve[n]) for (let m = n * n; m < 1000; m += n) sieve[m] = false;
    const letters = new Set('the quick brown fox jumps over the lazy dog');
    const { a: [one, { b }] } = { a: [1, { b: 'two' }] };
    class Counter { #count = 0; add() { return ++this.#count; } }
    const counter = new Counter();
    counter.add();
    [sieve.filter(Boolean).length, letters.size, one, b, 2n ** 100n, counter.add(), 0.1 + 0.2].join(' ')`;
  driver.call('__wasm_call_ctors');
  driver.call(
    'qjs_det_init',
    driver.place(manifest),
    manifest.length,
    driver.place(`${manifestHash}\0`),
    0,
    0,
    1n << 40n,
  );
  const answer = driver.call('qjs_det_eval', driver.place(`${script}\0`));
  return {
    name: 'QuickJS evaluating JavaScript',
    bytes: driver.returning(answer, driver.measure(answer)),
    entry: 'run',
    check: ({ returned }) => {
      const answered = '168 27 1 two 1267650600228229401496703205376 2 0.30000000000000004';
      // The build answers in CBOR: a text string of less than 256 bytes has its length in the byte after 0x78.
      const expected = Buffer.from([0x78, answered.length, ...Buffer.from(answered)]).toString('hex');
      expect(text(returned)).toMatch(new RegExp(`^RESULT ${expected} GAS `));
    },
  };
}

/** SQLite with a database in memory. The operating system it expects is stubbed; it never gets that far. */
export function sqlite(): Program {
  const driver = new Driver(packageFile('@sqlite.org/sqlite-wasm', 'sqlite-wasm/jswasm/sqlite3.wasm'));
  const allocate = (length: number) => driver.call('sqlite3_malloc', length);
  driver.call('__wasm_call_ctors');
  const slot = allocate(8);
  driver.call('sqlite3_open_v2', driver.place(':memory:\0', allocate), slot, 6, 0);
  const database = driver.load(slot);
  const setUp = `
    create table item (id integer primary key, name text, price real);
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000)
      insert into item select i, 'item ' || (i % 7), i * 0.5 from n;
    create index by_name on item (name);`;
  driver.call('sqlite3_exec', database, driver.place(`${setUp}\0`, allocate), 0, 0, 0);
  const query = `select json_group_array(json_object('name', name, 'count', count, 'total', total)) from
    (select name, count(*) count, sum(price) total from item where id > 100 group by name order by total desc limit 3)`;
  driver.call('sqlite3_prepare_v2', database, driver.place(`${query}\0`, allocate), -1, slot, 0);
  const statement = driver.load(slot);
  driver.call('sqlite3_step', statement);
  const answer = driver.call('sqlite3_column_text', statement, 0);
  return {
    name: 'SQLite answering a query',
    bytes: driver.returning(answer, driver.call('sqlite3_column_bytes', statement, 0)),
    entry: 'run',
    // There is no random device; zero would be standard input, which SQLite refuses to take for one for ever.
    stubValues: { __syscall_openat: '-44' },
    check: ({ returned }) => {
      const totals = Array.from({ length: 7 }, (_, rest) => {
        const ids = Array.from({ length: 1900 }, (_, i) => i + 101).filter((id) => id % 7 === rest);
        return { name: `item ${rest}`, count: ids.length, total: ids.reduce((sum, id) => sum + id * 0.5, 0) };
      });
      expect(JSON.parse(text(returned))).toEqual(totals.sort((a, b) => b.total - a.total).slice(0, 3));
    },
  };
}

/** LodePNG encoding a picture; what it made is decoded here with the PNG specification at hand. */
export function lodepng(): Program {
  const [width, height] = [64, 48];
  const pixels = Uint8Array.from({ length: width * height * 4 }, (_, index) =>
    index % 4 === 3 ? 255 : Math.imul(index, 0x9e3779b1) >>> 24,
  );
  const driver = new Driver(packageFile('@cwasm/lodepng', 'lodepng.wasm'));
  driver.call('_initialize');
  const picture = driver.place(pixels);
  const out = driver.call('malloc', 8);
  driver.call('lodepng_encode32', out, driver.add(out, 4), picture, width, height);
  return {
    name: 'LodePNG encoding a picture',
    bytes: driver.returning(driver.load(out), driver.load(out, 4)),
    entry: 'run',
    check: ({ returned }) => {
      const decoded = decodePng(returned);
      expect([decoded.width, decoded.height]).toEqual([width, height]);
      expect(Buffer.from(decoded.pixels).equals(pixels)).toBe(true);
    },
  };
}

/** Snappy decompressing; the compressor beside it is JavaScript. */
export async function snappy(): Promise<Program> {
  const { snappyCompress } = (await import('hysnappy')) as unknown as { snappyCompress(input: Uint8Array): Uint8Array };
  const plain = new TextEncoder().encode(sampleText);
  const packed = snappyCompress(plain);
  const module = await moduleOf(async () => {
    const { snappyUncompress } = await import('hysnappy');
    snappyUncompress(packed, plain.length);
  });
  const driver = new Driver(module);
  const source = driver.place(packed, 68_000);
  const target = 68_000 + packed.length;
  driver.call('uncompress', source, packed.length, target);
  return {
    name: 'Snappy decompressing text',
    bytes: driver.returning(target, plain.length),
    entry: 'run',
    check: ({ returned }) => {
      expect(packed.length).toBeLessThan(plain.length / 2);
      expect(text(returned)).toBe(sampleText);
    },
  };
}

/** hash-wasm's SHA-3, against Node's. */
export async function sha3(): Promise<Program> {
  const driver = new Driver(await moduleOf(() => createSHA3(256)));
  const message = new TextEncoder().encode(sampleText);
  const buffer = driver.call('Hash_GetBuffer');
  driver.call('Hash_Init', 256);
  driver.place(message, () => buffer);
  driver.call('Hash_Update', message.length);
  driver.call('Hash_Final', 6);
  return {
    name: 'hash-wasm computing SHA3-256',
    bytes: driver.returning(buffer, 32),
    entry: 'run',
    check: ({ returned }) => {
      expect(Buffer.from(returned).toString('hex')).toBe(createHash('sha3-256').update(sampleText).digest('hex'));
    },
  };
}

/** es-module-lexer finding the imports of a module. */
export async function moduleLexer(): Promise<Program> {
  const source = "import { a } from 'first';\nexport * from \"second\";\n// import 'no'\nconst x = import('third');\n";
  const driver = new Driver(await moduleOf(() => import('es-module-lexer').then(({ init }) => init)));
  const address = driver.call('sa', source.length);
  driver.place(new Uint8Array(new Uint16Array([...source].map((c) => c.charCodeAt(0))).buffer), () => address);
  driver.call('parse');
  const found = driver.constant(1 << 20);
  for (let index = 0; index < 3; index++) {
    driver.call('ri');
    driver.store(found, index * 8, driver.call('is'));
    driver.store(found, index * 8 + 4, driver.call('ie'));
  }
  return {
    name: 'es-module-lexer finding imports',
    bytes: driver.returning(found, 24),
    entry: 'run',
    check: ({ returned }) => {
      const offsets = [...new Uint32Array(returned.slice().buffer)];
      const names = [0, 1, 2].map((i) => source.slice(offsets[i * 2], offsets[i * 2 + 1]));
      expect(names).toEqual(['first', 'second', "'third'"]);
    },
  };
}

/** The bytes of the first module that is compiled while `run` goes on: packages that carry it as text decode it then. */
async function moduleOf(run: () => unknown): Promise<Uint8Array> {
  const { Module, compile } = WebAssembly;
  let seen: Uint8Array | undefined;
  const note = (source: BufferSource) => {
    const view = ArrayBuffer.isView(source) ? source : new Uint8Array(source);
    seen ??= new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
  };
  WebAssembly.compile = ((source: BufferSource) => {
    note(source);
    return compile(source);
  }) as typeof compile;
  WebAssembly.Module = new Proxy(Module, {
    construct(target, [source]) {
      note(source);
      return new target(source);
    },
  });
  try {
    await run();
  } finally {
    Object.assign(WebAssembly, { Module, compile });
  }
  if (!seen) throw new Error('nothing was compiled');
  return seen;
}

/** Decodes an 8-bit RGBA or RGB picture without interlacing (PNG, third edition, sections 5 and 9). */
function decodePng(png: Uint8Array): { width: number; height: number; pixels: Uint8Array } {
  const view = new DataView(png.buffer, png.byteOffset, png.length);
  expect(text(png.subarray(1, 4))).toBe('PNG');
  const data: Uint8Array[] = [];
  for (let at = 8; at < png.length; ) {
    const length = view.getUint32(at);
    if (text(png.subarray(at + 4, at + 8)) === 'IDAT') data.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const [width, height, channels] = [view.getUint32(16), view.getUint32(20), png[25] === 6 ? 4 : 3];
  const lines = inflateSync(Buffer.concat(data));
  const stride = width * channels;
  const raw = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = lines[y * (stride + 1)]!;
    for (let x = 0; x < stride; x++) {
      const left = x >= channels ? raw[y * stride + x - channels]! : 0;
      const up = y > 0 ? raw[(y - 1) * stride + x]! : 0;
      const corner = x >= channels && y > 0 ? raw[(y - 1) * stride + x - channels]! : 0;
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]!;
      raw[y * stride + x] = lines[y * (stride + 1) + 1 + x]! + predicted;
    }
  }
  const pixels = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) pixels.set(raw.subarray(i * channels, i * channels + channels), i * 4);
  return { width, height, pixels };
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

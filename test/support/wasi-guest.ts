import {
  createWasi,
  type ErrnoName,
  errno,
  type InputPort,
  type Wasi,
  type WasiFunctionName,
  type WasiOptions,
  type WasiPorts,
} from '../../electron/hypervisor/wasi/index.ts';
import type { Capability } from '../../shared/model/capability.ts';
import { allCapabilities } from '../../shared/model/capability.ts';

/** How a run was ended by a port; stands for the trap that a hypervisor would cause. */
export class GuestStopped extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

const errnoNames = new Map(Object.entries(errno).map(([name, value]) => [value as number, name as ErrnoName]));

export type GuestOptions = Partial<Omit<WasiOptions, 'ports' | 'grants'>> & {
  grants?: readonly Capability[];
  ports?: Partial<WasiPorts>;
  pages?: number;
  isShared?: boolean;
};

/** A host that counts what is asked of it, with a clock that only moves when told to sleep. */
export class FakeHost implements WasiPorts {
  nowMs = 1_700_000_000_000.75;
  monotonicMs = 5_000.25;
  slept: number[] = [];
  checkpoints: number[] = [];
  output: { stdout: string; stderr: string } = { stdout: '', stderr: '' };

  now = (): number => this.nowMs;
  monotonic = (): number => this.monotonicMs;
  sleep = (ms: number): void => {
    this.slept.push(ms);
    this.nowMs += ms;
    this.monotonicMs += ms;
  };
  randomFill = (bytes: Uint8Array): void => {
    bytes.fill(7);
  };
  writeOut = (stream: 'stdout' | 'stderr', bytes: Uint8Array): void => {
    this.output[stream] += new TextDecoder().decode(bytes);
  };
  checkpoint = (cost: number): void => {
    this.checkpoints.push(cost);
  };
  fuelUsed = (): bigint => BigInt(this.checkpoints.reduce((total, cost) => total + cost, 0));
  exit = (code: number): never => {
    throw new GuestStopped(`exit ${code}`);
  };
  deny = (capability: Capability, functionName: WasiFunctionName): never => {
    throw new GuestStopped(`denied ${capability} for ${functionName}`);
  };
}

/** A guest without code: calls the functions itself and looks at its memory. */
export class WasiGuest {
  readonly host = new FakeHost();
  readonly memory: WebAssembly.Memory;
  readonly wasi: Wasi;
  #free = 1024;

  constructor({ ports, pages = 4, isShared = false, grants = allCapabilities, ...options }: GuestOptions = {}) {
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: 65536, shared: isShared });
    this.wasi = createWasi({
      args: [],
      env: [],
      folders: [],
      files: [],
      limits: { fileBytes: 1 << 26, fileEntries: 10_000 },
      grants,
      ...options,
      ports: { ...this.host, ...ports },
    });
    this.wasi.attach(this.memory);
  }

  /** Calls a function and gives the name of its error number. */
  call(name: WasiFunctionName, ...args: (number | bigint)[]): ErrnoName {
    return errnoNames.get(this.wasi.imports[name](...args))!;
  }

  /** A place in memory of `length` zeroed bytes, never handed out again. */
  room(length: number): number {
    const at = this.#free;
    this.#free = (at + length + 15) & ~15;
    const missing = this.#free - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / 65536));
    return at;
  }

  put(bytes: Uint8Array | string): [address: number, length: number] {
    const content = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
    const at = this.room(content.length);
    new Uint8Array(this.memory.buffer).set(content, at);
    return [at, content.length];
  }

  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer).slice(address, address + length);
  }

  text(address: number, length: number): string {
    return new TextDecoder().decode(this.bytes(address, length));
  }

  u8(address: number): number {
    return new DataView(this.memory.buffer).getUint8(address);
  }

  u16(address: number): number {
    return new DataView(this.memory.buffer).getUint16(address, true);
  }

  u32(address: number): number {
    return new DataView(this.memory.buffer).getUint32(address, true);
  }

  u64(address: number): bigint {
    return new DataView(this.memory.buffer).getBigUint64(address, true);
  }

  setU32(address: number, value: number): void {
    new DataView(this.memory.buffer).setUint32(address, value, true);
  }

  /** A list of buffers, as `fd_read` and `fd_write` take it. */
  vectors(...buffers: (readonly [address: number, length: number])[]): [address: number, count: number] {
    const at = this.room(buffers.length * 8);
    buffers.forEach(([address, length], index) => {
      this.setU32(at + index * 8, address);
      this.setU32(at + index * 8 + 4, length);
    });
    return [at, buffers.length];
  }

  /** Writes text in one buffer: bytes written, or the error's name. */
  write(fd: number, text: string | Uint8Array): number | ErrnoName {
    const result = this.room(4);
    const error = this.call('fd_write', fd, ...this.vectors(this.put(text)), result);
    return error === 'success' ? this.u32(result) : error;
  }

  /** Reads at most `length` bytes as text, or gives the error's name in angle brackets. */
  read(fd: number, length: number): string {
    const [buffer, result] = [this.room(length), this.room(4)];
    const error = this.call('fd_read', fd, ...this.vectors([buffer, length]), result);
    return error === 'success' ? this.text(buffer, this.u32(result)) : `<${error}>`;
  }
}

/** Input that arrives in the given chunks; an empty chunk is a moment without input. */
export function chunkedInput(chunks: readonly string[]): InputPort {
  const pending = chunks.map((chunk) => new TextEncoder().encode(chunk));
  return {
    read(maxBytes) {
      while (pending[0]?.length === 0) pending.shift();
      const chunk = pending.shift() ?? new Uint8Array(0);
      if (chunk.length > maxBytes) pending.unshift(chunk.subarray(maxBytes));
      return chunk.subarray(0, maxBytes);
    },
    wait() {
      if (pending.length === 0) return 'end';
      if (pending[0]!.length > 0) return pending[0]!.length;
      pending.shift();
      return 0;
    },
  };
}

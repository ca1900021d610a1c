import { ALL_RIGHTS, DIRECTORY_RIGHTS, FILE_RIGHTS, openFlag } from '../../electron/hypervisor/wasi/abi.ts';
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
  isAttached?: boolean;
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

  constructor(given: GuestOptions = {}) {
    const { ports, pages = 4, isShared = false, isAttached = true, grants = allCapabilities, ...options } = given;
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
    if (isAttached) this.wasi.attach(this.memory);
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

/** What `path_open` is asked for, by name. */
export type OpenOptions = {
  flags?: readonly (keyof typeof openFlag)[];
  rights?: number;
  inheriting?: number;
  descriptorFlags?: number;
  isFollowing?: boolean;
  from?: number;
};

export type FileStatus = {
  ino: bigint;
  type: number;
  links: bigint;
  size: bigint;
  atim: bigint;
  mtim: bigint;
  ctim: bigint;
};

/** A guest with one folder, open as 3, and short forms of the functions that take paths. */
export class FileGuest extends WasiGuest {
  constructor(options: GuestOptions = {}) {
    super({ folders: [{ path: '/', isWritable: true }], ...options });
  }

  /** The new descriptor, or the error's name. All rights unless told. */
  open(path: string | Uint8Array, options: OpenOptions = {}): number | ErrnoName {
    const { flags = [], rights = FILE_RIGHTS, inheriting = ALL_RIGHTS, descriptorFlags = 0 } = options;
    const bits = flags.reduce((all, name) => all | openFlag[name], 0);
    const result = this.room(4);
    const lookup = options.isFollowing ? 1 : 0;
    const error = this.call(
      'path_open',
      options.from ?? 3,
      lookup,
      ...this.put(path),
      bits,
      BigInt(rights),
      BigInt(inheriting),
      descriptorFlags,
      result,
    );
    return error === 'success' ? this.u32(result) : error;
  }

  /** Opens a directory with what directories can do. */
  openDirectory(path: string, options: OpenOptions = {}): number | ErrnoName {
    return this.open(path, { flags: ['directory'], rights: DIRECTORY_RIGHTS, ...options });
  }

  /** Makes a file with this content. */
  create(path: string, content = ''): void {
    const fd = this.open(path, { flags: ['creat', 'trunc'] }) as number;
    this.write(fd, content);
    this.call('fd_close', fd);
  }

  /** The content of a file, or the error's name in angle brackets. */
  content(path: string, isFollowing = true): string {
    const fd = this.open(path, { isFollowing });
    if (typeof fd === 'string') return `<${fd}>`;
    const text = this.read(fd, 4096);
    this.call('fd_close', fd);
    return text;
  }

  mkdir = (path: string, from = 3): ErrnoName => this.call('path_create_directory', from, ...this.put(path));
  rmdir = (path: string, from = 3): ErrnoName => this.call('path_remove_directory', from, ...this.put(path));
  unlink = (path: string, from = 3): ErrnoName => this.call('path_unlink_file', from, ...this.put(path));
  symlink = (target: string, path: string, from = 3): ErrnoName =>
    this.call('path_symlink', ...this.put(target), from, ...this.put(path));
  link = (path: string, to: string, from = 3, toFd = from): ErrnoName =>
    this.call('path_link', from, 0, ...this.put(path), toFd, ...this.put(to));
  rename = (path: string, to: string, from = 3, toFd = from): ErrnoName =>
    this.call('path_rename', from, ...this.put(path), toFd, ...this.put(to));

  readlink(path: string, room = 4096): string {
    const [buffer, result] = [this.room(room), this.room(4)];
    const error = this.call('path_readlink', 3, ...this.put(path), buffer, room, result);
    return error === 'success' ? this.text(buffer, this.u32(result)) : `<${error}>`;
  }

  /** The status of a path or descriptor, or the error's name. */
  status(of: string | number, isFollowing = false): FileStatus | ErrnoName {
    const at = this.room(64);
    const error =
      typeof of === 'number'
        ? this.call('fd_filestat_get', of, at)
        : this.call('path_filestat_get', 3, isFollowing ? 1 : 0, ...this.put(of), at);
    if (error !== 'success') return error;
    return {
      ino: this.u64(at + 8),
      type: this.u8(at + 16),
      links: this.u64(at + 24),
      size: this.u64(at + 32),
      atim: this.u64(at + 40),
      mtim: this.u64(at + 48),
      ctim: this.u64(at + 56),
    };
  }

  /** Names in a directory from a cookie on, with the cookies that follow them; cut entries are left out. */
  list(fd: number, cookie = 0n, room = 4096): { name: string; next: bigint; ino: bigint; type: number }[] {
    const [buffer, result] = [this.room(room), this.room(4)];
    const error = this.call('fd_readdir', fd, buffer, room, cookie, result);
    if (error !== 'success') throw new Error(error);
    const entries = [];
    const end = buffer + this.u32(result);
    for (let at = buffer; at + 24 <= end; ) {
      const length = this.u32(at + 16);
      if (at + 24 + length > end) break;
      const name = this.text(at + 24, length);
      entries.push({ name, next: this.u64(at), ino: this.u64(at + 8), type: this.u8(at + 20) });
      at += 24 + length;
    }
    return entries;
  }

  /** The paths and text of what the guest has written. */
  written(): Record<string, string> {
    return Object.fromEntries(this.wasi.files().map(({ path, content }) => [path, new TextDecoder().decode(content)]));
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

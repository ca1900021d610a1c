import { refuse } from './errno.ts';
import type { DirectoryNode, FileNode } from './file-system/node.ts';
import type { InputPort } from './ports.ts';

type Base = {
  /** rights of the descriptor itself */
  rights: number;
  /** rights that descriptors opened through it may have */
  inheriting: number;
  /** `descriptorFlag` bits */
  flags: number;
};

export type InputDescriptor = Base & { readonly kind: 'input'; readonly input: InputPort };
export type OutputDescriptor = Base & { readonly kind: 'output'; readonly stream: 'stdout' | 'stderr' };
export type FileDescriptor = Base & { readonly kind: 'file'; readonly node: FileNode; offset: bigint };
export type DirectoryDescriptor = Base & {
  readonly kind: 'directory';
  readonly node: DirectoryNode;
  /** the guest's path when this is a preopened folder */
  readonly preopen?: string;
  /** names as they were when reading began at cookie 0 */
  listing?: readonly string[];
};

/** What a descriptor number stands for. */
export type Descriptor = InputDescriptor | OutputDescriptor | FileDescriptor | DirectoryDescriptor;

/** The open descriptors of one instance; the lowest free number is given out, as in POSIX. */
export class DescriptorTable {
  readonly #open = new Map<number, Descriptor>();
  readonly #limit: number;
  readonly #onClose: (descriptor: Descriptor) => void;
  #lowestFree = 0;

  /** @param onClose is told of each descriptor that is closed or replaced */
  constructor(limit: number, onClose: (descriptor: Descriptor) => void) {
    this.#limit = limit;
    this.#onClose = onClose;
  }

  /** What the number stands for, or undefined when it is not open. */
  find(fd: number): Descriptor | undefined {
    return this.#open.get(fd);
  }

  /** @throws WasiError `badf` when the number is not open */
  get(fd: number): Descriptor {
    return this.#open.get(fd) ?? refuse('badf');
  }

  /** @throws WasiError `mfile` when as many as may be are open */
  checkRoom(): void {
    if (this.#open.size >= this.#limit) refuse('mfile');
  }

  /** Opens under the lowest free number. @throws WasiError `mfile` */
  add(descriptor: Descriptor): number {
    this.checkRoom();
    const fd = this.#lowestFree;
    this.#open.set(fd, descriptor);
    do this.#lowestFree++;
    while (this.#open.has(this.#lowestFree));
    return fd;
  }

  /** @throws WasiError `badf` */
  close(fd: number): void {
    const descriptor = this.get(fd);
    this.#open.delete(fd);
    this.#lowestFree = Math.min(this.#lowestFree, fd);
    this.#onClose(descriptor);
  }

  /** Closes `to` and moves `from` to its number. Both must be open. @throws WasiError `badf` */
  renumber(from: number, to: number): void {
    const moved = this.get(from);
    const replaced = this.get(to);
    if (from === to) return;
    this.#open.delete(from);
    this.#open.set(to, moved);
    this.#lowestFree = Math.min(this.#lowestFree, from);
    this.#onClose(replaced);
  }
}

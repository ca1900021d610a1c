import { ALL_DESCRIPTOR_FLAGS, ALL_RIGHTS, fileType, right, structBytes, whence } from '../abi.ts';
import { needFile } from '../access.ts';
import type { WasiContext } from '../context.ts';
import type { Descriptor } from '../descriptors.ts';
import { refuse } from '../errno.ts';
import type { WasiFunctions } from '../signatures.ts';

type DescriptorFunctions = Pick<
  WasiFunctions,
  | 'fd_advise'
  | 'fd_allocate'
  | 'fd_close'
  | 'fd_datasync'
  | 'fd_fdstat_get'
  | 'fd_fdstat_set_flags'
  | 'fd_fdstat_set_rights'
  | 'fd_prestat_get'
  | 'fd_prestat_dir_name'
  | 'fd_renumber'
  | 'fd_seek'
  | 'fd_sync'
  | 'fd_tell'
>;

const LAST_ADVICE = 5;
const MAX_OFFSET = 0x7fff_ffff_ffff_ffffn;

/** Descriptors themselves: state, position, rights, preopens. */
export function descriptorFunctions(context: WasiContext): DescriptorFunctions {
  const { descriptors, memory, files } = context;
  return {
    fd_advise(fd, offset, length, advice) {
      needFile(descriptors.get(fd), right.fdAdvise);
      if (advice > LAST_ADVICE || offset > MAX_OFFSET || length > MAX_OFFSET) refuse('inval');
    },
    fd_allocate(fd, offset, length) {
      const file = needFile(descriptors.get(fd), right.fdAllocate);
      if (length === 0n || offset > MAX_OFFSET || length > MAX_OFFSET) refuse('inval');
      const end = offset + length;
      if (end <= BigInt(file.node.content.size)) return;
      files.resize(file.node, end);
    },
    fd_close(fd) {
      descriptors.close(fd);
    },
    fd_datasync(fd) {
      needSync(descriptors.get(fd), right.fdDatasync);
    },
    fd_sync(fd) {
      needSync(descriptors.get(fd), right.fdSync);
    },
    fd_fdstat_get(fd, result) {
      const descriptor = descriptors.get(fd);
      memory.clear(result, structBytes.fdstat);
      memory.writeU8(result, typeOf(descriptor));
      memory.writeU16(result + 2, descriptor.flags);
      memory.writeU64(result + 8, BigInt(descriptor.rights));
      memory.writeU64(result + 16, BigInt(descriptor.inheriting));
    },
    fd_fdstat_set_flags(fd, flags) {
      const descriptor = descriptors.get(fd);
      if (flags > ALL_DESCRIPTOR_FLAGS) refuse('inval');
      if (descriptor.kind === 'directory') refuse('badf');
      if ((descriptor.rights & right.fdFdstatSetFlags) === 0) refuse('perm');
      descriptor.flags = flags;
    },
    fd_fdstat_set_rights(fd, base, inheriting) {
      const descriptor = descriptors.get(fd);
      if (base > ALL_RIGHTS || inheriting > ALL_RIGHTS) refuse('notcapable');
      if ((Number(base) & ~descriptor.rights) !== 0 || (Number(inheriting) & ~descriptor.inheriting) !== 0) {
        refuse('notcapable');
      }
      descriptor.rights = Number(base);
      descriptor.inheriting = Number(inheriting);
    },
    fd_prestat_get(fd, result) {
      const name = preopenName(descriptors.get(fd));
      memory.clear(result, structBytes.prestat);
      memory.writeU32(result + 4, name.length);
    },
    fd_prestat_dir_name(fd, address, length) {
      const name = preopenName(descriptors.get(fd));
      if (length < name.length) refuse('nametoolong');
      memory.writeBytes(address, name);
    },
    fd_renumber(from, to) {
      descriptors.renumber(from, to);
    },
    fd_seek(fd, delta, origin, result) {
      // Asking for the position without moving needs no more than `fd_tell` does.
      const isTell = delta === 0n && origin === whence.cur;
      const file = needFile(descriptors.get(fd), isTell ? 0 : right.fdSeek);
      if (isTell && (file.rights & (right.fdSeek | right.fdTell)) === 0) refuse('badf');
      const offset = originOffset(file.offset, BigInt(file.node.content.size), origin) + BigInt.asIntN(64, delta);
      if (offset < 0n || offset > MAX_OFFSET) refuse('inval');
      memory.writeU64(result, offset);
      file.offset = offset;
    },
    fd_tell(fd, result) {
      memory.writeU64(result, needFile(descriptors.get(fd), right.fdTell).offset);
    },
  };
}

/** The file type that a descriptor shows. Streams are of unknown type, as pipes are: nothing here is a terminal. */
export function typeOf(descriptor: Descriptor): number {
  if (descriptor.kind === 'file') return fileType.regularFile;
  return descriptor.kind === 'directory' ? fileType.directory : fileType.unknown;
}

function needSync(descriptor: Descriptor, needed: number): void {
  if (descriptor.kind === 'input' || descriptor.kind === 'output') refuse('inval');
  if ((descriptor.rights & needed) === 0) refuse('badf');
}

function originOffset(current: bigint, size: bigint, origin: number): bigint {
  if (origin === whence.set) return 0n;
  if (origin === whence.cur) return current;
  return origin === whence.end ? size : refuse('inval');
}

function preopenName(descriptor: Descriptor): Uint8Array {
  if (descriptor.kind !== 'directory' || descriptor.preopen === undefined) refuse('badf');
  return new TextEncoder().encode(descriptor.preopen);
}

import type { Descriptor, DirectoryDescriptor, FileDescriptor } from './descriptors.ts';
import { refuse } from './errno.ts';

/**
 * Checks that a descriptor is a file that may do this.
 * A missing right is `badf`, as for a POSIX descriptor opened in the wrong mode; so is a directory.
 * @throws WasiError `badf`, and `spipe` for a stream
 */
export function needFile(descriptor: Descriptor, rights: number): FileDescriptor {
  if (descriptor.kind === 'directory') refuse('badf');
  if (descriptor.kind !== 'file') refuse('spipe');
  if ((descriptor.rights & rights) !== rights) refuse('badf');
  return descriptor;
}

/**
 * Checks that a descriptor is a directory that may do this.
 * @throws WasiError `notdir` when it is none, `perm` when it lacks a right
 */
export function needDirectory(descriptor: Descriptor, rights: number): DirectoryDescriptor {
  if (descriptor.kind !== 'directory') refuse('notdir');
  if ((descriptor.rights & rights) !== rights) refuse('perm');
  return descriptor;
}

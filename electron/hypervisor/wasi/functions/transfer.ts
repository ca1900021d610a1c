import { descriptorFlag, right } from '../abi.ts';
import { needFile } from '../access.ts';
import type { WasiContext } from '../context.ts';
import { SLICE_BYTES } from '../cost.ts';
import type { FileDescriptor, InputDescriptor, OutputDescriptor } from '../descriptors.ts';
import { refuse } from '../errno.ts';
import type { WasiFunctions } from '../signatures.ts';
import { BufferVectors } from '../vectors.ts';

type TransferFunctions = Pick<WasiFunctions, 'fd_read' | 'fd_pread' | 'fd_write' | 'fd_pwrite'>;

/** Reading and writing. */
export function transferFunctions(context: WasiContext): TransferFunctions {
  const { descriptors, memory } = context;
  return {
    fd_read(fd, list, count, result) {
      const descriptor = descriptors.get(fd);
      if (descriptor.kind === 'output') refuse('badf');
      if (descriptor.kind === 'input') {
        memory.writeU32(result, readInput(context, descriptor, list, count));
        return;
      }
      const file = needFile(descriptor, right.fdRead);
      const read = readFile(context, file, file.offset, new BufferVectors(context, list, count));
      file.offset += BigInt(read);
      memory.writeU32(result, read);
    },
    fd_pread(fd, list, count, offset, result) {
      const file = needFile(descriptors.get(fd), right.fdRead | right.fdSeek);
      memory.writeU32(result, readFile(context, file, offset, new BufferVectors(context, list, count)));
    },
    fd_write(fd, list, count, result) {
      const descriptor = descriptors.get(fd);
      if (descriptor.kind === 'input') refuse('badf');
      if (descriptor.kind === 'output') {
        memory.writeU32(result, writeOutput(context, descriptor, new BufferVectors(context, list, count)));
        return;
      }
      const file = needFile(descriptor, right.fdWrite);
      const at = writeOffset(file, file.offset);
      const written = writeFile(context, file, at, new BufferVectors(context, list, count));
      file.offset = at + BigInt(written);
      memory.writeU32(result, written);
    },
    fd_pwrite(fd, list, count, offset, result) {
      const file = needFile(descriptors.get(fd), right.fdWrite | right.fdSeek);
      const at = writeOffset(file, offset);
      memory.writeU32(result, writeFile(context, file, at, new BufferVectors(context, list, count)));
    },
  };
}

/** As on Linux, an appending descriptor writes at the end whatever the offset, `fd_pwrite` too. */
function writeOffset(file: FileDescriptor, offset: bigint): bigint {
  return (file.flags & descriptorFlag.append) !== 0 ? BigInt(file.node.content.size) : offset;
}

function readFile(context: WasiContext, file: FileDescriptor, offset: bigint, vectors: BufferVectors): number {
  checkOffset(offset);
  const { content } = file.node;
  let at = offset > BigInt(content.size) ? content.size : Number(offset);
  const read = vectors.move((target) => {
    const bytes = content.view(at, target.length);
    target.set(bytes);
    at += bytes.length;
    return bytes.length;
  });
  context.files.markRead(file.node);
  return read;
}

function writeFile(context: WasiContext, file: FileDescriptor, offset: bigint, vectors: BufferVectors): number {
  checkOffset(offset);
  if (vectors.totalBytes === 0) return 0;
  if (offset > BigInt(Number.MAX_SAFE_INTEGER)) refuse('fbig');
  const { content } = file.node;
  let at = Number(offset);
  const written = vectors.move((source) => {
    const length = content.writable(at, source.length);
    content.write(at, source.subarray(0, length));
    at += length;
    return length;
  });
  if (written === 0) refuse('nospc');
  context.files.markWritten(file.node);
  return written;
}

/** Offsets are signed in POSIX: what would be negative there is no place in a file. */
function checkOffset(offset: bigint): void {
  if (offset > 0x7fff_ffff_ffff_ffffn) refuse('inval');
}

function readInput(context: WasiContext, descriptor: InputDescriptor, list: number, count: number): number {
  context.need('stdin', 'fd_read');
  if ((descriptor.rights & right.fdRead) === 0) refuse('badf');
  const vectors = new BufferVectors(context, list, count);
  if (vectors.totalBytes === 0) return 0;
  if ((descriptor.flags & descriptorFlag.nonblock) !== 0 && descriptor.input.wait(0) === 0) refuse('again');
  const bytes = descriptor.input.read(Math.min(vectors.totalBytes, SLICE_BYTES));
  let at = 0;
  return vectors.move((target) => {
    const part = bytes.subarray(at, at + target.length);
    target.set(part);
    at += part.length;
    return part.length;
  });
}

/** Buffers are gathered, so that a line written in pieces by one call leaves as one. */
function writeOutput(context: WasiContext, descriptor: OutputDescriptor, vectors: BufferVectors): number {
  if ((descriptor.rights & right.fdWrite) === 0) refuse('badf');
  let leftBytes = vectors.totalBytes;
  let chunk = new Uint8Array(Math.min(leftBytes, SLICE_BYTES));
  let filled = 0;
  return vectors.move((source) => {
    for (let at = 0; at < source.length; ) {
      const part = source.subarray(at, at + chunk.length - filled);
      chunk.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < chunk.length) continue;
      leftBytes -= filled;
      context.ports.writeOut(descriptor.stream, chunk);
      chunk = new Uint8Array(Math.min(leftBytes, SLICE_BYTES));
      filled = 0;
    }
    return source.length;
  });
}

import type { WasiFunctionName } from '../../../../shared/model/wasi-functions.ts';
import { right } from '../abi.ts';
import type { WasiContext } from '../context.ts';
import { refuse } from '../errno.ts';
import { find, MAX_PATH_BYTES, type Place, walk } from '../file-system/path.ts';
import { begin, isFollowed } from '../path-arguments.ts';
import type { WasiFunctions } from '../signatures.ts';
import { chosenTimes, writeStatus } from './file-status.ts';
import { openPath } from './open.ts';

type PathFunctions = Pick<WasiFunctions, Extract<WasiFunctionName, `path_${string}`>>;

/** Functions that name a file by a path from an open directory. */
export function pathFunctions(context: WasiContext): PathFunctions {
  const { files, memory } = context;
  return {
    path_create_directory(fd, path, length) {
      const place = locate(context, 'path_create_directory', fd, right.pathCreateDirectory, path, length);
      if (place.name === undefined || place.node) refuse('exist');
      files.createDirectory(place.parent, place.name);
    },
    path_filestat_get(fd, flags, path, length, result) {
      const [start, text] = begin(context, 'path_filestat_get', fd, right.pathFilestatGet, path, length);
      writeStatus(context, result, find(start, text, isFollowed(flags)));
    },
    path_filestat_set_times(fd, flags, path, length, atim, mtim, timesFlags) {
      const times = chosenTimes(atim, mtim, timesFlags);
      const [start, text] = begin(context, 'path_filestat_set_times', fd, right.pathFilestatSetTimes, path, length);
      files.setTimes(find(start, text, isFollowed(flags)), ...times);
    },
    path_link(fd, flags, path, length, newFd, newPath, newLength) {
      const [start, text] = begin(context, 'path_link', fd, right.pathLinkSource, path, length);
      // As in Wasmtime: what a followed link would give a second name depends on the host, so none is followed.
      if (isFollowed(flags)) refuse('inval');
      const node = find(start, text, false);
      const to = locate(context, 'path_link', newFd, right.pathLinkTarget, newPath, newLength);
      if (to.name === undefined || to.node) refuse('exist');
      if (to.wantsDirectory) refuse('noent');
      files.link(node, to.parent, to.name);
    },
    path_open: (...args) => openPath(context, ...args),
    path_readlink(fd, path, length, buffer, bufferLength, result) {
      const [start, text] = begin(context, 'path_readlink', fd, right.pathReadlink, path, length);
      const node = find(start, text, false);
      if (node.kind !== 'symlink') refuse('inval');
      const part = node.targetBytes.subarray(0, bufferLength);
      memory.slice(buffer, bufferLength);
      memory.writeBytes(buffer, part);
      memory.writeU32(result, part.length);
    },
    path_remove_directory(fd, path, length) {
      const { parent, name, node } = locate(
        context,
        'path_remove_directory',
        fd,
        right.pathRemoveDirectory,
        path,
        length,
      );
      // `.` and `..` name no entry that could be removed.
      if (name === undefined) refuse('inval');
      if (!node) refuse('noent');
      if (node.kind !== 'directory') refuse('notdir');
      files.removeDirectory(parent, name, node);
    },
    path_rename(fd, path, length, newFd, newPath, newLength) {
      const from = locate(context, 'path_rename', fd, right.pathRenameSource, path, length);
      const to = locate(context, 'path_rename', newFd, right.pathRenameTarget, newPath, newLength);
      if (from.name === undefined || to.name === undefined) refuse('busy');
      if (!from.node) refuse('noent');
      if ((from.wantsDirectory || to.wantsDirectory) && from.node.kind !== 'directory') refuse('notdir');
      files.rename({ ...from, name: from.name, node: from.node }, { ...to, name: to.name });
    },
    path_symlink(target, targetLength, fd, path, length) {
      const to = locate(context, 'path_symlink', fd, right.pathSymlink, path, length);
      const text = memory.readText(target, targetLength, MAX_PATH_BYTES);
      if (text === '') refuse('noent');
      if (text.includes('\0')) refuse('inval');
      // A link that leads out could never be followed; refusing it here tells the program why.
      if (text.startsWith('/')) refuse('perm');
      if (to.wantsDirectory && to.node?.kind === 'file') refuse('notdir');
      if (to.name === undefined || to.node) refuse('exist');
      if (to.wantsDirectory) refuse('noent');
      files.createSymlink(to.parent, to.name, text);
    },
    path_unlink_file(fd, path, length) {
      const place = locate(context, 'path_unlink_file', fd, right.pathUnlinkFile, path, length);
      if (place.name === undefined) refuse('isdir');
      if (!place.node) refuse('noent');
      if (place.node.kind === 'directory') refuse('isdir');
      if (place.wantsDirectory) refuse('notdir');
      files.unlink(place.parent, place.name, place.node);
    },
  };
}

/** Where an entry is, or would be, to be made or removed: a symbolic link in last place is the entry itself. */
function locate(...args: Parameters<typeof begin>): Place {
  return walk(...begin(...args), false);
}

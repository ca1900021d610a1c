export { type AppendFile, type Disk, nodeDisk, type Slot } from './disk.ts';
export { ensureDir, FILE_MODE, FOLDER_MODE, readFileIfThere, syncFolder, writeFileAtomic } from './files.ts';

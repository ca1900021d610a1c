import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from './command.ts';
import type { Terminal } from './terminal.ts';

const MAX_BYTES = 4096;

/** The first line of a file. A passphrase is never an argument: those are seen by every process of the machine. */
export async function readPassphraseFile(flag: string, file: string, workingFolder: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path.resolve(workingFolder, file));
  } catch {
    throw new UsageError(`--${flag}: the file could not be read`);
  }
  const [line = ''] = bytes
    .subarray(0, MAX_BYTES + 2)
    .toString('utf8')
    .split(/\r?\n/, 1);
  bytes.fill(0);
  if (line === '') throw new UsageError(`--${flag}: expected a passphrase in the first line`);
  return line;
}

/** Whether somebody sits at the keyboard who can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Asks at the terminal, without showing what is typed. @throws UsageError when it is broken off */
export async function askPassphrase(terminal: Terminal, question: string): Promise<string> {
  return ask(terminal, question, false);
}

/** Asks at the terminal, showing what is typed. @throws UsageError when it is broken off */
export async function askText(terminal: Terminal, question: string): Promise<string> {
  return ask(terminal, question, true);
}

async function ask(terminal: Terminal, question: string, isShown: boolean): Promise<string> {
  const { stdin, stderr } = process;
  terminal.note(question);
  stdin.setRawMode(true);
  stdin.resume();
  let typed = '';
  try {
    for await (const chunk of stdin.iterator({ destroyOnReturn: false })) {
      for (const character of String(chunk)) {
        if (character === '\r' || character === '\n') return typed;
        if (character === '\u0003' || character === '\u0004') throw new UsageError('nothing was typed');
        if (character === '\u007f' || character === '\b') typed = [...typed].slice(0, -1).join('');
        else typed += character;
        if (isShown) stderr.write(character);
      }
    }
    return typed;
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write('\n');
  }
}

import type { KeyProtection } from '../../shared/model/key.ts';

/** How the master key is protected, in the words every screen uses. */
export const protections: Record<KeyProtection, { word: string; sentence: string; isWeak: boolean }> = {
  keychain: {
    word: 'Keychain of the system',
    sentence: 'The master key is wrapped by the keychain of your system account.',
    isWeak: false,
  },
  passphrase: {
    word: 'Passphrase',
    sentence: 'The master key is wrapped by your passphrase (Argon2id, 64 MiB).',
    isWeak: false,
  },
  file: {
    word: 'File readable only by its owner',
    sentence:
      'The master key lies in a file that only its owner can read. Whoever can read your files can read your keys.',
    isWeak: true,
  },
};

import { safeStorage } from 'electron';
import type { KeychainPort } from '../vault/index.ts';

/** The operating system's keychain. On Linux without one, Electron's fallback protects nothing and does not count. */
export const keychain: KeychainPort = {
  async isAvailable() {
    if (process.platform === 'linux') {
      const backend = safeStorage.getSelectedStorageBackend();
      if (backend === 'basic_text' || backend === 'unknown') return false;
    }
    return safeStorage.isAsyncEncryptionAvailable();
  },
  protect: (secret) => safeStorage.encryptStringAsync(Buffer.from(secret).toString('base64')),
  async unprotect(wrapped) {
    const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(wrapped));
    return { secret: new Uint8Array(Buffer.from(result, 'base64')), shouldProtectAgain: shouldReEncrypt };
  },
};

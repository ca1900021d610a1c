// Node 24 has no Uint8Array.fromBase64 yet; atob and btoa are in every engine that runs Glovebox.
declare function atob(text: string): string;
declare function btoa(binary: string): string;

/** Reads base64 (RFC 4648 §4, padded). @throws InvalidCharacterError when `text` is not base64 */
export function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Writes base64 (RFC 4648 §4, padded). */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000) binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary);
}

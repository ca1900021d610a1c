import { Chacha20Poly1305 } from '@hpke/chacha20poly1305';
import { Aes256Gcm, DhkemP256HkdfSha256, HkdfSha256, CipherSuite as PeerSuite } from '@hpke/core';
import * as panva from 'hpke';
import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../electron/vault/bytes.ts';
import { engine } from '../../../electron/vault/engine.ts';
import { type HpkeOptions, setupReceiver, setupSender } from '../../../electron/vault/hpke.ts';
import { pkcs8OfScalar } from '../../../electron/vault/p256-encoding.ts';

const { curve } = engine();
const secret = curve.generate();
const publicKey = curve.publicKeyOf(secret);
const [info, aad, message] = [utf8('info'), utf8('aad'), utf8('a message')];
const psk = { key: new Uint8Array(32).fill(5), id: utf8('which key') };
const suites = [
  { aead: 'aes-256-gcm' as const, panva: panva.AEAD_AES_256_GCM, core: new Aes256Gcm() },
  { aead: 'chacha20-poly1305' as const, panva: panva.AEAD_ChaCha20Poly1305, core: new Chacha20Poly1305() },
];
const cases = suites.flatMap((suite) => [
  { ...suite, mode: 'base', ours: { info, aead: suite.aead } as HpkeOptions, pskKey: undefined },
  { ...suite, mode: 'psk', ours: { info, aead: suite.aead, psk } as HpkeOptions, pskKey: psk },
]);

describe.each(cases)('$mode mode with $aead', ({ ours, pskKey, ...suite }) => {
  test('agrees with hpke in both directions', async () => {
    const peer = new panva.CipherSuite(panva.KEM_DHKEM_P256_HKDF_SHA256, panva.KDF_HKDF_SHA256, suite.panva);
    const options = pskKey === undefined ? { info } : { info, psk: pskKey.key, pskId: pskKey.id };
    const { enc, context } = setupSender(publicKey, ours);
    const receiver = await peer.SetupRecipient(await peer.DeserializePrivateKey(secret), enc, options);
    expect(new Uint8Array(await receiver.Open(context.seal(message, aad), aad))).toEqual(message);

    const sender = await peer.SetupSender(await peer.DeserializePublicKey(publicKey), options);
    const own = setupReceiver(sender.encapsulatedSecret, secret, ours);
    expect(own.open(await sender.ctx.Seal(message, aad), aad)).toEqual(message);
  });

  test('agrees with @hpke/core in both directions, exports too', async () => {
    const peer = new PeerSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: suite.core });
    const options = { info, ...(pskKey && { psk: { id: pskKey.id, key: pskKey.key } }) };
    const key = await crypto.subtle.importKey(
      'pkcs8',
      pkcs8OfScalar(secret, publicKey) as Uint8Array<ArrayBuffer>,
      { name: 'ECDH', namedCurve: 'P-256' },
      true,
      ['deriveBits'],
    );
    const { enc, context } = setupSender(publicKey, ours);
    const receiver = await peer.createRecipientContext({ recipientKey: key, enc, ...options });
    expect(new Uint8Array(await receiver.open(context.seal(message, aad), aad))).toEqual(message);
    expect(new Uint8Array(await receiver.export(aad, 40))).toEqual(context.exportSecret(aad, 40));

    const recipientPublicKey = await peer.kem.deserializePublicKey(publicKey);
    const sender = await peer.createSenderContext({ recipientPublicKey, ...options });
    const own = setupReceiver(new Uint8Array(sender.enc), secret, ours);
    expect(own.open(new Uint8Array(await sender.seal(message, aad)), aad)).toEqual(message);
  });
});

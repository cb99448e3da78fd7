import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const [ivBytes, authTagLength] = [12, 16];

/** Encrypts bytes under a key of 32 bytes, bound to a context. Returns the IV, the tag and the ciphertext in one. */
export const encryptBytes = (key: Buffer, context: string, bytes: Buffer): Buffer => {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(context));
  const encrypted = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), encrypted]);
};

/** Returns undefined when it was encrypted under another key or for another context, or was changed. */
export const decryptBytes = (key: Buffer, context: string, all: Buffer): Buffer | undefined => {
  const [iv, tag, encrypted] = [
    all.subarray(0, ivBytes),
    all.subarray(ivBytes, ivBytes + authTagLength),
    all.subarray(ivBytes + authTagLength),
  ];
  try {
    const decipher = createDecipheriv(algorithm, key, iv, { authTagLength }).setAAD(Buffer.from(context));
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  } catch {
    return undefined;
  }
};

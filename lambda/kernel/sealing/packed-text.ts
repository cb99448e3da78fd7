import * as z from 'zod';
import { type Sealed, StoredSealed, sealedParts, sealedText } from '../../contracts/values/sealed';

const mark = Buffer.from('seal', 'base64'); // a stream shows bytes in base64, where they begin with this word
const packedInStream = /^seal[A-Za-z0-9+/]+={0,2}$/;

/**
 * Returns sealed text as bytes, a quarter shorter in a table: mark, length and name of the keys, number, content. Text
 * from before sealing stays as it is.
 */
export const packSealed = (text: Sealed): Uint8Array<ArrayBuffer> | Sealed => {
  const { ref, content } = sealedParts(text);
  if (ref === undefined) return text;
  const keys = Buffer.from(ref.keys);
  return Buffer.concat([mark, Buffer.from([keys.length]), keys, Buffer.from([ref.number >> 8, ref.number]), content]);
};

const unpack = (bytes: Buffer): Sealed => {
  const from = mark.length + 1;
  const to = from + bytes.readUInt8(mark.length);
  const ref = { keys: bytes.toString('ascii', from, to), number: bytes.readUInt16BE(to) };
  return sealedText(ref, bytes.subarray(to + 2));
};

/** Parses what `packSealed` returned, from a table or its stream. A text may be from before sealing, too. */
export const PackedSealed = z.union([
  z.instanceof(Uint8Array).transform((bytes) => unpack(Buffer.from(bytes))),
  z
    .string()
    .regex(packedInStream)
    .transform((text) => unpack(Buffer.from(text, 'base64'))),
  StoredSealed,
]);

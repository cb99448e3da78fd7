import * as z from 'zod';
import { CountryCode, needsPostcode } from './country';
import { personal } from './personal';
import { freeText, PhoneNumber } from './text';

/** An address for parcels. `prefecture` and `state` mean the same: countries use one name or the other. */
export const PostalAddress = personal(
  'delivery',
  z
    .strictObject({
      name: freeText(100).optional(),
      /** The reading of the name: フリガナ. */
      kana: freeText(100).optional(),
      company: freeText(100).optional(),
      street: freeText(200),
      /** Building, floor, room. */
      line2: freeText(200).optional(),
      city: freeText(100),
      state: freeText(100).optional(),
      prefecture: freeText(100).optional(),
      /** Required in countries where parcels need one, unlike HK or AE. */
      postalCode: freeText(20).optional(),
      country: CountryCode,
      phoneNumber: PhoneNumber.optional(),
    })
    .superRefine(({ country, postalCode }, context) => {
      if (postalCode === undefined && needsPostcode(country))
        context.addIssue({ code: 'custom', path: ['postalCode'], message: `is required for the country ${country}` });
    }),
);
export type PostalAddress = z.infer<typeof PostalAddress>;

const stored = (maxLength: number) => z.string().min(1).max(maxLength);

/** A stored address. An old one lacks later fields and may have values that are refused today. */
export const StoredAddress = personal(
  'delivery',
  z.object({
    name: stored(100).optional(),
    kana: stored(100).optional(),
    company: stored(100).optional(),
    street: stored(200),
    line2: stored(200).optional(),
    city: stored(100),
    state: stored(100).optional(),
    prefecture: stored(100).optional(),
    postalCode: stored(20).optional(),
    country: z.string().regex(/^[A-Z]{2}$/),
    phoneNumber: stored(30).optional(),
  }),
);

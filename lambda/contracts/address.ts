import * as z from 'zod';
import { CountryCode, needsPostcode } from './country';
import { freeText, PhoneNumber } from './text';

/** An address that a parcel can be sent to. `prefecture` and `state` are the same, by the name that the country uses. */
export const PostalAddress = z
  .strictObject({
    name: freeText(100).optional(),
    /** How the name is read: フリガナ. */
    kana: freeText(100).optional(),
    company: freeText(100).optional(),
    street: freeText(200),
    /** Building, floor, room. */
    line2: freeText(200).optional(),
    city: freeText(100),
    state: freeText(100).optional(),
    prefecture: freeText(100).optional(),
    /** Needed where parcels need one: not in HK or AE, for example. */
    postalCode: freeText(20).optional(),
    country: CountryCode,
    phoneNumber: PhoneNumber.optional(),
  })
  .superRefine(({ country, postalCode }, context) => {
    if (postalCode === undefined && needsPostcode(country))
      context.addIssue({ code: 'custom', path: ['postalCode'], message: `is required for the country ${country}` });
  });
export type PostalAddress = z.infer<typeof PostalAddress>;

const kept = (maxLength: number) => z.string().min(1).max(maxLength);

/** An address as it was kept. One of long ago has none of the later fields, and what it says may be refused today. */
export const KeptAddress = z.object({
  name: kept(100).optional(),
  kana: kept(100).optional(),
  company: kept(100).optional(),
  street: kept(200),
  line2: kept(200).optional(),
  city: kept(100),
  state: kept(100).optional(),
  prefecture: kept(100).optional(),
  postalCode: kept(20).optional(),
  country: z.string().regex(/^[A-Z]{2}$/),
  phoneNumber: kept(30).optional(),
});

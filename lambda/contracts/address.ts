import * as z from 'zod';
import { CountryCode, needsPostcode } from './country';
import { freeText, PhoneNumber } from './text';

/** An address for parcels. `prefecture` and `state` mean the same: countries use one name or the other. */
export const PostalAddress = z
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
  });
export type PostalAddress = z.infer<typeof PostalAddress>;

const kept = (maxLength: number) => z.string().min(1).max(maxLength);

/** A stored address. An old one lacks later fields and may have values that are refused today. */
export const StoredAddress = z.object({
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

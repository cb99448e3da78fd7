import * as z from 'zod';

/** The officially assigned codes of ISO 3166-1 alpha-2 (iso.org/obp, 2026-10). A test compares them with CLDR. */
export const countryCodes: ReadonlySet<string> = new Set(
  (
    'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA ' +
    'CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA ' +
    'GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP ' +
    'KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS ' +
    'MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS ' +
    'RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW ' +
    'TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'
  ).split(' '),
);

/**
 * The countries in which a parcel needs no postcode: 70 that have none, and 14 in which few people use them. A test
 * compares the list with two sources.
 */
const withoutPostcodes = new Set(
  (
    'AE AG AI AO AQ AW BB BF BI BJ BM BO BQ BS BV BW BZ CD CF CG CI CK CM CO CW DJ DM EH ER FJ GA GD GH GI GM GN GQ GY ' +
    'HK HM IE JM KI KM KN KP LC LY ML MO MR MS MW NA NR NU PA PS QA RW SB SC SL SO SR SS ST SX SY TD TF TG TK TL TO TT TV ' +
    'TZ UG VC VU WS YE ZW'
  ).split(' '),
);

/** ISO 3166-1 alpha-2, accepted in either case and stored in upper case. */
export const CountryCode = z
  .string()
  .max(2)
  .regex(/^[A-Za-z]*$/, { error: 'must be an ISO 3166-1 alpha-2 country code such as JP', abort: true })
  .toUpperCase()
  .refine((code) => countryCodes.has(code), 'must be an ISO 3166-1 alpha-2 country code such as JP')
  .meta({ examples: ['JP'] });

/** Whether a parcel to this country needs a postcode. False for an unknown country. */
export const needsPostcode = (country: string): boolean => countryCodes.has(country) && !withoutPostcodes.has(country);

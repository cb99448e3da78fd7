import * as z from 'zod';

const atext = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+$/;
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const typedDomain = /^[\p{L}\p{M}\p{N}.\u3002\uff0e\uff61-]+$/u; // no port, path or escape of a URL

/** Returns the domain in ASCII (punycode) and lower case, or undefined when it cannot receive mail. */
const asciiDomain = (typed: string): string | undefined => {
  if (!typedDomain.test(typed) || !URL.canParse(`http://${typed}`)) return undefined;
  const domain = new URL(`http://${typed}`).hostname;
  const labels = domain.split('.');
  const isNumeric = /^\d+$/.test(labels.at(-1) ?? ''); // an IP address
  return labels.length > 1 && domain.length <= 253 && !isNumeric && labels.every((one) => label.test(one))
    ? domain
    : undefined;
};

/** Returns the local part without quotation marks: `"hanako"` and `hanako` are the same. */
const unquoted = (local: string): string => /^"(.+)"$/.exec(local)?.[1]?.replaceAll(/\\(.)/g, '$1') ?? local;

const partsOf = (address: string): [local: string, domain: string] => {
  const at = address.lastIndexOf('@');
  return [unquoted(address.slice(0, Math.max(at, 0))), address.slice(at + 1)];
};

const canonical = (address: string): string => {
  const [local, typed] = partsOf(address);
  return `${local}@${asciiDomain(typed) ?? typed}`;
};

/** Returns the fault of an address, or undefined. */
const faultOf = (address: string): string | undefined => {
  const [local, domain] = partsOf(address);
  if (/[^\p{ASCII}]/u.test(local))
    return 'must have only letters A to Z, digits and signs before the "@": mail cannot be sent to other letters there';
  if (!atext.test(local))
    return 'must have no blanks and none of the signs ( ) < > [ ] : ; , @ \\ and quotation marks before the "@"';
  if (local.length > 64) return 'must have at most 64 characters before the "@"';
  return asciiDomain(domain) === domain ? undefined : 'must have a domain such as example.com after the "@"';
};

/**
 * An e-mail address. It may need quotation marks by RFC 5321, as those of old Japanese phones
 * (`hana..ko@docomo.ne.jp`), or have a Unicode domain. It is stored without quotation marks and with the domain in
 * ASCII and lower case.
 */
export const Email = z
  .string()
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/, { error: 'must be an e-mail address such as hanako@example.com', abort: true })
  .overwrite(canonical)
  .refine((address) => address.length <= 254, 'must have at most 254 characters with its domain in ASCII')
  .superRefine((address, context) => {
    const message = faultOf(address);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .meta({ examples: ['hanako@example.com'] });

/** An address that was accepted before, perhaps by older rules. For events, never for requests. */
export const RecordedEmail = z
  .string()
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/);

/** Returns the address for SMTP. The local part is quoted when its dots require that. */
export const deliverable = (address: string): string => {
  const stored = canonical(address);
  const at = stored.lastIndexOf('@');
  const local = stored.slice(0, at);
  return /^\.|\.\.|\.$/.test(local) ? `"${local}"${stored.slice(at)}` : stored;
};

/** Returns the form of an address by which it is found: two that differ in case or width alone are one. */
export const comparableEmail = (address: string): string => canonical(address.normalize('NFKC')).toLowerCase();

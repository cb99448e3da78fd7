import * as z from 'zod';

/** A tenant's defaults for its products: currency as ISO 4217 code, tax rates in basis points. */
export type Selling = { readonly currency: string; readonly standardTaxBps: number; readonly reducedTaxBps: number };

/** The product defaults of a tenant without its own. */
export const defaultSelling: Selling = { currency: 'JPY', standardTaxBps: 1000, reducedTaxBps: 800 };

/** Returns the product defaults of the caller's tenant. */
export const sellingOf = ({ selling = defaultSelling }: { readonly selling?: Selling | undefined }): Selling => selling;

/** Currency, standard and reduced tax rate, separated by spaces, as in the authorizer's context. */
export const SellingText = z.string().regex(/^[A-Z]{3} \d+ \d+$/);

export const sellingText = ({ currency, standardTaxBps, reducedTaxBps }: Selling): string =>
  `${currency} ${standardTaxBps} ${reducedTaxBps}`;

/** The opposite of `sellingText`. */
export const sellingFrom = (text: string): Selling => {
  const [currency = '', standard, reduced] = text.split(' ');
  return { currency, standardTaxBps: Number(standard), reducedTaxBps: Number(reduced) };
};

import type { Publishable } from '../kernel/publish';
import { reservationEvents } from './inventory-event';
import { reservationFromRow } from './reservation-row';
import { stockEvents } from './stock-event';
import { stockFromRow } from './stock-row';

type Image = Record<string, unknown>;

/** The relay hears of two tables: stock rows are named by their product, reservations by their order. */
export const isStock = (image: Image): boolean => 'productId' in image;

/** What a change of stock or of a reservation tells. Throws when the image is neither. */
export const relayedEvents = (image: Image, before?: Image): Publishable[] =>
  isStock(image)
    ? stockEvents(before && stockFromRow(before), stockFromRow(image))
    : reservationEvents(reservationFromRow(image));

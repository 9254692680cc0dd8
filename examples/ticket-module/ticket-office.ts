// A ticket office as one might write it: seats know their customer, and a clock gives back what is not paid for in time.

interface Booking {
  readonly customer: string;
  readonly isPaid: boolean;
}

export class TicketOffice {
  private readonly bookings = new Map<string, Booking>();
  private readonly sales = new Map<string, number>();

  constructor(private readonly seats: readonly string[]) {}

  /** False when the seat is not free. */
  hold(seat: string, customer: string): boolean {
    if (!this.seats.includes(seat) || this.bookings.has(seat)) return false;
    this.bookings.set(seat, { customer, isPaid: false });
    return true;
  }

  /** False when the customer does not hold the seat. */
  pay(seat: string, customer: string): boolean {
    const booking = this.bookings.get(seat);
    if (booking?.customer !== customer || booking.isPaid) return false;
    this.bookings.set(seat, { customer, isPaid: true });
    this.sales.set(customer, this.sold(customer) + 1);
    return true;
  }

  /** The time for paying is over; false when the seat was not held. */
  expire(seat: string): boolean {
    if (!this.isWaiting(seat)) return false;
    return this.bookings.delete(seat);
  }

  protected isWaiting(seat: string): boolean {
    return this.booking(seat)?.isPaid === false;
  }

  booking(seat: string): Booking | undefined {
    return this.bookings.get(seat);
  }

  sold(customer: string): number {
    return this.sales.get(customer) ?? 0;
  }
}

/** It forgets to stop the clock when the customer pays, so the seat is given back in spite of that. */
export class ForgetfulOffice extends TicketOffice {
  protected override isWaiting(seat: string): boolean {
    return this.booking(seat) !== undefined;
  }
}

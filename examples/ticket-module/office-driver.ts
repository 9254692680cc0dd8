// How scenarios of box_office.qnt drive a ticket office, and what its state is in the words of the spec. The types are
// those of the spec: `aura quint types --spec examples/box-office/box_office.qnt --output box-office-types.ts`.
import type { Driver, Seat, State, Step } from './box-office-types.ts';
import type { TicketOffice } from './ticket-office.ts';

const SEATS = ['A1', 'A2', 'A3'];
const CUSTOMERS = ['ada', 'bob'];

export function officeDriver(open: (seats: readonly string[]) => TicketOffice): Driver {
  let office = open(SEATS);

  function take(step: Step): boolean {
    switch (step.action) {
      case 'hold':
        return office.hold(step.params.seat, step.params.customer);
      case 'pay':
        return office.pay(step.params.seat, step.params.customer);
      case 'release':
        return office.expire(step.params.seat);
    }
  }

  function seatOf(name: string): Seat {
    const booking = office.booking(name);
    if (booking === undefined) return { tag: 'Free', value: [] };
    return { tag: booking.isPaid ? 'Sold' : 'Held', value: booking.customer };
  }

  return {
    capabilities: { state: 'full' },
    prepare() {
      office = open(SEATS);
    },
    apply: step => (take(step) ? 'accepted' : 'rejected'),
    observe: (): State => ({
      seats: SEATS.map(name => [name, seatOf(name)]),
      tickets: CUSTOMERS.map(name => [name, office.sold(name)]),
    }),
    close() {},
  };
}

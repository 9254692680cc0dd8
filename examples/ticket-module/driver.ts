// The ticket office as it should be.
import { officeDriver } from './office-driver.ts';
import { TicketOffice } from './ticket-office.ts';

export const createDriver = () => officeDriver(seats => new TicketOffice(seats));

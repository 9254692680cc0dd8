// A ticket office with a bug, for scenarios to find.
import { officeDriver } from './office-driver.ts';
import { ForgetfulOffice } from './ticket-office.ts';

export const createDriver = () => officeDriver(seats => new ForgetfulOffice(seats));

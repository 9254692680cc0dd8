// A box office that logs what it does as an execution trace, one JSON document a line: `node box-office.js`. With
// `--bug` it forgets to stop the clock of a hold when the customer pays, so the seat is given free again.
const bug = process.argv.includes('--bug');

const seats = { A1: 'Free', A2: 'Free', A3: 'Free' };
const tickets = { ada: 0, bob: 0 };
const clocks = new Map();
let now = 0;

function log(action, params = {}) {
  const event = { time: now, action, params, state: { seats, tickets } };
  console.log(JSON.stringify(event));
}

function hold(seat, customer) {
  seats[seat] = { Held: customer };
  clocks.set(seat, now + 30);
  log('hold', { seat, customer });
}

function pay(seat, customer) {
  seats[seat] = { Sold: customer };
  tickets[customer]++;
  if (!bug) clocks.delete(seat);
  log('pay', { seat, customer });
}

function wait(seconds) {
  now += seconds;
  for (const [seat, end] of clocks) {
    if (end > now) continue;
    clocks.delete(seat);
    seats[seat] = 'Free';
    log('release', { seat });
  }
}

console.log(JSON.stringify({ format: 'aura-execution-trace', version: 1 }));
log('init');
hold('A1', 'ada');
wait(10);
hold('A2', 'bob');
wait(10);
pay('A1', 'ada');
wait(15);
hold('A3', 'ada');
wait(10);
pay('A3', 'ada');

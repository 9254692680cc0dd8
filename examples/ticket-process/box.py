"""A box office in Python that scenarios drive over standard input and output: one JSON document a line. With --wrong it
counts a customer's second ticket twice. Standard error is for people."""
import json
import sys

SEATS = ["A1", "A2", "A3"]
CUSTOMERS = ["ada", "bob"]
WRONG = "--wrong" in sys.argv


class Box:
    def __init__(self):
        self.held = {}
        self.sold = {}
        self.tickets = {name: 0 for name in CUSTOMERS}

    def hold(self, seat, customer):
        if seat in self.held or seat in self.sold:
            return False
        self.held[seat] = customer
        return True

    def pay(self, seat, customer):
        if self.held.get(seat) != customer:
            return False
        self.sold[seat] = self.held.pop(seat)
        self.tickets[customer] += 2 if WRONG and self.tickets[customer] == 1 else 1
        return True

    def release(self, seat):
        return self.held.pop(seat, None) is not None

    def seat(self, name):
        if name in self.sold:
            return {"tag": "Sold", "value": self.sold[name]}
        if name in self.held:
            return {"tag": "Held", "value": self.held[name]}
        return {"tag": "Free", "value": []}


box = Box()


def prepare(setup):
    global box
    box = Box()
    print(f"ready for {setup['scenario']}", file=sys.stderr)


def apply(step):
    actions = {"hold": box.hold, "pay": box.pay, "release": box.release}
    if actions[step["action"]](**step["params"]):
        return "accepted"
    return {"outcome": "rejected", "reason": f"seat {step['params']['seat']} is {box.seat(step['params']['seat'])['tag']}"}


def observe(_):
    return {"seats": [[name, box.seat(name)] for name in SEATS], "tickets": list(box.tickets.items())}


METHODS = {
    "capabilities": lambda _: {"state": "full"},
    "prepare": prepare,
    "apply": apply,
    "observe": observe,
    "close": lambda _: None,
}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"id": request["id"], "result": METHODS[request["method"]](request["params"])}
    except Exception as error:
        answer = {"id": request["id"], "error": {"message": repr(error)}}
    print(json.dumps(answer), flush=True)

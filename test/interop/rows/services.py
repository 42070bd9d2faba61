"""What the server does for a phone at a code or a number: forwards by code, pickup, park."""
import lab

from . import NUMBERS, hear_each_other, row
from .transfers import two_remain


def arrange(w):
    """One pickup group for all lines, and park numbers; once in each world."""
    if w.server.json("pickup-group", "list"):
        return
    w.server.cli("pickup-group", "add", "Office", "--number", "8600")
    w.server.cli("call-park", "add", "800X")
    for number in list(NUMBERS.values())[:3]:
        w.line(number, "--call-pickup-group", "Office")


@row("sets and clears a forward by code", "services")
def forward_by_code(w):
    def forward():
        return w.server.json("line", "show", "1001").get("forwardAll") or ""
    w.phone.dial(f"*72{NUMBERS['carol']}")
    lab.wait_for("the forward", lambda: forward() == NUMBERS["carol"], 10)
    w.is_quiet(15)
    w.phone.dial("*73")
    lab.wait_for("the forward to be gone", lambda: forward() == "", 10)
    w.is_quiet(15)


def picked_up(w, caller, rings, picker, code):
    """The caller calls one, the other answers it by the code."""
    arrange(w)
    mark = rings.mark()
    caller.dial(rings.number)
    rings.rings(20, mark)
    picker.dial(code)
    picker.talks()
    caller.talks()
    two_remain(w, caller, picker, rings)


@row("picks up a call of its group", "services")
def picks_up(w):
    picked_up(w, w.peer, w.third, w.phone, "*8")


@row("picks up a call at a number", "services")
def picks_up_directed(w):
    picked_up(w, w.peer, w.third, w.phone, f"**{w.third.number}")


@row("loses a call that rings to a colleague who picks it up", "services")
def is_picked_up(w):
    picked_up(w, w.peer, w.phone, w.third, "*8")


def parked(w):
    """The number at which the call waits."""
    def waits():
        return [c for c in w.server.json("call", "list") if c["state"] == "parked"]
    return lab.wait_for("the call to be parked", waits, 15)[0]["calledNumber"]


def taken_up(w, parker, party, retriever, code):
    w.connect(parker, party)
    parker.blind(code)
    at = parked(w)
    lab.wait_for("the parker to be free", lambda: len(w.server.json("call", "list")) == 1, 15)
    retriever.dial(at)
    retriever.talks()
    hear_each_other(party, retriever)
    party.hang_up()
    w.is_quiet()


@row("parks a call by a transfer to *70", "services")
def parks(w):
    arrange(w)
    taken_up(w, w.phone, w.peer, w.third, "*70")


@row("is parked", "services")
def is_parked(w):
    arrange(w)
    taken_up(w, w.peer, w.phone, w.third, "8005")


@row("takes up a parked call", "services")
def takes_up(w):
    arrange(w)
    taken_up(w, w.peer, w.third, w.phone, "8005")

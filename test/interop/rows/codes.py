"""What a phone gets by dialling a code and no more, and what a hunt group is to it."""
import lab

from . import hear_each_other, row


def reached(w, caller, dialled, called):
    """The caller dials, the called rings and answers, both hear each other; then all is over."""
    mark = called.mark()
    caller.dial(dialled)
    called.rings(25, mark)
    called.answer()
    caller.talks()
    called.talks()
    hear_each_other(caller, called)
    w.hang_up(called)


@row("dials again by *66", "codes")
def redials(w):
    reached(w, w.phone, w.peer.number, w.peer)
    reached(w, w.phone, "*66", w.peer)


@row("calls whoever called last by *69", "codes")
def returns_call(w):
    reached(w, w.third, w.phone.number, w.phone)
    reached(w, w.phone, "*69", w.third)


def is_not_rung(w, caller, dialled):
    """The caller dials and fails; the phone stays silent."""
    mark, before = w.phone.mark(), w.records()
    caller.dial(dialled)
    record = w.newest(before)
    w.is_quiet()
    assert record["disposition"] != "answered" and record["calledNumber"] == w.phone.number, record
    try:
        w.phone.rings(2, mark)
    except lab.Failed:
        return
    raise lab.Failed("the phone rings")


@row("withholds its number by *67", "codes")
def withholds(w):
    mark = w.peer.mark()
    w.phone.dial(f"*67{w.peer.number}")
    w.peer.rings(25, mark)
    w.peer.waits_for("[Aa]nonymous", 5, mark)
    w.peer.refuse()
    w.is_quiet()


@row("has anonymous callers and those of a filter turned away", "codes")
def turns_away(w):
    if not w.server.json("caller-filter", "list"):
        w.server.cli("caller-filter", "add", "Nuisances", "--numbers", w.third.number)
    w.line("1001", "--reject-anonymous-call", "on", "--caller-filter", "Nuisances")
    try:
        is_not_rung(w, w.peer, f"*67{w.phone.number}")
        is_not_rung(w, w.third, w.phone.number)
        reached(w, w.peer, w.phone.number, w.phone)
    finally:
        w.line("1001", "--reject-anonymous-call", "off", "--caller-filter", "")


@row("is left in peace by *78, and called again after *79", "codes")
def is_left_in_peace(w):
    name = next(p["name"] for p in w.server.json("phone", "list") if p["digestUser"] == "alice")
    w.server.cli("phone", "update", name, "--dnd-option", "call-reject")

    def switched(code, on):
        w.phone.dial(code)
        lab.wait_for(f"the phone's do not disturb to be {on}",
                     lambda: w.server.json("phone", "show", name)["dndStatus"] is on, 10)
        w.is_quiet(15)
    switched("*78", True)
    is_not_rung(w, w.peer, w.phone.number)
    switched("*79", False)
    reached(w, w.peer, w.phone.number, w.phone)


@row("is called back by *37, and the other after it", "codes")
def is_called_back(w):
    mark = w.phone.mark()
    w.phone.dial(f"*37{w.peer.number}")  # confirmed, and over
    w.phone.rings(40, mark)
    other = w.peer.mark()
    w.phone.answer()
    w.peer.rings(20, other)
    w.peer.answer()
    w.peer.talks()
    hear_each_other(w.phone, w.peer)
    w.hang_up(w.peer)


@row("is hunted, and answers for the group", "codes")
def is_hunted(w):
    if not w.server.json("hunt-pilot", "list"):
        w.server.cli("line-group", "add", "Sales", "--members", "1002,1001", "--distribution-algorithm", "top-down",
                     "--rna-reversion-time-out", "3")
        w.server.cli("hunt-list", "add", "Sales", "--line-groups", "Sales")
        w.server.cli("hunt-pilot", "add", "5000", "--hunt-list", "Sales")
    first = w.peer.mark()
    mark = w.phone.mark()
    w.third.dial("5000")
    w.peer.rings(20, first)  # and does not answer
    w.phone.rings(20, mark)
    w.phone.answer()
    w.third.talks()
    w.phone.talks()
    hear_each_other(w.third, w.phone)
    w.hang_up(w.third)

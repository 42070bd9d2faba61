"""Forwards of each kind from the phone under test; SIPp is the party that is reached and sees the way in Diversion."""
import time

import lab
from phones.sipp import Sipp

from . import row

TARGET = "1004"  # dave


def forwarded(w, reason, then=lambda: None, caller=None, via="1001"):
    """The caller calls the phone, SIPp answers as dave; `then` is what the phone does meanwhile."""
    caller = caller or w.peer
    port = lab.free_port()
    Sipp(w.server, "register", TARGET, port, "dave").done(30)
    target = Sipp(w.server, "callee", TARGET, port, "dave", calls=False).listens()
    try:
        before = w.records()
        caller.dial("1001")
        then()
        caller.talks(25)
        said = [m.all("diversion") for m in target.received("INVITE")]
        assert said and said[0] and f"<sip:{via}@" in said[0][0] and f"reason={reason}" in said[0][0], said
        caller.hang_up()
        target.done(30)
        w.is_quiet()
        record = w.newest(before)
        assert (record["calledNumber"], record["disposition"]) == (TARGET, "answered") or record["originalCalledNumber"], record
    finally:
        target.quit()


@row("forwards all calls", "forward")
def all_calls(w):
    w.line("1001", "--forward-all", TARGET)
    try:
        forwarded(w, "unconditional")
    finally:
        w.line("1001", "--forward-all", "")


@row("forwards when it refuses", "forward")
def busy(w):
    w.line("1001", "--forward-busy-internal", TARGET)
    mark = w.phone.mark()

    def refuses():
        w.phone.rings(20, mark)
        time.sleep(0.3)
        w.phone.refuse()
    try:
        forwarded(w, "user-busy", refuses)
    finally:
        w.line("1001", "--forward-busy-internal", "", "--forward-busy-external", "")


@row("forwards when nobody answers", "forward")
def no_answer(w):
    w.line("1001", "--forward-no-answer-internal", TARGET, "--forward-no-answer-duration", "2")
    mark = w.phone.mark()
    try:
        forwarded(w, "no-answer", lambda: w.phone.rings(20, mark))
    finally:
        w.line("1001", "--forward-no-answer-internal", "", "--forward-no-answer-external", "")


@row("redirects a call (302)", "forward")
def redirects(w):
    w.phone.need("redirect")
    w.phone.redirect_to(TARGET, lambda then: forwarded(w, "deflection", then))


@row("forwards when it has quit", "forward")
def quits(w):
    w.line("1001", "--forward-unregistered-internal", TARGET)
    w.drop(w.phone)
    try:
        lab.wait_for("the phone to be gone", lambda: not w.server.registered("1001"), 20)
        forwarded(w, "unavailable")
    finally:
        w.line("1001", "--forward-unregistered-internal", "", "--forward-unregistered-external", "")
        w.phone = w.add(w.make, "alice", w.transport)

"""Registration, the plain call, hold."""
import re
import time

import lab
from phones import Lacks

from . import hear_each_other, row

PROFILE = "Standard SIP Profile"


@row("registers", "registration", fast=True)
def registers(w):
    found = w.server.registered("1001")
    assert [r["transport"] for r in found] == [w.transport.upper()], found
    assert found[0]["wouldVerify"] == "yes", found


@row("calls, hears and is heard", "call", fast=True)
def calls(w):
    w.connect(w.phone, w.peer)
    record = w.hang_up(w.phone)
    assert (record["disposition"], record["endedBy"]) == ("answered", "caller"), record


@row("is called, hears and is heard", "call", fast=True)
def is_called(w):
    w.connect(w.peer, w.phone)
    record = w.hang_up(w.peer)
    assert (record["callingNumber"], record["calledNumber"]) == ("1002", "1001"), record


@row("hangs up a call that came in", "call")
def callee_hangs_up(w):
    w.calls(w.peer, w.phone)
    record = w.hang_up(w.phone)
    assert record["endedBy"] == "callee", record


@row("refuses a call", "call")
def refuses(w):
    before, mark = w.records(), w.phone.mark()
    w.peer.dial("1001")
    w.phone.rings(20, mark)
    time.sleep(0.5)
    w.phone.refuse()
    w.is_quiet(15)
    record = w.newest(before)
    assert record["disposition"] in ("busy", "failed") and record["endedBy"] == "callee", record


@row("gives up a call that rings", "call")
def gives_up(w):
    before, mark = w.records(), w.peer.mark()
    w.phone.dial("1002")
    w.peer.rings(20, mark)
    time.sleep(0.5)
    w.phone.hang_up()
    w.is_quiet(15)
    assert w.newest(before)["disposition"] == "cancelled"


def held(w, holder, other):
    """The holder holds, and the other stops to send, as it was told; resumed, both hear each other again.

    (What the other hears meanwhile is the holder's affair: linphone plays it what it has for music.)"""
    holder.hold()
    holder.ear().hears_not(other.tone)
    assert len(w.server.json("call", "list")) == 1
    holder.resume()
    hear_each_other(holder, other)


@row("acknowledges ringing (PRACK)", "call")
def prack(w):
    w.server.cli("sip-profile", "update", PROFILE, "--rel1xx", "all")
    try:
        w.calls(w.phone, w.peer)
        w.hang_up(w.peer)
    finally:
        w.server.cli("sip-profile", "reset", PROFILE)
    messages = re.split(r"\n *(?=INVITE |PRACK |SIP/2\.0 )", w.server.run("trace", "--raw").stdout.replace("\r", ""))
    invite = [m for m in messages if m.startswith("INVITE sip:1002@") and "party=calling" not in m][-1]  # not ours
    if not re.search(r"^ *(Supported|k|Require):.*100rel", invite, re.M):
        raise Lacks("offers no 100rel")
    call_id = re.search(r"^ *(?:Call-ID|i): *(\S+)", invite, re.M).group(1)
    assert any(m.startswith("PRACK ") and call_id in m for m in messages), "there was no PRACK"


@row("holds and resumes", "hold", fast=True)
def holds(w):
    w.connect(w.phone, w.peer)
    held(w, w.phone, w.peer)
    w.hang_up(w.phone)


@row("is held and resumed", "hold")
def is_held(w):
    w.connect(w.phone, w.third)
    held(w, w.third, w.phone)
    w.hang_up(w.third)


@row("holds in the form of RFC 2543", "hold")
def holds_of_old(w):
    w.phone.need("old hold")
    dave = w.add(w.make, "dave", w.transport, hold="rfc2543")
    try:
        w.connect(dave, w.peer)
        held(w, dave, w.peer)
        w.hang_up(w.peer)
    finally:
        w.drop(dave)
    trace = w.server.run("trace", "--raw").stdout
    assert "c=IN IP4 0.0.0.0" in trace, "the phone did not hold in this form"


@row("holds by inactive", "hold")
def holds_by_inactive(w):
    w.phone.need("inactive hold")
    raise AssertionError("no make holds so; SIPp does")


@row("answers a second call while the first is held", "hold")
def second_call(w):
    w.connect(w.peer, w.phone)
    w.phone.hold()
    w.phone.ear().hears_not(w.peer.tone, 1)
    w.calls(w.third, w.phone)
    hear_each_other(w.third, w.phone)
    before = w.records()
    w.third.hang_up()
    lab.wait_for("one call to be left", lambda: len(w.server.json("call", "list")) == 1, 10)
    w.newest(before)
    w.hang_up(w.peer)

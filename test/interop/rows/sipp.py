"""SIPp as the phone under test (1001): the same titles, shown by scenarios. It has no voice; it echoes what it hears (-rtp_echo)."""
import time

import lab
from phones.sipp import Sipp
from phones.sipp_steps import Scenario

from . import World

CHECKS = {}
PROFILE = "Third-party SIP Device Advanced - Standard SIP Non-Secure Profile"


def check(title):
    def take(function):
        CHECKS[title] = function
        return function
    return take


class SippWorld(World):
    """baresip and linphone are the peers. Digest is on, so that SIPp sees the same over UDP and over TCP."""

    def setting_up(self):
        self.server.cli("security-profile", "update", PROFILE, "--digest-authentication", "on", "--challenged-requests", "out-of-dialog")
        self.peer, self.third = self.add("baresip", "bob"), self.add("linphone", "carol")
        self.port = lab.free_port()
        self.sipp("register").done(30)

    def sipp(self, scenario, called="", **more):
        return Sipp(self.server, scenario, "1001", self.port, "alice", called, "u1" if self.transport == "udp" else "t1", **more)

    def called(self, scenario, phone):
        """SIPp plays this, and the phone answers the call."""
        mark = phone.mark()
        run = self.sipp(scenario, echo=True)
        try:
            phone.rings(20, mark)
            phone.answer()
            phone.talks()
        except lab.Failed as failure:
            code, words = run.process.poll(), run.words()[-5000:]
            run.quit()
            raise lab.Failed(f"sipp (exit {code}) said:\n{words}\n{failure}") from None
        return run


@check("registers")
def registers(w):
    assert [r["transport"] for r in w.server.registered("1001")] == [w.transport.upper()]


@check("calls, hears and is heard")
def calls(w):
    run = w.called(Scenario("calls").invite("1002").pause(4).bye(), w.peer)
    w.peer.ear().hears(w.peer.tone)
    run.done(30)
    w.is_quiet()


@check("is called, hears and is heard")
def is_called(w):
    run = w.sipp("callee", calls=False, echo=True).listens()
    try:
        w.peer.dial("1001")
        w.peer.talks()
        w.peer.ear().hears(w.peer.tone)
        w.peer.hang_up()
        run.done(30)
    finally:
        run.quit()
    w.is_quiet()


@check("hangs up a call that came in")
def callee_hangs_up(w):
    run = w.called(Scenario("hung up").invite("1002").get_request("BYE"), w.peer)
    w.peer.hang_up()
    run.done(30)


@check("refuses a call")
def refuses(w):
    run = w.sipp("callee_busy", calls=False).listens()
    before = w.records()
    w.peer.dial("1001")
    run.done(30)
    assert w.newest(before)["disposition"] == "busy"


@check("gives up a call that rings")
def gives_up(w):
    mark, before = w.peer.mark(), w.records()
    run = w.sipp("caller_challenged_cancels", "1002")
    w.peer.rings(20, mark)
    run.done(30)
    assert w.newest(before)["disposition"] == "cancelled"


def holds(w, direction, address, expect):
    """The peer hears its own echo, not while it is held, and again."""
    hold = Scenario(f"holds {direction} {address}").invite("1002").pause(4)
    hold.reinvite(direction, address, expect).pause(5).reinvite(expect="m=audio").pause(5).bye()
    run = w.called(hold, w.peer)
    w.peer.ear().hears(w.peer.tone, 3)
    lab.wait_for("the hold", lambda: run.sent().count("INVITE sip:") > 2, 10)
    w.peer.ear().hears_not(w.peer.tone)
    w.peer.ear().hears(w.peer.tone, 10)
    run.done(30)
    w.is_quiet()


@check("acknowledges ringing (PRACK)")
def prack(w):
    w.server.cli("sip-profile", "update", "Standard SIP Profile", "--rel1xx", "all")
    try:
        w.called(Scenario("prack").invite_reliably("1002").pause(1).bye(), w.peer).done(30)
    finally:
        w.server.cli("sip-profile", "reset", "Standard SIP Profile")


@check("holds and resumes")
def holds_sendonly(w):
    holds(w, "sendonly", "[local_ip]", "a=(recvonly|inactive)")


@check("holds by inactive")
def holds_inactive(w):
    holds(w, "inactive", "[local_ip]", "a=inactive")


@check("holds in the form of RFC 2543")
def holds_of_old(w):
    holds(w, "sendrecv", "0.0.0.0", "m=audio")


@check("is held and resumed")
def is_held(w):
    """By linphone; the call goes on in the order offer, answer, ACK that it wants."""
    taken = Scenario("is held").invite("1003")
    for direction, answer in (("sendonly", "recvonly"), ("", "sendrecv")):
        taken.asked(f"a={direction}" if direction else "m=audio", answer)
    taken.get_request("BYE")
    run = w.called(taken, w.third)
    w.third.ear().hears(w.third.tone)
    w.third.hold()
    time.sleep(1)
    w.third.resume()
    w.third.ear().hears(w.third.tone)
    w.third.hang_up()
    run.done(30)


@check("transfers blind, as the caller")
def transfers(w):
    """Told by NOTIFY of the trying, the ringing and the answer; then the server ends the transferor's dialog."""
    mark = w.third.mark()
    script = Scenario("transfers").invite("1002").pause(0.5).refer("1003").notified("SIP/2.0 100").notified("SIP/2.0 180")
    run = w.called(script.notified("SIP/2.0 200").get_request("BYE"), w.peer)
    w.third.rings(20, mark)
    w.third.answer()
    w.third.talks()
    run.done(30)
    ears = w.peer.ear(), w.third.ear()
    ears[0].hears(w.third.tone)
    ears[1].hears(w.peer.tone)
    w.hang_up(w.peer)


@check("shows the message lamp")
def message_lamp(w):
    w.server.cli("mwi", "set", "1001", "off")
    lamp = Scenario("lamp").subscribe("1001", "message-summary", ["Accept: application/simple-message-summary"])
    lamp.notified("Messages-Waiting: no").notified("Voice-Message: 2/1").notified("Messages-Waiting: no")
    run = w.sipp(lamp)
    run.hears_of("NOTIFY")
    w.server.cli("mwi", "set", "1001", "--new", "2", "--old", "1")
    lab.wait_for("the lamp to be lit", lambda: len(run.received("NOTIFY")) > 1, 10)
    w.server.cli("mwi", "set", "1001", "off")
    run.done(30)


@check("shows a busy lamp (dialog-info)")
def busy_lamp(w):
    lamp = Scenario("busy lamp").subscribe("1002", "dialog", ["Accept: application/dialog-info+xml"])
    lamp.notified("dialog-info").notified("<state[^>]*>(trying|early|confirmed)").notified("<state[^>]*>(early|confirmed)")
    run = w.sipp(lamp)
    run.hears_of("NOTIFY")
    w.calls(w.third, w.peer)
    run.done(30)
    w.hang_up(w.third)

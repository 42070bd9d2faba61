"""The rows of the interop matrix, and the world in which each is shown.

A row is a function with a world: the phone under test, two peers of other makes, the server. It is taken for `yes` when it
returns; `need()` of a phone says why a make cannot. Rows come in the order in which their modules name them.
"""
import threading

import lab
import phones
from sound import Sound

TONES = {"alice": 440, "bob": 660, "carol": 980, "dave": 1270, "erin": 1500, "frank": 1800}
NUMBERS = {"alice": "1001", "bob": "1002", "carol": "1003", "dave": "1004", "erin": "1005", "frank": "1006"}
PEERS = {"baresip": ("linphone", "twinkle"), "linphone": ("baresip", "twinkle"), "twinkle": ("baresip", "linphone")}
ROWS = []  # (title, chapter, fast, check)
WORLDS = []  # those that are there now
ENDING = threading.Event()  # no new ones begin


def row(title, chapter, fast=False):
    """A row of the matrix; the fast ones are shown without --long too."""
    def take(check):
        ROWS.append((title, chapter, fast, check))
        return check
    return take


class World:
    """A server with tracing; alice (1001) is the phone under test; bob (1002) and carol (1003) are of the other makes, over UDP."""

    def __init__(self, binary, make, transport):
        if ENDING.is_set():
            raise lab.Failed("told to end")
        self.make, self.transport, self.phones = make, transport, []
        WORLDS.append(self)
        self.sound = None
        self.server = lab.Server(binary, tls=True, env={"CARILLON_TRACE": "on"}).start()
        try:
            self.sound = Sound(TONES)
            for name, number in NUMBERS.items():
                self.server.add_user(name, f"{name}-secret", number, product="basic" if name == "frank" else "advanced")
            self.setting_up()
        except BaseException:
            self.quit()
            raise

    def setting_up(self):
        self.phone = self.add(self.make, "alice", self.transport)
        self.peer = self.add(PEERS[self.make][0], "bob")
        self.third = self.add(PEERS[self.make][1], "carol")

    def add(self, make, name, transport="udp", **more):
        phone = phones.KINDS[make](self.server, self.sound, NUMBERS[name], name, TONES[name], transport, **more)
        self.phones.append(phone)
        phone.register()
        return phone

    def drop(self, phone):
        self.phones.remove(phone)
        phone.quit()

    def line(self, number, *words):
        self.server.cli("line", "update", number, *words)

    def calls(self, a, b):
        """a calls b, who answers."""
        mark = b.mark()
        a.dial(b.number)
        b.rings(20, mark)
        b.answer()
        a.talks()
        b.talks()

    def connect(self, a, b):
        """a calls b, who answers; both hear each other."""
        self.calls(a, b)
        hear_each_other(a, b)

    def other(self, ability):
        """Of the two peers, the one that can do this, and the other."""
        able = next(p for p in (self.peer, self.third) if p.can(ability))
        return able, self.third if able is self.peer else self.peer

    def is_quiet(self, seconds=10):
        lab.wait_for("all calls to be gone", lambda: self.server.json("call", "list") == [], seconds)

    def newest(self, before):
        """The newest record, once there are more than before."""
        def more():
            found = self.server.json("cdr", "list")
            return found if len(found) > before else None
        return lab.wait_for("its record", more, 5)[0]

    def records(self):
        return len(self.server.json("cdr", "list"))

    def hang_up(self, who):
        before = self.records()
        who.hang_up()
        self.is_quiet()
        return self.newest(before)

    def quit(self):
        if self in WORLDS:
            WORLDS.remove(self)
        for phone in self.phones:
            phone.quit()
        if self.sound:
            self.sound.quit()
        self.server.__exit__(None, None, None)


def hear_each_other(a, b):
    ears = a.ear(), b.ear()
    ears[0].hears(b.tone)
    ears[1].hears(a.tone)


def world_of(make):
    from . import sipp
    return sipp.SippWorld if make == "sipp" else World


def rows_of(make):
    """The rows of this make: SIPp has checks of its own under the same titles."""
    from . import sipp
    if make != "sipp":
        return ROWS
    return [(title, chapter, fast, sipp.CHECKS[title]) for title, chapter, fast, _ in ROWS if title in sipp.CHECKS]

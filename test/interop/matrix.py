"""The interop matrix: softphones of several makes over each transport that they have, feature by feature, against the real
server. Prints it, keeps the SIP ladder of each failure, and can write docs/INTEROP.md.

  matrix.py SERVER [--long] [--make M] [--transport T] [--row R] [--keep FOLDER] [--write FILE]

Without --long: each make over UDP, the rows marked fast. A row is a function with the phone under test, a peer of another
make, and the world; what it needs and cannot have (a verb that the make lacks) it says with `lacks`.
"""
import argparse
import pathlib
import shutil
import sys
import tempfile
import time

import lab
import phones
from sound import Sound

TONES = {"alice": 440, "bob": 660}
ROWS = []


class Lacks(Exception):
    """The make has no such thing; the text says what."""


def row(title, feature, fast=False):
    def take(check):
        ROWS.append((title, feature, fast, check))
        return check
    return take


class World:
    """A server with tracing, the phone under test (alice, 1001) and a peer of another make (bob, 1002, UDP)."""

    def __init__(self, binary, make, transport):
        self.make, self.transport, self.phones = make, transport, []
        self.server = lab.Server(binary, tls=True, env={"CARILLON_TRACE": "on"}).start()
        self.sound = None
        try:
            self.sound = Sound(TONES)
            for i, name in enumerate(TONES):
                self.server.add_user(name, f"{name}-secret", str(1001 + i), product="advanced")
            peer = "linphone" if make == "baresip" else "baresip"
            self.phone = self.add(make, "1001", "alice", transport)
            self.peer = self.add(peer, "1002", "bob", "udp")
        except BaseException:
            self.quit()
            raise

    def add(self, make, number, name, transport):
        phone = phones.KINDS[make](self.server, self.sound, number, name, TONES[name], transport)
        self.phones.append(phone)
        phone.register()
        return phone

    def connect(self, a, b):
        """a calls b, who answers; both hear each other."""
        mark = b.mark()
        a.dial(b.number)
        b.rings(20, mark)
        b.answer()
        a.talks(20)
        b.talks(20)
        hear_each_other(a, b)

    def hang_up(self, who):
        before = len(self.server.json("cdr", "list"))
        who.hang_up()
        lab.wait_for("the call to be gone", lambda: self.server.json("call", "list") == [], 10)
        return lab.wait_for("its record", lambda: self.server.json("cdr", "list")[:1]
                            if len(self.server.json("cdr", "list")) > before else None, 5)[0]

    def quit(self):
        for phone in self.phones:
            phone.quit()
        if self.sound:
            self.sound.quit()
        self.server.__exit__(None, None, None)


def hear_each_other(a, b):
    ears = a.ear(), b.ear()
    ears[0].hears(b.tone)
    ears[1].hears(a.tone)


@row("registers", "registration", fast=True)
def registers(w):
    found = w.server.registered("1001")
    assert [r["transport"] for r in found] == [w.transport.upper()], found
    assert found[0]["wouldVerify"] == "yes", found


@row("calls and is heard", "basic call", fast=True)
def calls(w):
    w.connect(w.phone, w.peer)
    record = w.hang_up(w.phone)
    assert (record["disposition"], record["endedBy"]) == ("answered", "caller"), record


@row("is called and hears", "basic call", fast=True)
def is_called(w):
    w.connect(w.peer, w.phone)
    record = w.hang_up(w.peer)
    assert (record["callingNumber"], record["calledNumber"]) == ("1002", "1001"), record


@row("hangs up a call that came in", "basic call")
def callee_hangs_up(w):
    w.connect(w.peer, w.phone)
    record = w.hang_up(w.phone)
    assert record["endedBy"] == "callee", record


@row("holds and resumes", "hold", fast=True)
def holds(w):
    w.connect(w.phone, w.peer)
    w.phone.hold()
    w.peer.ear().hears_not(w.phone.tone)
    w.phone.resume()
    hear_each_other(w.phone, w.peer)
    w.hang_up(w.phone)


@row("is held and resumed", "hold")
def is_held(w):
    w.connect(w.phone, w.peer)
    w.peer.hold()
    w.phone.ear().hears_not(w.peer.tone)
    w.peer.resume()
    hear_each_other(w.phone, w.peer)
    w.hang_up(w.peer)


@row("refuses a call", "busy")
def refuses(w):
    mark = w.phone.mark()
    w.peer.dial("1001")
    w.phone.rings(20, mark)
    time.sleep(0.5)
    w.phone.refuse()
    lab.wait_for("the call to be gone", lambda: w.server.json("call", "list") == [], 15)
    record = w.server.json("cdr", "list")[0]
    assert record["disposition"] in ("busy", "failed") and record["endedBy"] == "callee", record


@row("gives up a call that rings", "cancel")
def gives_up(w):
    mark = w.peer.mark()
    w.phone.dial("1002")
    w.peer.rings(20, mark)
    time.sleep(0.5)
    w.phone.hang_up()
    lab.wait_for("the call to be gone", lambda: w.server.json("call", "list") == [], 15)
    record = w.server.json("cdr", "list")[0]
    assert record["disposition"] == "cancelled", record


def keep_ladder(folder, world, title, failure):
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{world.make}-{world.transport}-{title.replace(' ', '-')}"
    text = f"{failure}\n\n{world.server.run('trace', check=False).stdout}\n{world.server.run('trace', '--raw', check=False).stdout}"
    (folder / f"{name}.txt").write_text(text)
    for phone in world.phones:
        (folder / f"{name}.{phone.name}.log").write_text(phone.text())


def run_setup(options, make, transport, results):
    world = None
    for title, _, fast, check in ROWS:
        if (options.row and options.row not in title) or not (fast or options.long):
            continue
        began = time.monotonic()
        try:
            world = world or World(options.server, make, transport)
            check(world)
            result = "yes"
        except Lacks as reason:
            result = f"– {reason}"
        except (lab.Failed, AssertionError, OSError) as failure:
            result = "NO"
            print(f"{make} {transport}: {title}: {failure}", file=sys.stderr)
            if world:
                keep_ladder(options.keep, world, title, failure)
                world.quit()
            world = None
        results[title, make, transport] = result
        print(f"{make:9} {transport:4} {title:32} {result:4} {time.monotonic() - began:5.1f} s", flush=True)
    if world:
        world.quit()


def table(results, columns):
    lines = ["| Feature | " + " | ".join(f"{m} {t.upper()}" for m, t in columns) + " |", "|---|" + "---|" * len(columns)]
    for title, *_ in ROWS:
        cells = [results.get((title, *c), "") for c in columns]
        if any(cells):
            lines.append(f"| {title} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server")
    parser.add_argument("--long", action="store_true", help="all rows, over all transports")
    parser.add_argument("--make", choices=phones.MAKES)
    parser.add_argument("--transport")
    parser.add_argument("--row", help="only rows with this in their title")
    parser.add_argument("--keep", type=pathlib.Path, help="where the ladders of failures go")
    parser.add_argument("--write", type=pathlib.Path, help="write the matrix as a document")
    options = parser.parse_args()
    options.keep = options.keep or pathlib.Path(tempfile.mkdtemp(prefix="interop-"))
    columns = [(m, t) for m, ts in phones.MAKES.items() for t in ts
               if options.make in (None, m) and options.transport in (None, t) and (options.long or t == "udp")]
    results = {}
    for make, transport in columns:
        run_setup(options, make, transport, results)
    text = table(results, columns)
    print("\n" + text)
    if options.write:
        options.write.write_text("# Interop\n\nGenerated by `./x interop --long --write`. Do not edit.\n\nSoftphones against the "
                                 "server, each with a peer of another make; what is heard is proven by a tone of each phone "
                                 "in the recording of the other.\n\n" + text)
    failed = [k for k, v in results.items() if v == "NO"]
    if failed:
        print(f"{len(failed)} failed; ladders in {options.keep}")
        return 1
    shutil.rmtree(options.keep, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

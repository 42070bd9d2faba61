"""baresip: driven over its JSON port. It has no commands for attended transfers, and of lamps those for mailbox and presence."""
import re
import time

import lab

from .base import Phone


class BaresipPhone(Phone):
    make = "baresip"
    lacks = {"attended": "no command for attended transfers",
             "redirect": "no command to redirect a call",
             "three-way": "no command to join two calls",
             "old hold": "holds by sendonly only",
             "inactive hold": "holds by sendonly only",
             "busy lamp": "subscribes to no dialog-info"}

    def __init__(self, server, sound, number, name, tone, transport="udp", video=False, watch=(), lamp=False):
        self.name, self.number, self.tone, self.transport, self.sound = name, number, tone, transport, sound
        self.server, self.since = server, 0
        contacts = "".join(f'"{w}" <{self.uri(w)}>;presence=p2p\n' for w in watch)
        self.phone = lab.Baresip(name, server, number, name, f"{name}-secret", tone, transport, answer="manual", sound=sound,
                                 extra=self.mailbox() if lamp else "", contacts=contacts, video=video,
                                 modules=[*(["mwi"] if lamp else []), *(["contact", "presence"] if watch else [])])

    def mailbox(self):
        """Its mwi module subscribes to the address of record as it stands, without the account's transport."""
        return "mwi=yes" + (f';outbound="sip:{self.server.host}:{self.server.tls};transport=tls"' if self.transport == "tls" else "")

    def register(self):
        self.phone.registered()
        super().register()

    def mark(self):
        return self.phone.mark()

    def dial(self, number):
        self.since = self.mark()
        at = len(self.text())
        for _ in range(3):  # now and then it drops a command of its control port
            self.phone.dial(number)
            try:
                self.waits_for(r"call: connecting to", 2, at)
                return
            except lab.Failed:
                continue

    def rings(self, seconds=20.0, since=0):
        self.since = max(since, self.since)
        self.phone.wait("CALL_INCOMING", seconds, self.since)

    def answer(self):
        for _ in range(3):  # it may drop this one too
            self.phone.command("accept")
            try:
                self.phone.wait("CALL_ESTABLISHED", 2, self.since)
                return
            except lab.Failed:
                continue

    def talks(self, seconds=20.0):
        self.phone.wait("CALL_ESTABLISHED", seconds, self.since)

    def hang_up(self):
        self.phone.command("hangup")

    refuse = hang_up

    def hold(self):
        self.phone.command("hold")

    def resume(self):
        self.phone.command("resume")

    def blind(self, number):
        self.phone.command("transfer", self.uri(number))

    def lamp(self, on):
        """Waits until the mailbox lamp is so: the event of its mwi module."""
        word = f"Messages-Waiting: {'yes' if on else 'no'}"

        def shown():
            self.phone.mark()
            said = [str(e.get("param", "")) for e in self.phone.events if "Messages-Waiting" in str(e.get("param", ""))]
            return said and word in said[-1]
        lab.wait_for(f"{self}: {word}", shown, 20)

    def sees(self, number, state):
        """Waits until its list of contacts shows this number `free` or `talks`."""
        word = {"free": "Online", "talks": "Busy"}[state]

        def shown():
            mark = self.mark()
            self.phone.command("contacts")
            time.sleep(0.3)
            self.mark()
            found = [line for e in self.phone.events[mark:] for line in str(e.get("data", "")).splitlines() if f":{number}@" in line]
            return found and word in found[-1]
        lab.wait_for(f"{self} to see {number}: {word}", shown, 20, 0.5)

    def sees_video(self):
        """Whether it has decoded frames of the other."""
        mark = self.mark()
        self.phone.command("video_debug")
        time.sleep(0.5)
        self.mark()
        found = [int(n) for e in self.phone.events[mark:] for n in re.findall(r"vidisp: \S+ .*? frames=(\d+)", str(e.get("data", "")))]
        return bool(found) and found[-1] >= 3

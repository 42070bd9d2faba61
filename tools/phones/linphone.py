"""linphone: the console program linphonec, driven over its standard input; it plays a file and records one."""
import re
import time

import lab

from .base import Phone


class LinphonePhone(Phone):
    make = "linphone"
    lacks = {"voice in the mix": "plays no files into a conference of its own",
             "message lamp": "the console shows no message lamp",
             "old hold": "holds by sendonly only",
             "inactive hold": "holds by sendonly only",
             "busy lamp": "subscribes to no dialog-info"}
    RINGS = r"new incoming call"
    TALKS = r"Call \d+ with .* connected"

    def __init__(self, server, sound, number, name, tone, transport="udp", video=False, watch=()):
        self.name, self.number, self.tone, self.transport, self.server = name, number, tone, transport, server
        self.phone = lab.Linphone(name, server, number, name, f"{name}-secret", tone, transport, video=video, watch=watch)
        self.since = 0

    def register(self):
        self.phone.register()

    def dial(self, number):
        self.since = self.mark()
        self.phone.say(f"call {self.uri(number)}")

    def answer(self):
        self.phone.say(f"answer {self.call_number()}")

    def hang_up(self):
        self.phone.say("terminate all")

    refuse = hang_up

    def hold(self):
        self.phone.say("pause")

    def resume(self):
        self.phone.say(f"resume {self.call_number()}")

    def call_number(self):
        return max(int(n) for n in re.findall(r"(?:Call|assigned id) (\d+)", self.text()))

    def blind(self, number):
        self.phone.say(f"transfer {self.call_number()} {self.uri(number)}")

    def consult(self, number):
        self.first = self.call_number()
        mark = self.mark()
        self.hold()
        self.waits_for(rf"Call {self.first} .*paused", 15, mark)
        self.dial(number)

    second = consult

    def join(self):
        self.phone.say(f"transfer {self.first} --to-call {self.call_number()}")

    def mix(self):
        for number in (self.first, self.call_number()):
            self.phone.say(f"conference add {number}")
            time.sleep(1)

    def redirect_to(self, number, play):
        """Calls `play` with what is to be done at this phone once somebody calls: 302 for the call that rings."""
        mark = self.mark()

        def redirect():
            self.rings(20, mark)
            self.phone.say(f"redirect {self.call_number()} {self.uri(number)}")
        play(redirect)

    def sees(self, number, state):
        """Waits until its list of friends shows this number `free` or `talks`."""
        words = {"free": "Online", "talks": "On the phone"}

        def shown():
            found = re.findall(rf"Friend .*:{number}@.* is (.*)", self.text())
            return found and found[-1] == words[state]
        lab.wait_for(f"{self} to see {number}: {words[state]}", shown, 20)

    def sees_video(self):
        """Whether it has decoded a frame of the other."""
        return "First video frame decoded" in (self.phone.folder / "trace").read_text(errors="replace")

    def heard(self):
        return self.phone.heard()

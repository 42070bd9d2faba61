"""Softphones of four makes behind one face, for the interop matrix: dial, answer, hold, transfer, and what each of them
shows and hears. What a make cannot do it lacks: `phone.can("attended")`.

The phones do what a person at them would do; that the call behaves is judged from outside: from what the others hear, from
the server's lists, and from what the phone itself says.
"""
import re
import time

import lab
from twinkle import Twinkle

MAKES = {"baresip": ("udp", "tcp", "tls"), "linphone": ("udp", "tcp", "tls"), "twinkle": ("udp", "tcp")}


class Ear:
    """What a phone hears from now on."""

    def __init__(self, phone):
        self.phone = phone
        self.before = len(phone.heard()[1])

    def share(self, hertz):
        rate, samples = self.phone.heard()
        return lab.tone_share(rate, samples[self.before:], hertz)

    def hears(self, hertz, seconds=25.0, share=0.6):
        lab.wait_for(f"{self.phone.name} ({self.phone.make}) to hear {hertz} Hz", lambda: self.share(hertz) >= share,
                     seconds, 0.5)

    def hears_not(self, hertz, seconds=3.0):
        """Nothing of this tone arrives in this time, a second of what was under way apart."""
        time.sleep(1)
        ear = Ear(self.phone)
        time.sleep(seconds)
        if ear.share(hertz) >= 0.6:
            raise lab.Failed(f"{self.phone.name} ({self.phone.make}) still hears {hertz} Hz")


class Phone:
    """What all makes have. `abilities`: the verbs beyond calling that this make has."""

    make, abilities = "", ()

    def can(self, ability):
        return ability in self.abilities

    def mark(self):
        return len(self.text())

    def waits_for(self, pattern, seconds=15.0, since=0):
        """The first match of this expression in what the phone has said since the mark."""
        try:
            return lab.wait_for(f"{self.name} ({self.make}) to say {pattern!r}",
                                lambda: re.search(pattern, self.text()[since:]), seconds, 0.1)
        except lab.Failed as failure:
            raise lab.Failed(f"{failure}\nlast words of {self.name}:\n{self.text()[-1500:]}") from None

    def ear(self):
        return Ear(self)


class BaresipPhone(Phone):
    make, abilities = "baresip", ("hold", "blind", "busy lamp", "message lamp", "dtmf", "video")

    def __init__(self, server, sound, number, name, tone, transport="udp", extra="", modules=(), video=False):
        self.name, self.number, self.tone, self.transport, self.sound = name, number, tone, transport, sound
        self.phone = lab.Baresip(name, server, number, name, f"{name}-secret", tone, transport, answer="manual", extra=extra,
                                 modules=modules, video=video, sound=sound)
        self.server = server

    def register(self):
        self.phone.registered()

    def text(self):
        return self.phone.log()

    def mark(self):
        return self.phone.mark()

    def dial(self, number):
        self.since = self.phone.mark()
        self.phone.dial(number)

    def rings(self, seconds=15.0, since=0):
        self.since = max(since, getattr(self, "since", 0))
        self.phone.wait("CALL_INCOMING", seconds, self.since)

    def answer(self):
        self.phone.command("accept")

    def talks(self, seconds=15.0):
        self.phone.wait("CALL_ESTABLISHED", seconds, self.since)

    def hang_up(self):
        self.phone.command("hangup")

    def is_idle(self):
        self.phone.mark()
        return calls_of(self.phone.events) == 0

    def hold(self):
        self.phone.command("hold")

    def resume(self):
        self.phone.command("resume")

    def blind(self, number):
        self.phone.command("transfer", f"sip:{number}@{self.server.host}:{self.server.udp}")

    def refuse(self):
        self.phone.command("hangup")

    def heard(self):
        return self.sound.heard(self.name)

    def quit(self):
        self.phone.quit()


def calls_of(events):
    open_calls = set()
    for e in events:
        key = e.get("id") or e.get("peeruri", "")
        if e.get("type") in ("CALL_INCOMING", "CALL_OUTGOING", "CALL_ESTABLISHED", "CALL_RINGING", "CALL_PROGRESS"):
            open_calls.add(key)
        elif e.get("type") == "CALL_CLOSED":
            open_calls.discard(key)
    return len(open_calls)


class LinphonePhone(Phone):
    make, abilities = "linphone", ("hold", "blind", "attended", "presence", "video")

    def __init__(self, server, sound, number, name, tone, transport="udp", video=False):
        self.name, self.number, self.tone, self.transport, self.server = name, number, tone, transport, server
        self.phone = lab.Linphone(name, server, number, name, f"{name}-secret", tone, transport, video=video)
        self.since = 0

    def register(self):
        self.phone.register()

    def text(self):
        return self.phone.log()

    def dial(self, number):
        self.since = self.mark()
        self.phone.say(f"call sip:{number}@{self.server.host}:{self.server.udp}")

    def rings(self, seconds=15.0, since=0):
        self.since = max(since, self.since)
        found = self.waits_for(r"new incoming call|Receiving new incoming call", seconds, self.since)
        self.since += found.start()

    def answer(self):
        self.phone.say("answer")

    def talks(self, seconds=15.0):
        self.waits_for(r"Call \d+ with .* connected", seconds, self.since)

    def hang_up(self):
        self.phone.say("terminate all")

    refuse = hang_up

    def is_idle(self):
        text = self.text()
        begun = {int(n) for n in re.findall(r"Call (\d+) (?:to|with|from)", text)}
        ended = {int(n) for n in re.findall(r"Call (\d+) with .* (?:ended|error|released)", text)}
        return begun <= ended

    def hold(self):
        self.phone.say("pause")

    def resume(self):
        self.phone.say(f"resume {self.call_number()}")

    def call_number(self):
        return max(int(n) for n in re.findall(r"Call (\d+) with", self.text()))

    def blind(self, number):
        self.phone.say(f"transfer {self.call_number()} sip:{number}@{self.server.host}:{self.server.udp}")

    def consult(self, number):
        self.first = self.call_number()
        self.hold()
        time.sleep(1)
        self.dial(number)

    def join(self):
        self.phone.say(f"transfer {self.first} --to-call {self.call_number()}")

    def heard(self):
        return self.phone.heard()

    def quit(self):
        self.phone.quit()


class TwinklePhone(Phone):
    make, abilities = "twinkle", ("hold", "blind", "attended", "message lamp", "three-way", "redirect", "dnd")

    def __init__(self, server, sound, number, name, tone, transport="udp", hold="rfc3264"):
        self.sound = sound
        self.name, self.number, self.tone, self.transport, self.server = name, number, tone, transport, server
        self.phone = Twinkle(name, server, number, name, f"{name}-secret", sound, transport, hold)
        self.since = 0

    def register(self):
        self.phone.register()

    def text(self):
        return self.phone.log()

    def dial(self, number):
        self.since = self.mark()
        self.phone.say(f"call {number}")

    def rings(self, seconds=15.0, since=0):
        self.since = max(since, self.since)
        found = self.waits_for(r"Line \d: incoming call", seconds, self.since)
        self.since += found.start()

    def answer(self):
        self.phone.say("answer")

    def talks(self, seconds=15.0):
        self.waits_for(r"call established|far end answered call", seconds, self.since)

    def hang_up(self):
        self.phone.say("bye")

    def refuse(self):
        self.phone.say("reject")

    def is_idle(self):
        text = self.text()
        begun = len(re.findall(r"Line \d: incoming call|received 100 Trying", text))
        ended = len(re.findall(r"Line \d: (?:call ended|far end ended call|call failed|call rejected|call cancel|far end cancel"
                               r"|call transferred|call referral|far end reject)", text))
        return ended >= begun

    def hold(self):
        self.phone.say("hold")

    def resume(self):
        self.phone.say("retrieve")

    def blind(self, number):
        self.phone.say(f"transfer {number}")

    def consult(self, number):
        self.since = self.mark()
        self.phone.say(f"transfer -c {number}")

    def join(self):
        self.phone.say("transfer -c")

    def heard(self):
        return self.sound.heard(self.name)

    def quit(self):
        self.phone.quit()


KINDS = {"baresip": BaresipPhone, "linphone": LinphonePhone, "twinkle": TwinklePhone}

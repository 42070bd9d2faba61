"""What the phones of all makes have in common, and what they hear."""
import re
import time

import lab


class Ear:
    """What a phone hears from now on."""

    def __init__(self, phone):
        self.phone = phone
        self.before = len(phone.heard()[1])

    def share(self, hertz):
        rate, samples = self.phone.heard()
        return lab.tone_share(rate, samples[self.before:], hertz)

    def hears(self, hertz, seconds=20.0, share=0.6):
        lab.wait_for(f"{self.phone} to hear {hertz} Hz", lambda: self.share(hertz) >= share, seconds, 0.3)

    def hears_not(self, hertz, seconds=1.5, share=0.6):
        """Nothing of this tone arrives in this time, what was under way apart."""
        time.sleep(0.7)
        ear = Ear(self.phone)
        time.sleep(seconds)
        if ear.share(hertz) >= share:
            raise lab.Failed(f"{self.phone} still hears {hertz} Hz")


class Lacks(Exception):
    """The make has no such thing; the text says what."""


class Phone:
    """One phone of one make with one line. What a person does at it: dial, answer, hold, transfer …

    `lacks`: what this make cannot do, each with the reason; `need()` turns it into the cell of a matrix.
    """

    make, lacks = "", {}

    def __str__(self):
        return f"{self.name} ({self.make})"

    def can(self, ability):
        return ability not in self.lacks

    def need(self, ability):
        if ability in self.lacks:
            raise Lacks(self.lacks[ability])

    def uri(self, number):
        """This number at the server, the way this phone reaches it."""
        port = self.server.tls if self.transport == "tls" else self.server.udp
        return f"sip:{number}@{self.server.host}:{port}" + ("" if self.transport == "udp" else f";transport={self.transport}")

    def register(self):
        """Waits until the server has it."""
        lab.wait_for(f"{self} to register", lambda: self.server.registered(self.number), 25)

    def text(self):
        """All that it has said so far."""
        return self.phone.log()

    def mark(self):
        return len(self.text())

    def waits_for(self, pattern, seconds=15.0, since=0):
        """The first match of this expression in what the phone has said since the mark."""
        try:
            return lab.wait_for(f"{self} to say {pattern!r}", lambda: re.search(pattern, self.text()[since:]), seconds, 0.1)
        except lab.Failed as failure:
            raise lab.Failed(f"{failure}\nlast words of {self.name}:\n{self.text()[-1500:]}") from None

    def rings(self, seconds=20.0, since=0):
        """Waits until a call that came after the mark rings here. (`since` of the phone: where this call began.)"""
        self.since = max(since, self.since)
        self.since += self.waits_for(self.RINGS, seconds, self.since).start()

    def talks(self, seconds=20.0):
        """Waits until the call that it dialled or answered last is up."""
        self.waits_for(self.TALKS, seconds, self.since)

    def ear(self):
        return Ear(self)

    def heard(self):
        """(rate, samples) of all that it has heard."""
        return self.sound.heard(self.name)

    def quit(self):
        self.phone.quit()

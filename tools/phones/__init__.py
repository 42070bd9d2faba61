"""Softphones of several makes behind one face, one file a make: dial, answer, hold, transfer, and what each of them shows and hears.

The phones do what a person at them would do; that the call behaves is judged from outside: from what the others hear, from
the server's lists, and from what the phone itself says.
"""
from .baresip import BaresipPhone
from .base import Lacks
from .linphone import LinphonePhone
from .twinkle import TwinklePhone

KINDS = {"baresip": BaresipPhone, "linphone": LinphonePhone, "twinkle": TwinklePhone}
MAKES = {"baresip": ("udp", "tcp", "tls"), "linphone": ("udp", "tcp", "tls"), "twinkle": ("udp", "tcp")}

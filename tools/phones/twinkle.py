"""twinkle: the console program, with the microphone and loudspeaker of a sound server that belongs to the test (tools/sound.py)."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

import lab

from .base import Phone

PROFILE = """user_name={number}
user_domain={host}:{port}
user_display={name}
auth_realm=
auth_name={user}
auth_pass={password}
outbound_proxy={host}:{port}
registrar={host}:{port}
registration_time=120
register_at_startup=yes
sip_transport={transport}
codecs=g711u,g711a
hold_variant={hold}
ask_user_to_redirect=no
ask_user_to_refer=no
allow_refer=yes
referrer_hold=yes
attended_refer_to_aor=no
allow_xfer_consult_inprog=yes
ext_100rel=supported
dtmf_transport=rfc2833
mwi_sollicited={solicited}
mwi_user={number}
mwi_server={host}:{port}
mwi_via_proxy=no
zrtp_enabled=no
speex_dsp_vad=no
speex_dsp_agc=no
speex_dsp_nrd=no
"""
SYSTEM = """sip_port={sip}
rtp_port={rtp}
dev_ringtone=alsa:null
dev_speaker=alsa:{device}-heard
dev_mic=alsa:{device}-said
validate_audio_dev=no
play_ringtone=no
play_ringback=no
log_show_sip=yes
log_max_size=50
"""


class Twinkle:
    """A twinkle-console, driven over its standard input and read from its output. `name` is also its sound devices' name."""

    make = "twinkle"

    def __init__(self, name, server, number, user, password, sound, transport="udp", hold="rfc3264", solicited=False):
        self.name, self.number, self.server = name, number, server
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"twinkle-{name}-"))
        self.sip = lab.free_port()
        (self.folder / ".twinkle").mkdir()
        (self.folder / ".twinkle/phone.cfg").write_text(PROFILE.format(
            number=number, host=server.host, port=server.udp, name=name, user=user, password=password,
            transport=transport, hold=hold, solicited="yes" if solicited else "no"))
        (self.folder / ".twinkle/twinkle.sys").write_text(SYSTEM.format(sip=self.sip, rtp=lab.media_port(3), device=name))
        sound.install(self.folder)
        sound.microphone(name)
        env = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "PULSE_"))}
        # The sound server gives what comes through ALSA in pieces of two seconds, unless it is told how long to wait at most.
        env |= {"HOME": str(self.folder), "TERM": "dumb", "LANG": "C.UTF-8", "PULSE_LATENCY_MSEC": "150"}
        self.out = open(self.folder / "out", "wb")
        self.process = subprocess.Popen(["twinkle-console", "phone.cfg"], env=env, stdin=subprocess.PIPE,
                                        stdout=self.out, stderr=subprocess.STDOUT, cwd=self.folder)

    def say(self, line):
        self.process.stdin.write((line + "\n").encode())
        self.process.stdin.flush()

    def register(self, seconds=25):
        lab.wait_for(f"{self.name} to register", lambda: self.server.registered(self.number), seconds)

    def wait_output(self, text, seconds=15.0, since=0):
        try:
            return lab.wait_for(f"{self.name}: {text!r}", lambda: text in self.log()[since:], seconds)
        except lab.Failed as failure:
            raise lab.Failed(f"{failure}\n{self.log()[-3000:]}") from None

    def log(self):
        return (self.folder / "out").read_text(errors="replace")

    def sip_log(self):
        path = self.folder / ".twinkle/twinkle.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def quit(self):
        if self.process.poll() is None:
            try:
                self.say("quit")
                self.process.wait(4)
            except (subprocess.TimeoutExpired, OSError):
                lab.end(self.process)
        self.out.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class TwinklePhone(Phone):
    make = "twinkle"
    lacks = {"message lamp": "the console shows no message lamp", "busy lamp": "subscribes to no dialog-info",
             "inactive hold": "holds by sendonly or c=0.0.0.0",
             "presence": "the console shows no buddies", "video": "has no video"}
    RINGS = r"Line (\d): incoming call"
    TALKS = r"call established|far end answered call"

    def __init__(self, server, sound, number, name, tone, transport="udp", hold="rfc3264", lamp=False):
        self.name, self.number, self.tone, self.transport, self.server = name, number, tone, transport, server
        self.sound, self.since, self.line = sound, 0, "1"
        self.phone = Twinkle(name, server, number, name, f"{name}-secret", sound, transport, hold, lamp)

    def dial(self, number):
        self.since = self.mark()
        for _ in range(3):  # a line that has just had a call takes no other for a moment, and says nothing about it
            self.phone.say(f"call {number}")
            try:
                found = r"Line (\d): (?:received 1\d\d|far end answered|call failed)"
                self.line = self.waits_for(found, 1.5, self.since).group(1)
                return
            except lab.Failed:
                continue

    def answer(self):
        self.take_line(self.waits_for(self.RINGS, 1, self.since).group(1))
        self.phone.say("answer")

    def take_line(self, line):
        """Goes to this one of its two lines; a call on the other is held by that."""
        self.phone.say(f"line {line}")
        time.sleep(0.5)
        self.line = line

    def hang_up(self):
        self.phone.say("bye")

    def refuse(self):
        self.phone.say("reject")

    def hold(self):
        self.phone.say("hold")

    def resume(self):
        self.phone.say("retrieve")

    def blind(self, number):
        self.phone.say(f"transfer {number}")

    def consult(self, number):
        self.since = self.mark()
        self.phone.say(f"transfer -c {number}")

    def second(self, number):
        """Another call, on the other line; the first is held by that."""
        self.take_line("2" if self.line == "1" else "1")
        self.dial(number)

    def join(self):
        self.phone.say("transfer -c")

    def mix(self):
        self.phone.say("conference")

    def redirect_to(self, number, play):
        """Calls `play` with what is to be done at this phone once somebody calls: nothing, 302 is set for all calls before."""
        self.phone.say(f"redirect -t always -a on {number}")
        time.sleep(0.5)
        try:
            play(lambda: None)
        finally:
            self.phone.say("redirect -t always -a off")

"""A sound server of a test's own: each phone gets a microphone that says its tone and a loudspeaker that is recorded.

PulseAudio without any hardware; its socket and all its files lie in a folder of ours, so it meets no other sound server.
Phones speak ALSA to it: `environment()` makes `alsa:NAME-said` and `alsa:NAME-heard` known to a process.
"""
import array
import os
import pathlib
import shutil
import subprocess
import tempfile

import lab


class Sound:
    """with Sound({"alice": 440, "bob": 660}) as sound: …"""

    def __init__(self, tones):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sound-"))
        self.socket = self.folder / "socket"
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "PULSE_"))}
        self.env |= {"HOME": str(self.folder), "XDG_RUNTIME_DIR": str(self.folder),
                     "PULSE_RUNTIME_PATH": str(self.folder / "run")}
        modules = [f"module-native-protocol-unix socket={self.socket} auth-anonymous=1"]
        devices = []
        for name, hertz in tones.items():
            modules += [f"module-null-sink sink_name={name}-heard rate=8000 channels=1",
                        f"module-null-sink sink_name={name}-tone rate=8000 channels=1",
                        f"module-sine sink={name}-tone rate=8000 frequency={hertz}"]
            devices += [f'pcm.{name}-{end} {{ type pulse server "unix:{self.socket}" device "{device}" }}\n'
                        for end, device in (("heard", f"{name}-heard"), ("said", f"{name}-tone.monitor"))]
        (self.folder / "asound.conf").write_text("".join(devices))
        self.log = open(self.folder / "log", "wb")
        words = ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--log-target=stderr",
                 "--realtime=no", "--high-priority=no"]
        self.server = self._start(words + [w for m in modules for w in ("-L", m)])
        lab.wait_for("the sound server", self.socket.exists, 20)
        self.recorders = [self._start(["parec", "-s", f"unix:{self.socket}", "-d", f"{name}-heard.monitor", "--raw",
                                       "--format=s16le", "--rate=8000", "--channels=1", "--latency-msec=200",
                                       str(self.folder / f"{name}.raw")]) for name in tones]

    def _start(self, words):
        return subprocess.Popen(words, env=self.env, stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT)

    def microphone(self, name):
        """Makes the microphone of this phone fit for talking, by a reader that wants it every 20 ms: a source gives pieces of
        the size that its most impatient reader asked for, and who comes through ALSA would have two seconds in one."""
        self.recorders.append(self._start(["parec", "-s", f"unix:{self.socket}", "-d", f"{name}-tone.monitor", "--raw",
                                           "--format=s16le", "--rate=8000", "--channels=1", "--latency-msec=20", "/dev/null"]))

    def install(self, home):
        """Makes the devices known to programs with this home directory."""
        shutil.copy(self.folder / "asound.conf", pathlib.Path(home) / ".asoundrc")

    def heard(self, name):
        path = self.folder / f"{name}.raw"
        raw = path.read_bytes() if path.exists() else b""
        return 8000, array.array("h", raw[:len(raw) // 2 * 2])

    def quit(self):
        for process in (*self.recorders, self.server):
            lab.end(process)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.quit()

"""What demonstrations, interop tests and benchmarks share: a server in a folder of its own, softphones, sound.

Everything stays on loopback, every wait is bounded, and only processes started here are ended.
"""
import array
import glob
import http.client
import json
import math
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import wave

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Waits for what must come are this many times as long as an idle machine needs; a test that passes never waits so long.
PATIENCE = float(os.environ.get("CARILLON_PATIENCE", "5"))


class Failed(Exception):
    """Something did not happen in time; the text says what."""


def wait_for(what, check, seconds=15.0, step=0.1):
    """The first true result of check(), or Failed. The seconds are those of an idle machine."""
    seconds *= PATIENCE
    end = time.monotonic() + seconds
    while True:
        result = check()
        if result:
            return result
        if time.monotonic() > end:
            raise Failed(f"waited {seconds:.0f} s for: {what}")
        time.sleep(step)


def sanitized(binary):
    """Whether this program was built with a sanitizer, which makes it slow and large."""
    return b"__asan_init" in pathlib.Path(binary).read_bytes()


def cpu_seconds(pid):
    """The CPU time, user and system, that a process has had so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def release_build():
    """The optimised server, when there is one that is newer than every source: for promises that sanitizers cannot keep."""
    binary = ROOT / "build/release/carillon"
    if not binary.exists():
        return None
    built = binary.stat().st_mtime
    return binary if all(p.stat().st_mtime <= built for p in ROOT.glob("src/**/*.*")) else None


class Ports:
    """Ports below those that the kernel gives to others, in blocks that one process has for itself: it listens on the first
    port of each, so two tests at a time never want the same, and what ends leaves nothing behind."""
    FIRST, SIZE, BLOCKS = 10000, 100, 90

    def __init__(self):
        self.guards, self.port, self.lock = [], 0, threading.Lock()

    def _take_block(self):
        start = os.getpid() % self.BLOCKS
        for i in range(self.BLOCKS):
            first = self.FIRST + (start + i) % self.BLOCKS * self.SIZE
            guard = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            try:
                guard.bind(("127.0.0.1", first))
                guard.listen(1)
            except OSError:
                guard.close()
                continue
            self.guards.append(guard)
            self.port = first
            return
        raise Failed("all blocks of ports are taken")

    def __next__(self):
        with self.lock:
            self.port += 1
            if self.port % self.SIZE == 0 or not self.guards:
                self._take_block()
                self.port += 1
            return self.port


PORTS = Ports()


def free_port(host="127.0.0.1"):
    """A port that is free now for UDP and TCP, and is given to nobody else."""
    for _ in range(500):
        port = next(PORTS)
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as u:
            try:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what an earlier test left in TIME_WAIT is no harm
                s.bind((host, port))
                u.bind((host, port))
                return port
            except OSError:
                continue
    raise Failed("no free port")


def media_port(streams=1, host="127.0.0.1"):
    """An even free port for RTP whose next ones, two for each stream, are given to nobody here."""
    while (port := free_port(host)) % 2:
        pass
    for i in range(1, 2 * streams):
        if next(PORTS) != port + i:  # somebody was faster, or it was the last of its block
            return media_port(streams, host)
    return port


def end(process, seconds=5):
    """Ends a process that was started here."""
    if process is None or process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(seconds * PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Server:
    """A Carillon of our own on loopback: with Server(binary) as s: s.cli("phone", "list")."""

    def __init__(self, binary, host="127.0.0.1", data=None, arguments=(), tls=False, tcp=True, http=False,
                 https=None, env=None):
        self.binary, self.host = str(binary), host
        self.keep = data is not None
        self.data = pathlib.Path(data or tempfile.mkdtemp(prefix="carillon-"))
        self.udp = free_port(host)
        self.tls = free_port(host) if tls else None
        self.web = f"127.0.0.1:{free_port()}" if http else "none"
        self.url = f"http://{self.web}"
        self.command = [self.binary, "serve", "--data-dir", str(self.data), "--sip-udp", f"{host}:{self.udp}",
                        "--http", self.web, "--https", f"127.0.0.1:{https}" if https else "none", *arguments]
        if tcp:
            self.command += ["--sip-tcp", f"{host}:{self.udp}"]
        if tls:
            self.command += ["--sip-tls", f"{host}:{self.tls}"]
        self.env = dict(os.environ, **(env or {}))
        self.process = None
        self.phones = []  # that register here

    def start(self, seconds=60):
        log = open(self.data.parent / (self.data.name + ".log"), "ab")
        self.log_path = log.name
        self.process = subprocess.Popen(self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self.env)

        def up():
            if self.process.poll() is not None:
                raise Failed(f"the server ended with {self.process.returncode}:\n{self.log()[-4000:]}")
            return self.run("status", check=False).returncode == 0
        wait_for("the server to answer", up, seconds)
        return self

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, *_):
        for phone in self.phones:  # first: one that cannot unregister waits for long before it ends
            phone.quit()
        end(self.process, 40)
        log = self.log()
        if not self.keep:
            shutil.rmtree(self.data, ignore_errors=True)
            if os.path.exists(self.log_path):
                os.unlink(self.log_path)
        # It ended well, and no sanitizer had anything to say (leaks are told at the end).
        wrong = re.search(r".*(?:ERROR: \w+Sanitizer|runtime error: ).*", log)
        if kind is None and (self.process.returncode != 0 or wrong):
            raise Failed(f"the server ended with {self.process.returncode}:\n{log[wrong.start() if wrong else -4000:][:8000]}")

    def kill(self):
        """kill -9, as a crash would be."""
        self.process.kill()
        self.process.wait()

    def log(self):
        return pathlib.Path(self.log_path).read_text(errors="replace")

    def run(self, *words, check=True, text=None):
        result = subprocess.run([self.binary, *words, "--data-dir", str(self.data)], capture_output=True, text=True,
                                timeout=120 * PATIENCE, input=text, env=self.env)
        if check and result.returncode != 0:
            raise Failed(f"carillon {' '.join(words)}: exit {result.returncode}\n{result.stdout}{result.stderr}")
        return result

    def cli(self, *words):
        return self.run(*words).stdout

    def json(self, *words):
        return json.loads(self.cli(*words, "-o", "json"))

    def get(self, path):
        """What the API says, without the command line between (which takes its time on a busy machine)."""
        link = http.client.HTTPConnection("localhost", timeout=30 * PATIENCE)
        link.sock = socket.socket(socket.AF_UNIX)
        link.sock.connect(str(self.data / "carillon.sock"))
        link.request("GET", f"/api/v1/{path}")
        answer = link.getresponse().read()
        link.close()
        return json.loads(answer)

    def add_user(self, userid, secret, *lines, product="basic", profile=None):
        self.cli("user", "add", userid, "--last-name", userid.title(), "--digest-credentials", secret)
        words = ["phone", "add", "--product", product, "--digest-user", userid]
        for line in lines:
            words += ["--line", line]
        if profile:
            words += ["--security-profile", profile]
        self.cli(*words)

    def registered(self, number):
        return [r for r in self.json("registration", "list") if r["number"] == number]


class Baresip:
    """A baresip that sends a tone and keeps what it hears. Controlled over its JSON port."""

    def __init__(self, name, server, number, user, password, tone=440, transport="udp", host="127.0.0.1", port=None,
                 answer="auto", extra="", modules=(), contacts="", video=False, sound=None):
        self.name, self.number = name, number
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"baresip-{name}-"))
        target = server.tls if transport == "tls" else server.udp
        account = (f'"{name}" <sip:{number}@{server.host}:{target};transport={transport}>;auth_user={user};'
                   f"auth_pass={password};answermode={answer};regint=120;{extra}\n")
        (self.folder / "accounts").write_text(account)
        (self.folder / "contacts").write_text(contacts)
        write_tone(self.folder / "tone.wav", tone, 60)
        modules = ["g711", "aufile", "sndfile", "account", "ctrl_tcp", "menu", "uuid", "debug_cmd", *modules]
        lines = ["poll_method epoll", "call_local_timeout 120", "call_max_calls 4",
                 f"audio_source aufile,{self.folder / 'tone.wav'}", "audio_alert nil,nil",
                 f"audio_player alsa,{name}-heard" if sound else "audio_player nil,nil",
                 "audio_buffer 20-160", "rtp_ports 20000-40000", "rtp_stats no", "dns_server 127.0.0.1:53",
                 f"snd_path {self.folder}", f"net_interface {host}", "sip_verify_server no",
                 "module_path /usr/lib/baresip/modules"]
        applications = ("account", "menu", "ctrl_tcp", "debug_cmd", "mwi", "presence", "contact")
        lines += [f"module_app {m}.so" if m in applications else f"module {m}.so" for m in modules]
        if sound:
            sound.install(self.folder)
            lines.append("module alsa.so")
        if video:
            lines += ["module avcodec.so", "module vp8.so", "module fakevideo.so",
                      "video_source fakevideo,nil", "video_display fakevideo,nil"]
        for _ in range(3):  # what was free may be taken by the time that the phone takes it
            self.control, self.sip = free_port(host), port or free_port(host)
            ports = [f"sip_listen {host}:{self.sip}", f"ctrl_tcp_listen {host}:{self.control}"]
            (self.folder / "config").write_text("\n".join(ports + lines) + "\n")
            self._start()
            if self.link:
                server.phones.append(self)
                return
            end(self.process)
        raise Failed(f"baresip {name} finds no free port:\n{self.log()[-3000:]}")

    def _start(self):
        self.log_file = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(["baresip", "-f", str(self.folder), "-s", "-v"], stdout=self.log_file,
                                        stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                        env=dict(os.environ, HOME=str(self.folder)))
        self.events, self.buffer, self.link = [], b"", None
        wait_for(f"{self.name} to start", self._connect, 15)

    def _connect(self):
        if self.process.poll() is not None:
            raise Failed(f"baresip {self.name} ended:\n{self.log()[-3000:]}")
        log = self.log()
        if "Address already in use" in log:
            return True  # and no link
        if "baresip is ready" not in log:
            return False
        try:
            self.link = socket.create_connection(("127.0.0.1", self.control), 1)
            self.link.settimeout(0.05)
            return True
        except OSError:
            return False

    def _read(self):
        try:
            while True:
                data = self.link.recv(65536)
                if not data:
                    break
                self.buffer += data
        except (TimeoutError, BlockingIOError, ConnectionError):
            pass
        while b":" in self.buffer:
            size, rest = self.buffer.split(b":", 1)
            if not size.isdigit() or len(rest) < int(size) + 1:
                break
            self.events.append(json.loads(rest[:int(size)]))
            self.buffer = rest[int(size) + 1:]

    def command(self, command, parameters=""):
        message = json.dumps({"command": command, "params": parameters, "token": "t"})
        try:
            self.link.sendall(f"{len(message)}:{message},".encode())
        except OSError as error:
            state = f"ended with {self.process.poll()}" if self.process.poll() is not None else "runs"
            raise Failed(f"baresip {self.name} ({state}) takes no command {command}: {error}\n{self.log()[-3000:]}") from None

    def wait(self, event, seconds=15.0, since=0):
        """The event of this type (REGISTER_OK, CALL_ESTABLISHED …) at or after position `since`."""
        def check():
            self._read()
            return next((e for e in self.events[since:] if e.get("type") == event), None)
        try:
            return wait_for(f"{self.name}: {event}", check, seconds, 0.05)
        except Failed as failure:
            raise Failed(f"{failure}\n{self.log()[-2500:]}") from None

    def registered(self, status="200 OK", seconds=20.0):
        """Waits for the answer to the phone's REGISTER (the event may come before we listen for events)."""
        try:
            wait_for(f"{self.name}: REGISTER answered {status}",
                     lambda: re.search(r"(\{0/\w+/v[46]\}|reg: \S+:) " + re.escape(status), self.log()), seconds)
        except Failed as failure:
            raise Failed(f"{failure}\n{self.log()[-2500:]}") from None

    def mark(self):
        self._read()
        return len(self.events)

    def dial(self, number):
        self.command("dial", number)

    def log(self):
        return (self.folder / "log").read_text(errors="replace")

    def heard(self):
        """The newest recording of what arrived, as (rate, samples)."""
        files = sorted(glob.glob(str(self.folder / "dump-*-dec.wav")), key=os.path.getmtime)
        return read_wave(files[-1]) if files else (8000, array.array("h"))

    def quit(self):
        end(self.process)
        self.log_file.close()
        if self.link:
            self.link.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Linphone:
    """A linphonec that plays a file and records what it hears."""

    def __init__(self, name, server, number, user, password, tone=880, transport="udp", host="127.0.0.1",
                 video=False, watch=()):
        self.name, self.number, self.server, self.transport = name, number, server, transport
        self.user, self.password = user, password
        target = server.tls if transport == "tls" else server.udp
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"linphone-{name}-"))
        self.sip = free_port(host)
        for place in (".local/share/linphone", ".config/linphone"):
            (self.folder / place).mkdir(parents=True)
        write_tone(self.folder / "tone.wav", tone, 60)
        self.record = self.folder / "heard.wav"
        ports = {"udp": -1, "tcp": -1, "tls": -1}
        ports[transport] = self.sip
        (self.folder / "rc").write_text(
            "[sip]\n" + "".join(f"sip_{k if k != 'udp' else ''}{'_' if k != 'udp' else ''}port={v}\n".replace("sip__", "sip_")
                                for k, v in ports.items()) +
            "verify_server_certs=0\nverify_server_cn=0\nuse_ipv6=0\nguess_hostname=0\nsip_random_port=0\ndefault_proxy=0\n"
            f"contact=\"{name}\" <sip:{number}@{host}>\n[net]\nfirewall_policy=0\nmtu=1300\n[sound]\n"
            f"[rtp]\nbind_address={host}\naudio_rtp_port={media_port(2)}\nvideo_rtp_port={media_port(2)}\n"
            f"[proxy_0]\nreg_proxy=<sip:{server.host}:{target};transport={transport}>\n"
            f"reg_identity=sip:{number}@{server.host}\nreg_expires=120\nreg_sendregister=1\npublish=0\n"
            f"[auth_info_0]\nusername={number}\nuserid={user}\npasswd={password}\nrealm=ccmsipline\n"
            + "".join(f"[friend_{i}]\nurl=<sip:{w}@{server.host}>\npol=accept\nsubscribe=1\n" for i, w in enumerate(watch)) +
            "[video]\nenabled={0}\ncapture={0}\ndisplay={0}\nautomatically_initiate={0}\nautomatically_accept={0}\n"
            "[misc]\nfile_transfer_server_url=\nlog_collection_upload_server_url=\n".replace("{0}", str(int(video))))
        env = {k: v for k, v in os.environ.items() if not k.startswith("XDG_")} | {"HOME": str(self.folder)}
        self.log_file = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(["linphonec", "-c", str(self.folder / "rc"), "-l", str(self.folder / "trace"),
                                         "-d", "6", *(["-V"] if video else [])], env=env, stdin=subprocess.PIPE,
                                        stdout=self.log_file, stderr=subprocess.STDOUT)
        server.phones.append(self)

    def say(self, line):
        self.process.stdin.write((line + "\n").encode())
        self.process.stdin.flush()

    def register(self, seconds=20):
        self.say("soundcard use files")
        self.say(f"play {self.folder / 'tone.wav'}")
        self.say(f"record {self.record}")
        wait_for(f"{self.name} to register", lambda: self.server.registered(self.number), seconds)

    def wait_output(self, text, seconds=15.0, since=0):
        try:
            return wait_for(f"{self.name}: {text!r}", lambda: text in self.log()[since:], seconds)
        except Failed as failure:
            raise Failed(f"{failure}\n{self.log()[-3000:]}") from None

    def log(self):
        return (self.folder / "log").read_text(errors="replace")

    def heard(self):
        return read_wave(self.record) if self.record.exists() else (8000, array.array("h"))

    def quit(self):
        if self.process.poll() is None:
            try:
                self.say("quit")
                self.process.wait(5)
            except (subprocess.TimeoutExpired, OSError):
                end(self.process)
        self.log_file.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def write_tone(path, hertz, seconds, rate=8000):
    with wave.open(str(path), "wb") as w:
        w.setnchannels(1)
        w.setsampwidth(2)
        w.setframerate(rate)
        samples = (int(12000 * math.sin(2 * math.pi * hertz * i / rate)) for i in range(int(seconds * rate)))
        w.writeframes(array.array("h", samples).tobytes())


def read_wave(path):
    """Samples of a WAV file that may still be growing (its header then says 0 bytes)."""
    raw = pathlib.Path(path).read_bytes()
    if len(raw) < 44:
        return 8000, array.array("h")
    rate = int.from_bytes(raw[24:28], "little") or 8000  # the header is written when the file is closed
    channels = int.from_bytes(raw[22:24], "little") or 1
    start = raw.find(b"data") + 8 if b"data" in raw[:64] else 44
    body = raw[start:]
    samples = array.array("h", body[:len(body) // 2 * 2])
    return rate, samples[::channels] if channels > 1 else samples


def tone_share(rate, samples, hertz):
    """How much of the sound's energy lies at this tone, 0 to 1 (Goertzel over the loudest half second)."""
    size = rate // 2
    best = 0.0
    for start in range(0, max(len(samples) - size, 0) + 1, size):
        block = samples[start:start + size]
        energy = sum(s * s for s in block)
        if len(block) < size or energy < len(block) * 10000:
            continue
        w = 2 * math.cos(2 * math.pi * hertz / rate)
        a = b = 0.0
        for s in block:
            a, b = s + w * a - b, a
        power = a * a + b * b - w * a * b
        best = max(best, power * 2 / (energy * len(block)))
    return best


def hears(phone, hertz, seconds=10.0, share=0.6):
    """Waits until this phone has heard the tone; Failed when it does not."""
    def check():
        rate, samples = phone.heard()
        return tone_share(rate, samples, hertz) >= share
    wait_for(f"{phone.name} to hear {hertz} Hz", check, seconds, 0.5)
    return True

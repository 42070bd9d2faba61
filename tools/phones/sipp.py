"""SIPp as a phone: one run of one scenario of test/interop/scenarios for one number."""
import pathlib
import re
import shutil
import subprocess
import tempfile

import lab
import sip

SCENARIOS = lab.ROOT / "test/interop/scenarios"


class Sipp:
    """Plays a scenario (the name of a file, or one made of sipp_steps) as `number`, whose digest user is `user`; `words` go
    into its text in place of @NAME@."""

    def __init__(self, server, scenario, number, port, user, called="", transport="u1", count=1, echo=False, calls=True, **words):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sipp-"))
        (self.folder / "in.csv").write_text(
            f"SEQUENTIAL\n{number};[authentication username={user} password={user}-secret];{called}\n")
        text = scenario.text() if hasattr(scenario, "text") else (SCENARIOS / f"{scenario}.xml").read_text()
        for name, value in words.items():
            text = text.replace(f"@{name}@", value)
        (self.folder / "scenario.xml").write_text(text)
        command = ["sipp", "-sf", str(self.folder / "scenario.xml"), "-i", server.host, "-p", str(port), "-t", transport,
                   "-inf", str(self.folder / "in.csv"), "-m", str(count), "-nostdin", "-timeout", "150s", "-timeout_error",
                   "-trace_err", "-error_file", str(self.folder / "errors"), "-trace_msg", "-message_file",
                   str(self.folder / "messages"), "-l", "1", "-mp", str(lab.media_port(2)), *(["-rtp_echo"] if echo else [])]
        if calls:  # who is only called gives no remote address
            command.append(f"{server.host}:{server.udp}")
        self.scenario, self.port, self.stream = getattr(scenario, "name", scenario), port, transport.startswith("t")
        with open(self.folder / "stderr", "wb") as said:
            self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said, cwd=self.folder)

    def listens(self):
        table = "/proc/net/tcp" if self.stream else "/proc/net/udp"

        def up():
            if self.process.poll() is not None:
                raise lab.Failed(f"sipp {self.scenario} ended with {self.process.returncode}\n{self.words()}")
            return f":{self.port:04X} " in pathlib.Path(table).read_text()
        lab.wait_for("sipp to listen", up, 10, 0.05)
        return self

    def done(self, seconds=200):
        """Waits for its end; Failed when the scenario was not what came."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            code = "none"
        finally:
            lab.end(self.process)
        words = self.words()
        if code != 0:
            raise lab.Failed(f"sipp {self.scenario}: exit {code}\n{words[-6000:]}")
        self.quit()
        return words

    def words(self):
        return "".join((self.folder / name).read_text(errors="replace") for name in ("messages", "errors", "stderr")
                       if (self.folder / name).exists())

    def _messages(self, way):
        parts = re.split(r"-{20,} [^\n]*\n[^\n]*?message (sent|received)[^\n]*\n\n", self.words())
        return [text for kind, text in zip(parts[1::2], parts[2::2]) if kind == way]

    def received(self, method):
        """The requests of this method that it has received so far."""
        found = [sip.Message(re.sub(r"\r?\n", "\r\n", text.strip()).encode()) for text in self._messages("received")]
        return [m for m in found if m.method == method]

    def hears_of(self, method):
        """Waits until the first request of this method has come."""
        def came():
            if self.process.poll() is not None:
                raise lab.Failed(f"sipp {self.scenario} ended with {self.process.returncode}\n{self.words()[-4000:]}")
            return self.received(method)
        return lab.wait_for(f"{method} to reach sipp", came, 10)

    def sent(self):
        """All that it has sent so far, as one text."""
        return "".join(self._messages("sent"))

    def quit(self):
        lab.end(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)

#!/usr/bin/env python3
"""Figures, not tests: CPU per operation of the server under load, beside the rival's in the same run.

  bench/run.py                    micro-benchmarks and the end-to-end figures
  bench/run.py --vs-kamailio      the same load at Debian's Kamailio (allocator tlsf) too, and the ratios
  bench/run.py --micro | --end-to-end [--quick]
  bench/run.py --against COMMIT   the two-party call of this tree and of that commit, taken in turns

CPU is user+system time of the server's processes from /proc, idle burn taken out. Everything runs on loopback addresses of
its own; each run is bounded. Compare ratios within one run: machines differ and are noisy.
"""
import argparse
import json
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import lab  # noqa: E402

TICK = os.sysconf("SC_CLK_TCK")
LOAD = ROOT / "build/bench/carillon-load"
HOST, FROM = "127.8.8.1", "127.8.8.2"
DOMAIN = "perf.test"


def family(pid):
    """A process and its descendants."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                parents.setdefault(int(open(f"/proc/{entry}/stat").read().rsplit(")", 1)[1].split()[1]), []).append(int(entry))
            except OSError:
                pass
    found, todo = [], [pid]
    while todo:
        p = todo.pop()
        found.append(p)
        todo += parents.get(p, [])
    return found


def cpu_seconds(pid):
    total = 0
    for p in family(pid):
        try:
            fields = open(f"/proc/{p}/stat").read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def memory_kib(pid):
    total = 0
    for p in family(pid):
        try:
            total += next(int(l.split()[1]) for l in open(f"/proc/{p}/smaps_rollup") if l.startswith("Pss:"))
        except (OSError, StopIteration):
            pass
    return total


class Rival:
    """Debian's Kamailio with its fast allocator."""

    def __init__(self, *defines):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="rival-"))
        self.port = lab.free_port(HOST)
        words = ["kamailio", "-x", "tlsf", "-X", "tlsf", "-b", "4194304", "-m", "1024", "-M", "16", "-DD", "-E",
                 "-f", str(ROOT / "bench/kamailio/kamailio.cfg"), "-Y", str(self.folder), "-w", str(self.folder),
                 "-P", str(self.folder / "pid"), "-l", f"udp:{HOST}:{self.port}", "-A", "RIVAL_WORKERS=2"]
        for d in defines:
            words += ["-A", d]
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(words, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        self.pid = self.process.pid
        time.sleep(2)
        if self.process.poll() is not None:
            raise lab.Failed("kamailio ended: " + (self.folder / "log").read_text()[-1000:])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        lab.end(self.process)


class Ours:
    """Carillon with a directory for the load."""

    def __init__(self, users, digest):
        self.server = lab.Server(ROOT / "build/release/carillon", host=HOST, tcp=False)
        self.users, self.digest = users, digest

    def __enter__(self):
        s = self.server.start()
        self.port, self.pid = s.udp, s.process.pid
        s.cli("parameter", "set", "domains", DOMAIN)
        rows = ["userid,lastName,digestCredentials,product,lines"]
        rows += [f"{u},Perf,pw{u},basic,{u}" for u in self.users]
        path = s.data / "perf.csv"
        path.write_text("\n".join(rows) + "\n")
        begun = time.monotonic()
        s.cli("import", str(path))
        self.import_s = time.monotonic() - begun
        if self.digest:
            for kind in ("Basic", "Advanced"):
                s.cli("security-profile", "update", f"Third-party SIP Device {kind} - Standard SIP Non-Secure Profile",
                      "--digest-authentication", "on", "--challenged-requests", "out-of-dialog")
        return self

    def __exit__(self, *failure):
        self.server.__exit__(*failure)


def load(target_port, mode, target_host=HOST, **options):
    words = [str(LOAD), mode, "--target", f"{target_host}:{target_port}", "--local-ip", FROM, "--domain", DOMAIN]
    for name, value in options.items():
        words += ["--" + name.replace("_", "-"), str(value)]
    out = subprocess.run(words, capture_output=True, text=True, timeout=200).stdout
    return json.loads(out)


def measured(target, mode, settle, **options):
    """One run: figures of the load with the server's CPU µs per operation."""
    begun, before = time.monotonic(), cpu_seconds(target.pid)
    time.sleep(1)
    idle = (cpu_seconds(target.pid) - before) / (time.monotonic() - begun)
    kib = memory_kib(target.pid)
    begun, before = time.monotonic(), cpu_seconds(target.pid)
    result = load(target.port, mode, **options)
    time.sleep(settle)
    used = cpu_seconds(target.pid) - before - idle * (time.monotonic() - begun)
    result["cpu_us"] = used * 1e6 / max(result["ok"], 1)
    result["kib"] = memory_kib(target.pid) - kib
    return result


def runs(target, mode, times, settle=2.0, warm=1, **options):
    results = [measured(target, mode, settle, **options) for _ in range(times + warm)][warm:]
    best = dict(results[0])
    best["cpu_us"] = statistics.median(r["cpu_us"] for r in results)
    best["failed"] = sum(r["failed"] for r in results)
    best["retransmissions"] = sum(r["retransmissions"] for r in results)
    return best


REGISTER = dict(users=20000, count=60000, concurrency=100, port=17070)
CALL = dict(users=2000, callees=1000, count=20000, concurrency=200)


def prepare_calls(target):
    load(target.port, "register", users=1000, first_user=150000, count=1000, rate=500, port=17070)
    load(target.port, "register", users=2000, first_user=100000, count=2000, rate=1000, port=17060)


def figures(make, times, register=True, call=True):
    """{name: result} of one server; `make(kind)` starts it for that kind of load."""
    rows = {}
    if register:
        with make("register") as target:
            rows["first registration"] = measured(target, "register", 2, **{**REGISTER, "count": 20000})
            rows["registration"] = runs(target, "register", times, **REGISTER)
    if call:
        for kind in ("call", "call with auth"):
            with make(kind) as target:
                prepare_calls(target)
                rows[kind] = runs(target, "call", times, **CALL)
    return rows


def memory():
    """KiB per registration and per call: while they live, and after their timers have ended (--settle)."""
    rows = {}
    with Ours(list(range(100000, 120000)), digest=True) as target:
        before = memory_kib(target.pid)
        load(target.port, "register", **{**REGISTER, "count": 20000, "expires": 3600})
        time.sleep(40)
        rows["registration, bytes kept"] = (memory_kib(target.pid) - before) * 1024 / 20000
    with Ours([*range(100000, 102000), *range(150000, 151000)], digest=False) as target:
        prepare_calls(target)
        time.sleep(40)
        before = memory_kib(target.pid)
        load(target.port, "call", **CALL)
        rows["call, bytes at its end"] = (memory_kib(target.pid) - before) * 1024 / CALL["count"]
        time.sleep(40)
        rows["call, bytes 40 s later"] = (memory_kib(target.pid) - before) * 1024 / CALL["count"]
    return rows


def delay():
    """INVITE to 200 at 500 calls/s, p99 in ms, beside the generator calling itself."""
    options = dict(users=2000, callees=1000, count=5000, concurrency=200, rate=500, ring=20)
    with Ours([*range(100000, 102000), *range(150000, 151000)], digest=False) as target:
        prepare_calls(target)
        through = load(target.port, "call", **options)
    direct = load(17070, "call", target_host=FROM, **options)  # the generator's own callee
    return {"INVITE to 200 at 500/s, p99 ms": through["ms_p99"], "the same without a server, p99 ms": direct["ms_p99"],
            "added, p99 ms": through["ms_p99"] - direct["ms_p99"]}


def start_up(phones=100000):
    """Seconds from start to the first answer with so many phones and bindings in the data directory."""
    with Ours(list(range(100000, 100000 + phones)), digest=False) as target:
        load(target.port, "register", users=phones, count=phones, concurrency=100, port=17070)
        time.sleep(1)
        server = target.server
        lab.end(server.process, 60)
        begun = time.monotonic()
        server.process = subprocess.Popen(server.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ping = (f"OPTIONS sip:{HOST} SIP/2.0\r\nVia: SIP/2.0/UDP {FROM}:17099;branch=z9hG4bKstart;rport\r\n"
                f"Max-Forwards: 70\r\nFrom: <sip:a@{HOST}>;tag=s\r\nTo: <sip:{HOST}>\r\nCall-ID: start\r\n"
                "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n").encode()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.bind((FROM, 17099))
            s.settimeout(0.05)
            for _ in range(400):
                try:
                    s.sendto(ping, (HOST, target.port))
                    s.recv(4096)
                    break
                except (TimeoutError, ConnectionError):
                    time.sleep(0.01)
            else:
                raise lab.Failed("no answer after the restart")
        seconds = time.monotonic() - begun
        back = len(server.json("registration", "list"))
        return {"import of 100,000 users, s": target.import_s, "start to first answer, s": seconds, "bindings back": back}


def ours(kind):
    users = list(range(100000, 120000)) if kind == "register" else [*range(100000, 102000), *range(150000, 151000)]
    return Ours(users, digest=kind != "call")


def rival(kind):
    return Rival(*{"call with auth": ["WITH_AUTH", "WITH_DIALOG"]}.get(kind, []))


def of_commit(commit):
    """The benchmark program of another commit, built in a work tree of its own."""
    name = subprocess.run(["git", "rev-parse", "--short", "--verify", f"{commit}^{{commit}}"], cwd=ROOT, check=True,
                          capture_output=True, text=True).stdout.strip()
    tree = ROOT / f"build/at-{name}"
    if not tree.exists():
        subprocess.run(["git", "worktree", "add", "--detach", str(tree), name], cwd=ROOT, check=True)
    subprocess.run(["cmake", "--preset", "bench"], cwd=tree, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", "build/bench", "--target", "carillon_bench"], cwd=tree, check=True)
    return tree / "build/bench/carillon_bench"


def against(commit, turns=7):
    """The least CPU time of each benchmark of the two-party call, ours and theirs in turns: noise only ever adds."""
    programs = {"this tree": ROOT / "build/bench/carillon_bench", commit: of_commit(commit)}
    least = {name: {} for name in programs}
    for _ in range(turns):
        for name, program in programs.items():
            out = subprocess.run([str(program), "--benchmark_format=json", "--benchmark_min_time=0.5",
                                  "--benchmark_filter=^call/"], check=True, capture_output=True, text=True).stdout
            for row in json.loads(out)["benchmarks"]:
                least[name][row["name"]] = min(row["cpu_time"], least[name].get(row["name"], float("inf")))
    whole, phones = "call/invite to bye", "call/phones alone"
    mine, theirs = (least[name][whole] - least[name][phones] for name in programs)
    print(f"two-party call without the phones' part: {mine / 1e3:.2f} µs, at {commit} {theirs / 1e3:.2f} µs, "
          f"ratio {mine / theirs:.3f}")


def table(mine, theirs):
    print(f"\n{'CPU µs per operation':34}{'Carillon':>10}{'Kamailio':>10}{'ratio':>8}   notes")
    for name, row in mine.items():
        other = theirs.get(name)
        ratio = f"{row['cpu_us'] / other['cpu_us']:.2f}" if other else ""
        notes = f"{row['ops_per_s']:.0f}/s, p99 {row['ms_p99']} ms, {row['failed']} failed, " \
                f"{row['retransmissions']} resent"
        print(f"{name:34}{row['cpu_us']:10.1f}{other['cpu_us'] if other else float('nan'):10.1f}{ratio:>8}   {notes}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vs-kamailio", action="store_true")
    parser.add_argument("--micro", action="store_true", help="only the micro-benchmarks")
    parser.add_argument("--end-to-end", action="store_true", help="only the loads")
    parser.add_argument("--quick", action="store_true", help="one run each")
    parser.add_argument("--filter", default=".", help="micro-benchmarks whose names match")
    parser.add_argument("--against", metavar="COMMIT", help="compare the two-party call with that of another commit")
    a = parser.parse_args()
    if a.against:
        return against(a.against)
    if not a.end_to_end:
        subprocess.run([str(ROOT / "build/bench/carillon_bench"), f"--benchmark_filter={a.filter}"], check=True)
    if a.micro:
        return 0
    times = 1 if a.quick else 3
    mine = figures(ours, times)
    theirs = figures(rival, times) if a.vs_kamailio else {}
    table(mine, theirs)
    for name, figure in {**(delay()), **({} if a.quick else memory()), **({} if a.quick else start_up())}.items():
        print(f"{name:34}{figure:10.1f}")
    return 1 if any(r["failed"] for r in mine.values()) else 0


if __name__ == "__main__":
    sys.exit(main())

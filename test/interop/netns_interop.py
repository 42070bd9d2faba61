"""A network of our own, in namespaces: the server on one side of a NAT, phones on the other; IPv4 and IPv6.

  phones (192.168.99.2, .3; fd78::2) -- router (masquerades IPv4, routes IPv6) -- server (10.77.0.1; fd77::1)
"""
import concurrent.futures
import ctypes
import os
import subprocess
import sys

import lab
import sip

CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)
SERVER, SERVER6, PORT = "10.77.0.1", "fd77::1", 5060


def run(*words, text=None):
    result = subprocess.run(words, capture_output=True, text=True, input=text, timeout=100)
    if result.returncode != 0:
        raise lab.Failed(f"{' '.join(words)}: {result.stderr.strip() or result.stdout.strip()}")
    return result.stdout


class Net:
    """The namespaces; gone with everything in them at the end."""

    def __init__(self):
        self.names = {n: f"carillon-{n}-{os.getpid()}" for n in ("server", "router", "phones")}

    def __enter__(self):
        try:
            self.make()
        except Exception:
            self.__exit__()
            raise
        return self

    def make(self):
        for name in self.names.values():
            run("ip", "netns", "add", name)
            run("ip", "-n", name, "link", "set", "lo", "up")
            # Addresses are good at once: nobody else is here to have the same.
            run("ip", "netns", "exec", name, "sh", "-c", "for d in all default; do echo 0 > /proc/sys/net/ipv6/conf/$d/accept_dad; done")
        for outer, inner, left, right, six in (("server", "router", f"{SERVER}/24", "10.77.0.2/24", "fd77::"),
                                               ("phones", "router", "192.168.99.2/24", "192.168.99.1/24", "fd78::")):
            a, b = self.names[outer], self.names[inner]
            run("ip", "-n", a, "link", "add", "up0", "type", "veth", "peer", "name", f"to-{outer}", "netns", b)
            ends = (six + ("1" if outer == "server" else "2"), six + ("2" if outer == "server" else "1"))
            for name, device, address, address6 in ((a, "up0", left, ends[0]), (b, f"to-{outer}", right, ends[1])):
                run("ip", "-n", name, "address", "add", address, "dev", device)
                run("ip", "-n", name, "address", "add", f"{address6}/64", "dev", device, "nodad")
                run("ip", "-n", name, "link", "set", device, "up")
        run("ip", "-n", self.names["phones"], "address", "add", "192.168.99.3/24", "dev", "up0")
        run("ip", "-n", self.names["phones"], "route", "add", "default", "via", "192.168.99.1")
        run("ip", "-n", self.names["phones"], "-6", "route", "add", "default", "via", "fd78::1")
        run("ip", "-n", self.names["server"], "-6", "route", "add", "fd78::/64", "via", "fd77::2")
        self.inside("router", "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward && "
                    "echo 1 > /proc/sys/net/ipv6/conf/all/forwarding")
        self.inside("router", "nft", "-f", "-", text="""table ip nat { chain out { type nat hook postrouting priority 100;
            oifname "to-server" masquerade random; }; }\n""")

    def inside(self, place, *words, text=None):
        return run("ip", "netns", "exec", self.names[place], *words, text=text)

    def enter(self, place):
        with open(f"/run/netns/{self.names[place]}", "rb") as f:
            if LIBC.setns(f.fileno(), CLONE_NEWNET) != 0:
                raise lab.Failed(f"setns: {os.strerror(ctypes.get_errno())}")

    def made_in(self, place, make):
        """What `make` gives when it runs in this namespace: a socket stays in the one where it was made."""
        with open("/proc/thread-self/ns/net", "rb") as home:
            self.enter(place)
            try:
                return make()
            finally:
                LIBC.setns(home.fileno(), CLONE_NEWNET)

    def __exit__(self, *_):
        for name in self.names.values():
            subprocess.run(["ip", "netns", "delete", name], capture_output=True)


class Server(lab.Server):
    """A server inside the network: all listeners on its addresses there."""

    def __init__(self, binary, net):
        super().__init__(binary)
        words = ["--http", "none", "--https", "none"]
        for address in (f"{SERVER}:{PORT}", f"[{SERVER6}]:{PORT}"):
            words += ["--sip-udp", address, "--sip-tcp", address]
        self.command = ["ip", "netns", "exec", net.names["server"], self.binary, "serve", "--data-dir", str(self.data), *words]


def call(caller, callee):
    """A call both ways through whatever lies between; the INVITE as the callee had it."""
    c = sip.Call(caller, callee.number)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        taken = pool.submit(sip.pick_up, callee, 5)
        answer = c.invite()
        invite = taken.result()
    assert invite is not None, f"{callee.number} was not reached"
    assert answer is not None and answer.status == 200, answer and answer.raw
    assert callee.receive(5, lambda m: m.method == "ACK"), "no ACK came through"
    # The called side hangs up: the server reaches the caller over its flow too.
    bye = hang_up_by_callee(callee, invite)
    request = caller.receive(5, lambda m: m.method == "BYE")
    assert request is not None, "the BYE did not come through to the caller"
    caller.reply(request, 200, "OK")
    answer = callee.final(invite.get("call-id"), bye)
    assert answer is not None and answer.status == 200, answer and answer.raw
    return invite


def hang_up_by_callee(callee, invite):
    cseq = 77
    target = invite.get("contact").split("<")[1].split(">")[0]
    lines = [f"BYE {target} SIP/2.0", f"Via: SIP/2.0/{callee.link.transport} {callee.here};branch=z9hG4bK{sip.token()};rport",
             "Max-Forwards: 70", f"From: {invite.get('to')};tag=callee", f"To: {invite.get('from')}",
             f"Call-ID: {invite.get('call-id')}", f"CSeq: {cseq} BYE", "Content-Length: 0", "", ""]
    callee.link.send("\r\n".join(lines).encode())
    return cseq


def become_root():
    """Who is not root is it in a user namespace of its own, which may make network namespaces (user_namespaces(7)); where the
    kernel forbids that, by sudo without a password."""
    again = [sys.executable, "-B", *sys.argv]
    private = ["unshare", "--user", "--map-root-user", "--mount", "--net"]
    if subprocess.run([*private, "true"], capture_output=True).returncode == 0:
        os.execvp("unshare", [*private, "sh", "-c", 'mount -t tmpfs none /run && exec "$@"', "sh", *again])
    if subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        os.execvp("sudo", ["sudo", "-n", "env", f"PYTHONPATH={os.environ.get('PYTHONPATH', '')}", *again])
    print("this test makes network namespaces: run it as root, or allow user namespaces, or sudo without a password")
    return 1


def main():
    if os.geteuid() != 0:
        return become_root()
    with Net() as net:
        with Server(sys.argv[1], net) as server:
            for i in range(1, 7):
                server.add_user(f"user{i}", f"secret{i}", f"100{i}")

            def phone(i, kind, place, local, remote=SERVER):
                link = net.made_in(place, lambda: kind(local, (remote, PORT)))
                p = sip.Phone(link, f"100{i}", f"user{i}", f"secret{i}")
                p.patience = 1  # the first datagram may be lost: then rather ask again than wait
                answer = lab.wait_for(f"an answer to {p.number}", p.register, 20)
                p.patience = lab.PATIENCE
                assert answer.status == 200, (i, answer.raw)
                return p
            # Two phones behind the NAT, on the same port; one outside; one by TCP; two by IPv6.
            a = phone(1, sip.UdpLink, "phones", ("192.168.99.2", 5060))
            b = phone(2, sip.UdpLink, "phones", ("192.168.99.3", 5060))
            c = phone(3, sip.UdpLink, "server", (SERVER, 0))
            d = phone(4, sip.StreamLink, "phones", ("192.168.99.2", 0))
            e = phone(5, sip.UdpLink, "phones", ("fd78::2", 5060), SERVER6)
            f = phone(6, sip.StreamLink, "phones", ("fd78::2", 0), SERVER6)
            seen = {r["number"]: r["source"] for r in server.json("registration", "list")}
            print(seen)
            assert seen["1001"].startswith("10.77.0.2:") and seen["1002"].startswith("10.77.0.2:"), seen
            assert seen["1001"] != seen["1002"] and seen["1004"].startswith("10.77.0.2:"), seen
            assert seen["1005"] == "[fd78::2]:5060" and seen["1006"].startswith("[fd78::2]:"), seen
            contacts = {r["number"]: r["contact"] for r in server.json("registration", "list")}
            assert "192.168.99.2:5060" in contacts["1001"], contacts
            for caller, callee in ((c, a), (a, c), (a, b), (c, d), (d, b), (e, f), (f, e), (e, a), (b, f)):
                invite = call(caller, callee)
                assert f"100{invite.start[len('INVITE sip:100')]}" == callee.number, invite.start
                own = f"[{SERVER6}]" if ":" in callee.link.local[0] else SERVER
                assert own in invite.get("contact"), invite.raw
            # The server starts again: they are still reached through the NAT before they say anything.
            server.kill()
            server.start()
            call(c, a)
            call(e, b)
            assert len(server.json("cdr", "list")) == 11
            assert server.json("call", "list") == []
    assert not any(n in run("ip", "netns", "list") for n in net.names.values()), "namespaces are left"
    return 0


sys.exit(main())

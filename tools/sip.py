"""A small SIP phone for tests, written apart from the server: text in, text out, digest, three transports.

It does only what it is told: no timers, no retransmissions, no automatic answers, so that a test can do every wrong thing.
"""
import hashlib
import re
import socket
import ssl
import time
import uuid

from lab import PATIENCE

CANONICAL = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length",
             "c": "content-type", "k": "supported"}


class Message:
    """What arrived: .status (0 for a request), .method, .headers as (name in lower case, value), .body."""

    def __init__(self, raw):
        self.raw = raw
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.decode("utf-8", "replace").split("\r\n")
        self.start = lines[0]
        self.headers = []
        for line in lines[1:]:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            self.headers.append((CANONICAL.get(name, name), value.strip()))
        self.status = int(self.start.split()[1]) if self.start.startswith("SIP/2.0 ") else 0
        self.method = "" if self.status else self.start.split()[0]

    def all(self, name):
        return [v for n, v in self.headers if n == name]

    def get(self, name, default=""):
        return next(iter(self.all(name)), default)

    def param(self, header, name):
        found = re.search(rf"[;,\s]{name}\s*=\s*\"?([^\";,\s>]*)", self.get(header))
        return found.group(1) if found else ""

    def challenge(self, algorithm="MD5"):
        """The parameters of the WWW-Authenticate of this algorithm."""
        for value in self.all("www-authenticate"):
            found = {k.lower(): q or t for k, q, t in re.findall(r'(\w+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))', value)}
            if found.get("algorithm", "MD5").upper() == algorithm.upper():
                return found
        return None


class UdpLink:
    transport = "UDP"

    def __init__(self, local, remote, family=None):
        self.remote = remote
        family = family or (socket.AF_INET6 if ":" in remote[0] else socket.AF_INET)
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.bind(local if isinstance(local, tuple) else (local, 0))
        self.local = self.socket.getsockname()[:2]

    def send(self, data):
        self.socket.sendto(data, self.remote)

    def receive(self, seconds=3.0):
        self.socket.settimeout(max(seconds, 0.001))
        try:
            return Message(self.socket.recvfrom(65536)[0])
        except TimeoutError:
            return None

    def close(self):
        self.socket.close()


class StreamLink:
    """TCP, or TLS with a context. Messages are framed by Content-Length; lone CRLFs are counted as pongs."""

    def __init__(self, local, remote, tls=None):
        self.transport = "TLS" if tls else "TCP"
        self.remote, self.buffer, self.pongs, self.closed = remote, b"", 0, False
        family = socket.AF_INET6 if ":" in remote[0] else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if local:
            self.socket.bind(local if isinstance(local, tuple) else (local, 0))
        self.socket.settimeout(10 * PATIENCE)
        self.socket.connect(remote)
        if tls:
            self.socket = tls.wrap_socket(self.socket)
        self.local = self.socket.getsockname()[:2]

    @classmethod
    def taken(cls, listener, seconds=10.0, tls=None):
        """A connection that the other side has opened to this listening socket; with a context over TLS."""
        link = cls.__new__(cls)
        link.transport = "TLS" if tls else "TCP"
        link.buffer, link.pongs, link.closed = b"", 0, False
        listener.settimeout(seconds * PATIENCE)
        link.socket, link.remote = listener.accept()
        link.socket.settimeout(seconds * PATIENCE)
        if tls:
            link.socket = tls.wrap_socket(link.socket, server_side=True)
        link.local = link.socket.getsockname()[:2]
        return link

    def send(self, data):
        self.socket.sendall(data)

    def _frame(self):
        while self.buffer.startswith(b"\r\n"):
            self.buffer, self.pongs = self.buffer[2:], self.pongs + 1
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        size = int(Message(self.buffer[:end + 4]).get("content-length", "0"))
        if len(self.buffer) < end + 4 + size:
            return None
        raw, self.buffer = self.buffer[:end + 4 + size], self.buffer[end + 4 + size:]
        return Message(raw)

    def receive(self, seconds=3.0):
        until = time.monotonic() + seconds
        while True:
            message = self._frame()
            left = until - time.monotonic()
            if message or self.closed or left <= 0:
                return message
            self.socket.settimeout(left)
            try:
                data = self.socket.recv(65536)
            except (TimeoutError, ssl.SSLWantReadError):
                continue
            except OSError:
                data = b""
            self.closed = not data
            self.buffer += data

    def ends(self, seconds):
        """Whether the other side closes within this time."""
        until = time.monotonic() + seconds
        while not self.closed and time.monotonic() < until:
            self.receive(until - time.monotonic())
        return self.closed

    def close(self):
        self.socket.close()


def tls_context(least=None, most=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if least:
        context.minimum_version = least
    if most:
        context.maximum_version = most
    return context


def bracketed(host):
    return f"[{host}]" if ":" in host else host


def token():
    return uuid.uuid4().hex[:12]


def digest(user, password, method, uri, challenge, count=1, qop="auth", algorithm=None):
    """The value of Authorization; with qop=None in the manner of RFC 2069."""
    algorithm = algorithm or challenge.get("algorithm", "MD5")
    make = hashlib.sha256 if algorithm.upper() == "SHA-256" else hashlib.md5

    def h(text):
        return make(text.encode()).hexdigest()
    realm, nonce = challenge["realm"], challenge["nonce"]
    a1, a2 = h(f"{user}:{realm}:{password}"), h(f"{method}:{uri}")
    out = f'Digest username="{user}", realm="{realm}", nonce="{nonce}", uri="{uri}", algorithm={algorithm}'
    if not qop:
        return f'{out}, response="{h(f"{a1}:{nonce}:{a2}")}"'
    cnonce, nc = token(), f"{count:08x}"
    return f'{out}, qop=auth, nc={nc}, cnonce="{cnonce}", response="{h(f"{a1}:{nonce}:{nc}:{cnonce}:auth:{a2}")}"'


class Phone:
    """One number at one server over one link."""
    patience = PATIENCE

    def __init__(self, link, number, user, password, domain=None):
        self.link, self.number, self.user, self.password = link, number, user, password
        self.server = f"{bracketed(link.remote[0])}:{link.remote[1]}"
        self.domain = domain or self.server
        self.call_id, self.tag, self.cseq = f"reg-{token()}", token(), 0
        self.here = f"{bracketed(link.local[0])}:{link.local[1]}"
        scheme = ";transport=" + link.transport.lower() if link.transport != "UDP" else ""
        self.contact = f"<sip:{number}@{self.here}{scheme}>"
        self.challenge, self.count, self.algorithm = None, 0, "MD5"
        self.inbox, self.had = [], set()
        self.taken = set()  # INVITEs that pick_up had, so that it passes over their retransmissions

    def build(self, method, uri, headers=(), body=b"", to=None, call_id=None, tag=None, cseq=None, from_number=None,
              to_tag="", branch=None, route=None):
        body = body.encode() if isinstance(body, str) else body
        number = self.number if from_number is None else from_number
        cseq_number = self.next_cseq() if cseq is None else cseq
        if to is None and method == "REGISTER":
            to = f"<sip:{number}@{self.domain}>"
        lines = [f"{method} {uri} SIP/2.0",
                 f"Via: SIP/2.0/{self.link.transport} {self.here};branch={branch or 'z9hG4bK' + token()};rport",
                 "Max-Forwards: 70",
                 f"From: <sip:{number}@{self.domain}>;tag={tag or self.tag}",
                 f"To: {to or f'<{uri}>'}" + (f";tag={to_tag}" if to_tag else ""),
                 f"Call-ID: {call_id or self.call_id}", f"CSeq: {cseq_number} {method}"]
        lines += [f"Route: {r}" for r in route or ()] + list(headers)
        return ("\r\n".join(lines) + f"\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body

    def next_cseq(self):
        self.cseq += 1
        return self.cseq

    def receive(self, seconds=3.0, keep=lambda m: True):
        """The next message that `keep` likes; the others wait in the inbox. The seconds are those of an idle machine.

        A request that was had before is passed over: a busy machine makes the server repeat what is answered late."""
        for i, m in enumerate(self.inbox):
            if keep(m):
                return self.inbox.pop(i)
        until = time.monotonic() + seconds * self.patience
        while (left := until - time.monotonic()) > 0:
            m = self.link.receive(left)
            if m is None and getattr(self.link, "closed", False):
                return None
            if m is not None and not m.status:
                if m.raw in self.had:
                    continue
                self.had.add(m.raw)
            if m is not None and keep(m):
                return m
            if m is not None:
                self.inbox.append(m)
        return None

    def final(self, call_id, cseq, seconds=5.0):
        return self.receive(seconds, lambda m: m.status >= 200 and m.get("call-id") == call_id
                            and m.get("cseq").split()[0] == str(cseq))

    def ask(self, method, uri, headers=(), **more):
        """Sends once, and the final answer."""
        more.setdefault("call_id", self.call_id)
        more.setdefault("cseq", None)
        cseq = self.next_cseq() if more["cseq"] is None else more["cseq"]
        more["cseq"] = cseq
        self.link.send(self.build(method, uri, headers, **more))
        return self.final(more["call_id"], cseq)

    def answer_to(self, challenge, method, uri, user=None, password=None, **more):
        """An Authorization line for this challenge."""
        if challenge is not self.challenge:
            self.challenge, self.count = challenge, 0
        self.count += 1
        more.setdefault("count", self.count)
        return "Authorization: " + digest(user or self.user, self.password if password is None else password, method,
                                          uri, challenge, **more)

    def register(self, expires=300, contact=None, headers=(), user=None, password=None, number=None, **more):
        """REGISTER, 401, REGISTER with credentials; the last answer."""
        uri = f"sip:{self.domain}"
        number = number or self.number
        contacts = [self.contact] if contact is None else [contact] if isinstance(contact, str) else contact
        lines = [f"Contact: {c}" for c in contacts] + ([f"Expires: {expires}"] if expires is not None else [])
        lines += list(headers)
        digest_words = {k: more.pop(k) for k in ("qop", "algorithm", "count") if k in more}
        digest_uri = more.pop("digest_uri", uri)
        words = {"to": f"<sip:{number}@{self.domain}>", "from_number": number, **more}
        first = self.ask("REGISTER", uri, lines, **words)
        if first is None or first.status != 401:
            return first
        challenge = first.challenge(digest_words.get("algorithm", self.algorithm))
        if challenge is None:
            return first
        self.challenge, self.count = challenge, 0
        credentials = self.answer_to(challenge, "REGISTER", digest_uri, user, password, **digest_words)
        return self.ask("REGISTER", uri, lines + [credentials], **words)

    def reply(self, request, status, reason, headers=(), body=b"", tag=None):
        body = body.encode() if isinstance(body, str) else body
        lines = [f"SIP/2.0 {status} {reason}"]
        for name, value in request.headers:
            if name in ("via", "from", "call-id", "cseq", "record-route"):
                lines.append(f"{name.title()}: {value}")
            elif name == "to":
                lines.append(f"To: {value}" + ("" if ";tag=" in value or status == 100 else f";tag={tag or 'callee'}"))
        lines += list(headers)
        self.link.send(("\r\n".join(lines) + f"\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body)


def sdp(host, port=40000, extra=""):
    kind = "IP6" if ":" in host else "IP4"
    return (f"v=0\r\no=- 1 1 IN {kind} {host}\r\ns=-\r\nc=IN {kind} {host}\r\nt=0 0\r\n"
            f"m=audio {port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n{extra}")


class Call:
    """A caller's side of a call: INVITE (answering challenges), ACK, requests inside, BYE."""

    def __init__(self, phone, called, body=None, headers=()):
        self.phone, self.call_id, self.tag = phone, f"call-{token()}", token()
        self.uri = self.target = f"sip:{called}@{phone.domain}"
        self.to_tag, self.cseq, self.route = "", 0, []
        self.challenged = 0
        self.body = body if body is not None else sdp(phone.link.local[0])
        self.headers = list(headers)

    def send(self, method, headers=(), body=b"", cseq=None, branch=None):
        if cseq is None:
            self.cseq += 1
            cseq = self.cseq
        p = self.phone
        contact = [f"Contact: {p.contact}"] if method in ("INVITE", "UPDATE") else []
        p.link.send(p.build(method, self.target, contact + list(headers), body, to=f"<{self.uri}>", call_id=self.call_id,
                            tag=self.tag, cseq=cseq, to_tag=self.to_tag, branch=branch, route=self.route))
        return cseq

    def invite(self, credentials=None, challenge=True, seconds=10.0):
        """Sends the INVITE and returns at the first answer that is final (or None). Acknowledges failures."""
        kind = ["Content-Type: application/sdp"] if self.body else []
        extra = kind + self.headers + ([credentials] if credentials else [])
        branch = "z9hG4bK" + token()
        cseq = self.send("INVITE", extra, self.body, branch=branch)
        return self.settle(cseq, branch, challenge, seconds)

    def settle(self, cseq, branch, challenge=True, seconds=10.0):
        answer = self.phone.final(self.call_id, cseq, seconds)
        if answer is None:
            return None
        if answer.status >= 300:
            before, self.to_tag = self.to_tag, answer.param("to", "tag")
            self.send("ACK", cseq=cseq, branch=branch)
            self.to_tag = before
            if answer.status == 401 and challenge:
                self.challenged += 1
                p = self.phone
                return self.invite(p.answer_to(answer.challenge(), "INVITE", self.target), False, seconds)
            return answer
        self.to_tag = answer.param("to", "tag")
        self.target = re.search(r"<([^>]*)>", answer.get("contact")).group(1)
        self.route = list(reversed(answer.all("record-route")))
        self.send("ACK", cseq=cseq)
        return answer

    def request(self, method, headers=(), body=b"", challenge=True):
        """A request inside the dialog, challenge answered."""
        cseq = self.send(method, headers, body)
        answer = self.phone.final(self.call_id, cseq)
        if answer is not None and answer.status == 401 and challenge:
            self.challenged += 1
            credentials = self.phone.answer_to(answer.challenge(), method, self.target)
            return self.request(method, list(headers) + [credentials], body, False)
        return answer


def pick_up(phone, seconds=10.0, status=200):
    """The called side: takes the INVITE, rings and answers; returns the INVITE. The ACK is left in the inbox."""
    invite = phone.receive(seconds, lambda m: m.method == "INVITE" and m.get("via") not in phone.taken)
    if invite is None:
        return None
    phone.taken.add(invite.get("via"))
    phone.reply(invite, 180, "Ringing", [f"Contact: {phone.contact}"])
    phone.reply(invite, status, "OK", [f"Contact: {phone.contact}", "Content-Type: application/sdp"],
                sdp(phone.link.local[0], 41000))
    return invite

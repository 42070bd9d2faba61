"""SIPp scenarios put together from steps, as a caller sees them; every request outside of a dialog is challenged.

  Scenario("holds").invite("1002").pause(2).reinvite("sendonly").pause(2).reinvite("sendrecv").bye().text()

In the text, field0 is the number and field1 its credentials, as in test/interop/scenarios/.
"""

from xml.sax.saxutils import escape

SDP = """v=0
o=sipp 1 {version} IN IP4 [local_ip]
s=-
c=IN IP4 {address}
t=0 0
m=audio [media_port] RTP/AVP 0
a=rtpmap:0 PCMU/8000
{more}"""


def body_matches(pattern):
    return f'<action><ereg regexp="{escape(pattern)}" search_in="body" check_it="true" assign_to="1"/></action>'


class Scenario:
    def __init__(self, name):
        self.name, self.parts, self.cseq, self.version, self.uri = name, [], 0, 0, ""

    def _send(self, method, uri, tag="", lines=(), body="", cseq=None, branch="[branch]", retrans=True):
        if cseq is None:
            self.cseq += 1
            cseq = self.cseq
        kind = ["Content-Type: application/sdp"] if body else []
        head = [f"{method} {uri} SIP/2.0", f"Via: SIP/2.0/[transport] [local_ip]:[local_port];rport;branch={branch}",
                "Max-Forwards: 70", "From: <sip:[field0]@[remote_ip]>;tag=[pid]f[call_number]", f"To: <{self.uri}>{tag}",
                "Call-ID: [call_id]", f"CSeq: {cseq} {method}", *([] if method in ("ACK", "BYE", "CANCEL") else
                ["Contact: <sip:[field0]@[local_ip]:[local_port];transport=[transport]>"]), *lines, *kind, "Content-Length: [len]"]
        self.parts.append(f'  <send{" retrans=" + chr(34) + "500" + chr(34) if retrans else ""}><![CDATA[\n' +
                          "\n".join(head) + f"\n\n{body}\n]]></send>")
        return cseq

    def _inside(self, method, lines=(), body="", cseq=None, retrans=True):
        return self._send(method, "[next_url]", "[peer_tag_param]", lines, body, cseq, retrans=retrans)

    def get(self, status, words=""):
        """A response that has to come; `words`: attributes and what follows of the element."""
        self.parts.append(f'  <recv response="{status}"{words if words.startswith(" ") else ""}'
                          + (f">{words}</recv>" if words.startswith("<") else "/>"))
        return self

    def get_request(self, method, actions="", answer="200 OK"):
        """A request that has to come, and its answer."""
        self.parts.append(f'  <recv request="{method}">{actions}</recv>')
        self.parts.append(f"  <send><![CDATA[\nSIP/2.0 {answer}\n[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n"
                          "[last_CSeq:]\nContent-Length: 0\n\n]]></send>")
        return self

    def _sdp(self, direction="sendrecv", address="[local_ip]"):
        self.version += 1
        return SDP.format(version=self.version, address=address, more=f"a={direction}")

    def _ask(self, method, number, lines=(), body=""):
        """A request outside of dialogs, the challenge, the request with credentials."""
        self.uri = f"sip:{number}@[remote_ip]:[remote_port]"
        first = self._send(method, self.uri, lines=lines, body=body)
        self.get(100, ' optional="true"').get(401, ' auth="true"')
        if method == "INVITE":
            self._send("ACK", self.uri, "[peer_tag_param]", cseq=first, branch="[branch-3]", retrans=False)
        return self._send(method, self.uri, lines=[*lines, "[field1]"], body=body)

    def invite(self, number, answered=True, lines=()):
        self.invite_cseq = self._ask("INVITE", number, lines, self._sdp())
        for status in (100, 180, 183):
            self.get(status, ' optional="true"')
        if answered:
            self.get(200, ' rrs="true"')
            self._inside("ACK", cseq=self.invite_cseq, retrans=False)
        return self

    def invite_reliably(self, number):
        """Ringing that comes reliably, and its PRACK (RFC 3262)."""
        self.invite_cseq = self._ask("INVITE", number, ["Supported: 100rel"], self._sdp())
        self.get(100, ' optional="true"')
        self.parts.append('  <recv response="180" rrs="true"><action><ereg regexp="[0-9]+" search_in="hdr" header="RSeq:" '
                          'check_it="true" assign_to="2"/></action></recv>')
        self._inside("PRACK", [f"RAck: [$2] {self.invite_cseq} INVITE"])
        self.get(200).get(200, ' rrs="true"')
        self._inside("ACK", cseq=self.invite_cseq, retrans=False)
        return self

    def reinvite(self, direction="sendrecv", address="[local_ip]", expect=None):
        """Another offer; `expect`: an expression that the description of the answer has to match."""
        cseq = self._inside("INVITE", body=self._sdp(direction, address))
        self.get(100, ' optional="true"')
        self.get(200, body_matches(expect) if expect else "")
        self._inside("ACK", cseq=cseq, retrans=False)
        return self

    def refer(self, number, lines=()):
        self._inside("REFER", [f"Refer-To: <sip:{number}@[remote_ip]:[remote_port]>", *lines])
        return self.get(202)

    def subscribe(self, number, event, lines=()):
        self._ask("SUBSCRIBE", number, [f"Event: {event}", "Expires: 600", *lines])
        return self.get(200, ' rrs="true"')

    def notified(self, pattern):
        """A NOTIFY whose body matches."""
        return self.get_request("NOTIFY", body_matches(pattern))

    def asked(self, expect, direction):
        """A re-INVITE whose offer matches, answered so; and its ACK."""
        self.parts.append(f'  <recv request="INVITE">{body_matches(expect)}</recv>')
        self.parts.append("  <send retrans=\"500\"><![CDATA[\nSIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n"
                          "[last_CSeq:]\nContact: <sip:[field0]@[local_ip]:[local_port];transport=[transport]>\n"
                          f"Content-Type: application/sdp\nContent-Length: [len]\n\n{self._sdp(direction)}\n]]></send>")
        self.parts.append('  <recv request="ACK"/>')
        return self

    def pause(self, seconds):
        self.parts.append(f'  <pause milliseconds="{int(seconds * 1000)}"/>')
        return self

    def bye(self):
        self._inside("BYE")
        return self.get(200)

    def text(self):
        refer = ['  <Reference variables="1"/>'] if any('assign_to="1"' in p for p in self.parts) else []
        return (f'<?xml version="1.0" encoding="UTF-8" ?>\n<scenario name="{self.name}">\n' + "\n".join([*self.parts, *refer]) +
                "\n</scenario>\n")

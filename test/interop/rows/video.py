"""Video between two Advanced phones; a Basic one gets none."""
import re

import lab

from . import row


def video_of(w):
    """The m=video lines of the newest INVITE's answer and of what was shown to the callee, in the order of the trace."""
    return re.findall(r"m=video (\d+)", w.server.run("trace", "--raw").stdout)


def pair(w, number):
    """Two phones with cameras: dave of the make under test; erin a baresip with this number."""
    dave = w.add(w.make, "dave", w.transport, video=True)
    erin = w.add("baresip", number, "udp", video=True)
    return dave, erin


@row("sends and sees video (both Advanced)", "video")
def both_advanced(w):
    w.phone.need("video")
    dave, erin = pair(w, "erin")
    try:
        w.calls(dave, erin)
        for phone in (dave, erin):
            lab.wait_for(f"{phone} to see", phone.sees_video, 20, 0.5)
        w.hang_up(dave)
    finally:
        w.drop(dave)
        w.drop(erin)


@row("is refused video with a Basic phone", "video")
def basic(w):
    w.phone.need("video")
    dave, frank = pair(w, "frank")
    try:
        before = len(video_of(w))
        w.calls(dave, frank)
        ports = video_of(w)[before:]
        assert ports and ports[0] != "0" and set(ports[1:]) <= {"0"}, ports
        w.hang_up(dave)
    finally:
        w.drop(dave)
        w.drop(frank)

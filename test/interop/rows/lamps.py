"""The lamp of the mailbox; who is on the phone."""
from . import NUMBERS, row


@row("shows the message lamp", "lamp")
def message_lamp(w):
    w.phone.need("message lamp")
    dave = w.add(w.make, "dave", w.transport, lamp=True)
    try:
        w.server.cli("mwi", "set", dave.number, "--new", "2", "--old", "1")
        dave.lamp(True)
        w.server.cli("mwi", "set", dave.number, "off")
        dave.lamp(False)
    finally:
        w.drop(dave)


@row("shows whether a colleague is there and talks", "lamp")
def presence(w):
    w.phone.need("presence")
    dave = w.add(w.make, "dave", w.transport, watch=(NUMBERS["bob"],))
    try:
        dave.sees("1002", "free")
        w.calls(w.third, w.peer)
        dave.sees("1002", "talks")
        w.hang_up(w.third)
        dave.sees("1002", "free")
    finally:
        w.drop(dave)


@row("shows a busy lamp (dialog-info)", "lamp")
def busy_lamp(w):
    w.phone.need("busy lamp")
    raise AssertionError("no make has one; SIPp does")

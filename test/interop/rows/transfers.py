"""Transfers: the phone as transferor, as transferee, as target; three-way calls. Who remains hears and is heard."""
import time

import lab

from . import hear_each_other, row


def two_remain(w, a, b, gone):
    """a and b talk with each other, in one call, and the phone that brought them together is in none."""
    hear_each_other(a, b)
    lab.wait_for("one call to be left", lambda: len(w.server.json("call", "list")) == 1, 10)
    left = w.server.json("call", "list")[0]
    assert gone.number not in (left["callingNumber"], left["calledNumber"]), left
    before = w.records()
    a.hang_up()
    w.is_quiet()
    w.newest(before)


def blind(w, transferor, transferee, target):
    mark = target.mark()
    transferor.blind(target.number)
    target.rings(20, mark)
    target.answer()
    target.talks()
    two_remain(w, transferee, target, transferor)


def attended(w, transferor, transferee, target, early=False):
    mark = target.mark()
    transferor.consult(target.number)
    target.rings(20, mark)
    time.sleep(1)  # the hold of the first call may take as long; phones that play sound for two calls at once lose one
    if not early:
        target.answer()
        transferor.talks()
        hear_each_other(transferor, target)
    transferor.join()
    if early:
        target.answer()
    target.talks()
    two_remain(w, transferee, target, transferor)


@row("transfers blind, as the caller", "transfer")
def blind_caller(w):
    w.phone.need("blind")
    w.connect(w.phone, w.peer)
    blind(w, w.phone, w.peer, w.third)


@row("transfers blind, as the called", "transfer")
def blind_called(w):
    w.phone.need("blind")
    w.connect(w.third, w.phone)
    blind(w, w.phone, w.third, w.peer)


@row("transfers attended, as the caller", "transfer")
def attended_caller(w):
    w.phone.need("attended")
    w.connect(w.phone, w.peer)
    attended(w, w.phone, w.peer, w.third)


@row("transfers attended, as the called", "transfer")
def attended_called(w):
    w.phone.need("attended")
    w.connect(w.third, w.phone)
    attended(w, w.phone, w.third, w.peer)


@row("transfers while the target rings", "transfer")
def attended_early(w):
    w.phone.need("attended")
    w.phone.need("early attended")
    w.connect(w.peer, w.phone)
    attended(w, w.phone, w.peer, w.third, early=True)


@row("is transferred blind", "transfer")
def is_transferred_blind(w):
    w.connect(w.phone, w.peer)
    blind(w, w.peer, w.phone, w.third)


@row("is transferred attended", "transfer")
def is_transferred_attended(w):
    able, target = w.other("attended")
    w.connect(able, w.phone)
    attended(w, able, w.phone, target)


@row("is the target of an attended transfer", "transfer")
def is_target(w):
    able, transferee = w.other("attended")
    w.connect(able, transferee)
    attended(w, able, transferee, w.phone)


@row("mixes a call of three, whose others hear each other", "three-way")
def three_way(w):
    w.phone.need("three-way")
    w.connect(w.phone, w.peer)
    mark = w.third.mark()
    w.phone.second("1003")
    w.third.rings(20, mark)
    w.third.answer()
    w.phone.talks()
    hear_each_other(w.phone, w.third)
    w.phone.mix()
    for one, two in ((w.peer, w.third), (w.third, w.peer)):
        ear = one.ear()
        ear.hears(two.tone, share=0.15)
        if w.phone.can("voice in the mix"):
            ear.hears(w.phone.tone, share=0.15)
    w.phone.hang_up()
    w.is_quiet()

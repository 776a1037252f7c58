"""Conversations and what they cost once more, as plainly as can be.

What the use cases of chat are compared with. Written without a look at them, and shares none of
their code; the money is the plain wallet of ``tests/domain``.
"""

from datetime import datetime, timedelta

from tests.domain.plain_wallet import PlainWallet

DAILY = 100
MINIMUM, INPUT, OUTPUT = 1, 1, 4
"""Of the seeded prices for the in-memory model; the percentage of the free tier is 100."""
WORST = 6
"""For 4,096 tokens of prompt and 400 of reply: 5.7 credits, rounded up."""
HOLD_LIFE = timedelta(seconds=600)
KEY_LIFE = timedelta(hours=24)
STREAMS = 2


class PlainReply:
    def __init__(self, id_: str, text: str, status: str, charged: int) -> None:
        self.id, self.text, self.status, self.charged = id_, text, status, charged


class PlainLine:
    """Something that was said, and the reply that shows, if it has one."""

    def __init__(self, id_: str, role: str, text: str) -> None:
        self.id, self.role, self.text = id_, role, text
        self.replies: list[PlainReply] = []
        self.shown: PlainReply | None = None


class PlainTurn:
    def __init__(self, id_: str, session: str, line: PlainLine, reply_id: str) -> None:
        self.id, self.session, self.line, self.reply_id = id_, session, line, reply_id
        self.status = "running"
        self.streams = False
        self.is_live = True
        """Whether the model is at it still."""
        self.told = ""
        """The reply as its followers heard it."""
        self.is_deleted = False
        self.is_again = False
        """Whether another reply was asked for, to a message that was there already."""

    @property
    def has_lost_its_words(self) -> bool:
        """Another reply that broke off takes no reply's place."""
        return self.is_again and self.status == "failed"


class PlainChat:
    def __init__(self) -> None:
        self.wallet = PlainWallet()
        self.sessions: dict[str, list[PlainLine]] = {}
        self.turns: dict[str, PlainTurn] = {}
        self.keys: dict[str, tuple[str, str, datetime]] = {}
        """Turn, fingerprint and time."""

    def refresh(self, now: datetime) -> None:
        self.wallet.refresh(DAILY, now, now.replace(hour=0, minute=0, second=0) + timedelta(days=1))

    def running(self) -> list[PlainTurn]:
        """Those whose model still answers, deleted ones too."""
        return [turn for turn in self.turns.values() if turn.is_live]

    def find_key(self, key: str, now: datetime) -> tuple[str, str] | None:
        found = self.keys.get(key)
        if found is None or found[2] <= now - KEY_LIFE:
            return None
        return (found[0], found[1]) if not self.turns[found[0]].is_deleted else None

    def line_of(self, message_id: str) -> tuple[str, PlainLine, PlainReply | None] | None:
        for session, lines in self.sessions.items():
            for line in lines:
                if line.id == message_id:
                    return session, line, None
                for reply in line.replies:
                    if reply.id == message_id:
                        return session, line, reply
        return None

    def shown(self, session: str) -> list[tuple[str, str, str, str]]:
        """Newest first: id, role, text and status."""
        rows = []
        for line in self.sessions[session]:
            rows.append((line.id, line.role, line.text, "complete"))
            if line.shown is not None:
                reply = line.shown
                rows.append((reply.id, "assistant", reply.text, reply.status))
        return rows[::-1]

    def end(self, turn: PlainTurn, status: str, text: str, charged: int, now: datetime) -> None:
        """A turn is over: its money moves if it is still held, its words stay if wanted."""
        turn.is_live = False
        if turn.id in self.wallet.holds:
            self.refresh(now)
            self.wallet.settle(turn.id, charged, now)
        turn.told = text
        if turn.is_deleted:
            return
        turn.status = status
        if text and not turn.has_lost_its_words:
            kind = {"completed": "complete", "stopped": "stopped", "failed": "incomplete"}[status]
            reply = PlainReply(turn.reply_id, text, kind, charged)
            turn.line.replies.append(reply)
            turn.line.shown = reply

    def sweep(self, now: datetime) -> None:
        for turn_id in self.wallet.expire_holds(now):
            turn = self.turns[turn_id]
            if turn.status == "running":
                turn.status = "failed"

    def delete_session(self, session: str) -> None:
        del self.sessions[session]
        for turn in self.turns.values():
            turn.is_deleted |= turn.session == session

    def delete_message(self, message_id: str) -> None:
        found = self.line_of(message_id)
        assert found is not None
        session, line, reply = found
        if reply is None:
            self.sessions[session].remove(line)
        else:
            line.replies.remove(reply)
            if line.shown is reply:
                line.shown = None
        for turn in self.turns.values():
            is_of_line = reply is None and turn.line is line
            turn.is_deleted |= is_of_line or (reply is not None and turn.reply_id == reply.id)


def price(prompt: int, completion: int) -> int:
    """In credits, rounded up, never above what is held; nothing of it was in a cache."""
    thousandths = prompt * INPUT + completion * OUTPUT
    whole = thousandths // 1_000 + (1 if thousandths % 1_000 else 0)
    return min(WORST, max(MINIMUM, whole))

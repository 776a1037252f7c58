"""The use cases of chat and their plain twin, driven together and compared after each step."""

from datetime import timedelta
from functools import partial

import pytest

from application.chat.regenerate_reply import RegenerateReplyCommand
from application.chat.send_message import EarlierMessage, SendMessageCommand
from application.chat.turn_follower import StreamPosition
from application.chat.turn_plan import TurnOptions
from application.ports.turn_store import IdempotencyKey
from application.wallet.grant_credits import GrantCreditsCommand
from domain.chat import Role
from domain.claw_backs import claw_back
from domain.errors import IdempotencyKeyReused, NotFound
from domain.lots import Bucket
from tests.application.plain_turns import PlainLine
from tests.application.staged_model import Fate
from tests.application.turns_twins import PATIENCE, TurnsTwins, all_of, text_of


class TurnsPair(TurnsTwins):
    """One person's conversations; numbers choose modulo what there is to choose from."""

    async def pass_time(self, seconds: int) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    async def grant(self, amount: int) -> None:
        key = f"g{next(self.numbers):06d}"
        command = GrantCreditsCommand(self.user.id, amount, Bucket.PROMO, "A gift", key)
        await self.use_cases.grant_credits()(command)
        self.plain.wallet.grant(f"grant:{key}", "promo", amount, None, pays=False)
        self.grants.append(f"grant:{key}")

    async def take_back(self, which: int, amount: int) -> None:
        """A refund of something that was given: what is spent already becomes debt."""
        lot_id = self.grants[which % len(self.grants)]
        change = partial(
            claw_back, lot_id=lot_id, bucket=Bucket.PROMO, credits=amount,
            reference=f"refund_{next(self.numbers)}", now=self.now,
        )  # fmt: skip
        await self.use_cases.wallet_changes().apply(self.user.id, change)
        self.plain.wallet.claw_back(lot_id, amount)

    async def look_at_balance(self) -> None:
        await self.use_cases.get_balance()(self.user)
        self.plain.refresh(self.now)

    async def sweep(self) -> None:
        await self.use_cases.sweep_holds()()
        self.plain.sweep(self.now)

    async def send(
        self,
        which: int | None,
        fate: Fate,
        *,
        streams: bool,
        has_key: bool,
        earlier: int,
        leaves: bool,
    ) -> None:
        """Say something, in a session that there is or in a new one."""
        sessions = list(self.plain.sessions)
        session = sessions[which % len(sessions)] if sessions and which is not None else None
        number = next(self.numbers)
        roles = (Role.USER, Role.ASSISTANT)
        before = [EarlierMessage(roles[n % 2], f"before {number} {n}") for n in range(earlier)]
        command = SendMessageCommand(
            self.user.id,
            "mira",
            f"apples number {number}",
            session_id=session,
            earlier=tuple(before),
            options=TurnOptions(stream=streams),
            idempotency=IdempotencyKey(f"key_{number}", f"print_{number}") if has_key else None,
        )
        turn = await self.begin(self.use_cases.send_message()(command), fate, streams=streams)
        if turn is None:
            return
        feed, turn_id = turn
        if session is None:
            session = feed.turn.session_id
            self.plain.sessions[session] = []
            rows = await self.rows(session)
            ids = [id_ for id_, *_ in rows[::-1]][: len(before)]
            self.plain.sessions[session] += [
                PlainLine(id_, one.role.value, one.content)
                for id_, one in zip(ids, before, strict=True)
            ]
        line = PlainLine(feed.turn.user_message_id, "user", command.content)
        self.plain.sessions[session].append(line)
        await self.hear(feed, line, fate, is_again=False, streams=streams, leaves=leaves)
        if command.idempotency is not None:
            key = command.idempotency
            self.plain.keys[key.key] = (turn_id, key.fingerprint, self.now)
            self.commands[key.key] = command

    async def regenerate(self, which: int, fate: Fate, *, streams: bool, leaves: bool) -> None:
        """Ask for another reply to something."""
        message_id = self.some_message(which)
        found = self.plain.line_of(message_id)
        assert found is not None
        _, line, _ = found
        command = RegenerateReplyCommand(self.user.id, message_id, TurnOptions(stream=streams))
        begun = self.use_cases.regenerate_reply()(command)
        if line.role == "assistant":  # told by the client: nobody of ours said it
            with pytest.raises(NotFound):
                await begun
            return
        turn = await self.begin(begun, fate, streams=streams)
        if turn is not None:
            feed, _ = turn
            await self.hear(feed, line, fate, is_again=True, streams=streams, leaves=leaves)

    async def retry(self, which: int, *, is_other: bool) -> None:
        """The same request again under its key, or another one under it."""
        key = list(self.commands)[which % len(self.commands)]
        known = self.plain.find_key(key, self.now)
        if known is None:
            return  # it would be a new turn, which ``send`` begins
        command = self.commands[key]
        if is_other:
            other = SendMessageCommand(
                self.user.id, "mira", "pears", idempotency=IdempotencyKey(key, "another")
            )
            with pytest.raises(IdempotencyKeyReused):
                await self.use_cases.send_message()(other)
            return
        feed = await self.use_cases.send_message()(command)
        assert feed.turn.id == known[0]
        turn = self.plain.turns[known[0]]
        if turn.is_live:
            await feed.events.aclose()
        else:
            self.check_heard(turn, await all_of(feed))

    async def release(self) -> None:
        """Let all that is stalled go on to its end, one after the other."""
        for turn in self.plain.running():
            self.model.release()
            await self.finish(turn)

    async def stop(self, which: int) -> None:
        """Stop a reply that is being written, twice."""
        running = [one for one in self.plain.running() if not one.is_deleted]
        if not running:
            return
        turn = running[which % len(running)]
        if turn.status != "running":
            return  # its hold has lapsed: for whoever asks it has ended
        stop = self.use_cases.stop_turn()
        state = await stop(self.user.id, turn.id)
        await self.finish(turn, stopped=True)
        assert state.turn.status == turn.status
        assert await stop(self.user.id, turn.id) == state

    async def resume(self, which: int, at: int) -> None:
        """Read a turn again from behind an event of it."""
        turn = self.plain.turns[list(self.heard)[which % len(self.heard)]]
        events = self.heard[turn.id]
        seen = events[at % len(events)]
        position = StreamPosition(seen.seq, seen.offset)
        if turn.is_deleted:
            with pytest.raises(NotFound):
                await self.use_cases.follow_turn()(self.user.id, turn.id, position)
            return
        if seen.is_last:
            return
        feed = await self.use_cases.follow_turn()(self.user.id, turn.id, position)
        rest = await all_of(feed)
        assert text_of(rest) == turn.told[seen.offset :]
        assert rest[-1].kind == events[-1].kind

    async def delete_message(self, which: int) -> None:
        message_id = self.some_message(which)
        await self.use_cases.delete_message()(self.user.id, message_id)
        self.plain.delete_message(message_id)
        with pytest.raises(NotFound):
            await self.use_cases.delete_message()(self.user.id, message_id)

    async def delete_session(self, which: int) -> None:
        session = list(self.plain.sessions)[which % len(self.plain.sessions)]
        await self.use_cases.delete_session()(self.user.id, session)
        self.plain.delete_session(session)
        with pytest.raises(NotFound):
            await self.rows(session)

    async def close(self) -> None:
        await self.release()
        await self.use_cases.runner().drain(PATIENCE)
        await self.use_cases.memory_tasks().drain(PATIENCE)

"""The use cases of chat."""

from dependency_injector import providers

from application.chat.create_session import CreateSession
from application.chat.crisis_answer import CrisisAnswer
from application.chat.delete_message import DeleteMessage
from application.chat.delete_session import DeleteSession
from application.chat.follow_turn import FollowTurn
from application.chat.get_session import GetSession
from application.chat.get_turn import GetTurn
from application.chat.list_messages import ListMessages
from application.chat.list_sessions import ListSessions
from application.chat.regenerate_reply import RegenerateReply
from application.chat.rename_session import RenameSession
from application.chat.send_message import SendMessage
from application.chat.show_prompt import ShowPrompt
from application.chat.stop_turn import StopTurn
from application.chat.stream_slots import StreamSlots
from application.chat.turn_briefing import TurnBriefing
from application.chat.turn_decision import TurnDecision
from application.chat.turn_follower import TurnFollower
from application.chat.turn_lessons import TurnLessons
from application.chat.turn_lore import TurnLore
from application.chat.turn_opener import TurnOpener
from application.chat.turn_runner import TurnRunner
from application.chat.turn_safety import TurnSafety
from application.chat.turn_settlement import TurnSettlement
from application.chat.turn_work import TurnWork
from application.memory.query_embeddings import QueryEmbeddings
from entrypoints.container.memory_cases import MemoryCases


class ChatCases(MemoryCases):
    """Turns and what they are made of, and sessions."""

    roles = MemoryCases.roles
    limits = MemoryCases.limits
    locks = MemoryCases.locks
    memory_tasks = MemoryCases.memory_tasks
    safety_policy = MemoryCases.safety_policy
    safety_records = MemoryCases.safety_records
    safety_rules = MemoryCases.safety_rules

    slots = providers.Singleton(StreamSlots, roles.limiter, limits.provided.streams_per_user)
    runner = providers.Singleton(TurnRunner, roles.stream, slots)
    turn_safety = providers.Singleton(
        TurnSafety,
        rules=safety_rules,
        policy=safety_policy,
        records=safety_records,
        moderator=roles.moderator,
        accounts=roles.accounts,
        clock=roles.clock,
    )
    crisis_answer = providers.Singleton(
        CrisisAnswer,
        safety=turn_safety,
        turns=roles.turns,
        prices=roles.prices,
        runner=runner,
        limiter=roles.limiter,
        clock=roles.clock,
        ids=roles.ids,
    )
    decision = providers.Singleton(
        TurnDecision, turn_safety, roles.clock, roles.ids, limits, models=roles.models
    )
    query_embeddings = providers.Singleton(QueryEmbeddings, roles.embedder, roles.former_embedder)
    briefing = providers.Singleton(
        TurnBriefing,
        lore=providers.Singleton(TurnLore, roles.patterns, roles.sessions),
        embeddings=query_embeddings,
        memories=roles.memories,
        safety=turn_safety,
        clock=roles.clock,
        limits=limits,
    )
    lessons = providers.Singleton(
        TurnLessons, roles.extractor, roles.deep_extractor, memory_tasks, limits
    )
    settlement = providers.Singleton(TurnSettlement, roles.turns, roles.wallets, locks, roles.clock)
    work = providers.Singleton(
        TurnWork,
        model=roles.model,
        briefing=briefing,
        safety=turn_safety,
        lessons=lessons,
        settlement=settlement,
        slots=slots,
    )
    opener = providers.Singleton(
        TurnOpener,
        turns=roles.turns,
        prices=roles.prices,
        slots=slots,
        runner=runner,
        work=work,
        decision=decision,
        safety=turn_safety,
        crisis=crisis_answer,
        locks=locks,
        ids=roles.ids,
        history_messages=limits.provided.history_messages,
    )
    follower = providers.Singleton(
        TurnFollower,
        runner=runner,
        stream=roles.stream,
        turns=roles.turns,
        memories=roles.memories,
        wallets=roles.wallets,
    )
    send_message = providers.Singleton(
        SendMessage, opener, crisis_answer, follower, roles.clock, roles.ids
    )
    regenerate_reply = providers.Singleton(RegenerateReply, opener, follower)
    follow_turn = providers.Singleton(FollowTurn, follower)
    stop_turn = providers.Singleton(StopTurn, roles.turns, runner, roles.stream, follower)
    get_turn = providers.Singleton(GetTurn, roles.turns)

    create_session = providers.Singleton(
        CreateSession, roles.characters, roles.sessions, roles.clock, roles.ids
    )
    list_sessions = providers.Singleton(ListSessions, roles.sessions)
    get_session = providers.Singleton(GetSession, roles.sessions)
    rename_session = providers.Singleton(RenameSession, roles.sessions, roles.clock)
    delete_session = providers.Singleton(DeleteSession, roles.sessions, roles.stream)
    delete_message = providers.Singleton(
        DeleteMessage, roles.sessions, roles.characters, roles.stream, roles.clock
    )
    list_messages = providers.Singleton(ListMessages, roles.sessions)
    show_prompt = providers.Singleton(
        ShowPrompt,
        accounts=roles.accounts,
        turns=roles.turns,
        sessions=roles.sessions,
        characters=roles.characters,
        memories=roles.memories,
        policy=safety_policy,
    )

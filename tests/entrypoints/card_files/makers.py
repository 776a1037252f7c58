"""Cards and their files as other programs write them, made without the product's own code."""

import base64
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def text(keyword: str, content: bytes) -> bytes:
    return chunk(b"tEXt", keyword.encode("latin-1") + b"\0" + content)


def encoded(card: Mapping[str, Any]) -> bytes:
    """As JavaScript writes it: UTF-8 as it is, no spaces, then base64."""
    return base64.b64encode(json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode())


def header(width: int = 2, height: int = 2) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def pixels() -> bytes:
    return chunk(b"IDAT", zlib.compress((b"\0" + b"\xff\x00\x00" * 2) * 2))


END = chunk(b"IEND", b"")
PICTURE = SIGNATURE + header() + pixels() + END
ANIMATION = SIGNATURE + header() + chunk(b"acTL", struct.pack(">II", 1, 0)) + pixels() + END
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
WEBP = b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f" + bytes(12)


def png(*chunks: bytes, before_pixels: bool = False) -> bytes:
    """A picture with these chunks where SillyTavern puts them, or where others do."""
    added = b"".join(chunks)
    inner = added + pixels() if before_pixels else pixels() + added
    return SIGNATURE + header() + inner + END


def charx(card: Mapping[str, Any] | bytes, files: Mapping[str, bytes] | None = None) -> bytes:
    """An archive as JSZip writes it."""
    content = card if isinstance(card, bytes) else json.dumps(card, ensure_ascii=False).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("card.json", content)
        for name, one in (files or {}).items():
            archive.writestr(name, one)
    return buffer.getvalue()


def v1(**more: Any) -> dict[str, Any]:
    """What TavernAI wrote."""
    return {
        "name": "Luna",
        "description": "{{char}} keeps the lighthouse.",
        "personality": "calm",
        "scenario": "At sea.",
        "first_mes": "Good evening, {{user}}.",
        "mes_example": "<START>\n{{user}}: Hi\n{{char}}: Hello.",
        "avatar": "none",
        "chat": "Luna - 2023-5-1",
        "create_date": "2023-5-1 @10h 11m 12s 13ms",
        **more,
    }


def silly_entry(number: int = 0, **more: Any) -> dict[str, Any]:
    """An entry of a lorebook inside a card of SillyTavern."""
    return {
        "id": number,
        "keys": ["lighthouse", "/\\blamps?\\b/i"],
        "secondary_keys": [],
        "comment": "The lighthouse",
        "content": "It was built in 1871.",
        "constant": False,
        "selective": True,
        "insertion_order": 100,
        "enabled": True,
        "position": "after_char",
        "use_regex": True,
        "extensions": {
            "position": 1,
            "exclude_recursion": False,
            "display_index": number,
            "probability": 100,
            "useProbability": True,
            "depth": 4,
            "selectiveLogic": 0,
            "outlet_name": "",
            "group": "",
            "group_override": False,
            "group_weight": 100,
            "prevent_recursion": False,
            "delay_until_recursion": False,
            "scan_depth": None,
            "match_whole_words": None,
            "use_group_scoring": False,
            "case_sensitive": None,
            "automation_id": "",
            "role": 0,
            "vectorized": False,
            "sticky": 0,
            "cooldown": 0,
            "delay": 0,
            "triggers": [],
        },
        **more,
    }


def silly_v2(**more: Any) -> dict[str, Any]:
    """What SillyTavern writes: V2, and V1 beside it for old readers."""
    data = {
        "name": "Luna",
        "description": "{{char}} keeps the lighthouse.",
        "personality": "calm",
        "scenario": "At sea.",
        "first_mes": "Good evening, {{user}}.",
        "mes_example": "",
        "creator_notes": "<i>A quiet one.</i><br>Made for evenings.\n\nSecond paragraph.",
        "system_prompt": "",
        "post_history_instructions": "",
        "tags": ["calm", "海"],
        "creator": "somebody",
        "character_version": "main",
        "alternate_greetings": ["Ah, {{user}}. \U0001f56f\ufe0f"],
        "extensions": {
            "talkativeness": "0.5",
            "fav": False,
            "world": "Sea",
            "depth_prompt": {"prompt": "", "depth": 4, "role": "system"},
        },
        "group_only_greetings": [],
        "character_book": {"entries": [silly_entry(0), silly_entry(1)], "name": "Sea"},
        **more,
    }
    return {
        **v1(creatorcomment="", talkativeness="0.5", fav=False, tags=["calm"]),
        "spec": "chara_card_v2",
        "spec_version": "2.0",
        "data": data,
    }


def silly_png(card: Mapping[str, Any] | None = None, *, before_pixels: bool = False) -> bytes:
    """What SillyTavern writes: the same data once as V2 and once as V3."""
    v2 = dict(card or silly_v2())
    v3 = {**v2, "spec": "chara_card_v3", "spec_version": "3.0"}
    chunks = text("chara", encoded(v2)), text("ccv3", encoded(v3))
    return png(*chunks, before_pixels=before_pixels)


def chub_v2() -> dict[str, Any]:
    """What Chub offers for download: nulls where nothing is, and its own keys."""
    data = {
        **silly_v2()["data"],
        "avatar": "https://avatars.example.org/luna/avatar.webp",
        "character_book": None,
        "extensions": {
            "chub": {
                "id": 90210,
                "preset": None,
                "full_path": "someone/luna-1a2b",
                "extensions": [],
                "expressions": None,
                "alt_expressions": {},
                "background_image": None,
                "related_lorebooks": [],
            },
            "depth_prompt": {"depth": 4, "prompt": ""},
        },
    }
    del data["group_only_greetings"]
    return {"spec": "chara_card_v2", "spec_version": "2.0", "data": data}


def agnai_v2() -> dict[str, Any]:
    """What Agnai exports for others: its own persona in the extensions."""
    entry = {
        "keys": ["sea"],
        "content": "Cold.",
        "extensions": {},
        "enabled": True,
        "insertion_order": 1,
        "name": "Sea",
        "priority": 10,
    }
    data = {
        **silly_v2()["data"],
        "character_book": {"name": "Sea", "description": "", "extensions": {}, "entries": [entry]},
        "extensions": {
            "agnai": {
                "voice": {"service": "webspeechsynthesis", "voiceId": "x", "rate": 1.25},
                "persona": {"kind": "wpp", "attributes": {"mood": ["calm", "dry"]}},
                "visualType": "avatar",
            }
        },
    }
    return {"spec": "chara_card_v2", "spec_version": "2.0", "data": data}


def risu_v3(**more: Any) -> dict[str, Any]:
    """What RisuAI puts into its archives."""
    data = {
        **silly_v2()["data"],
        "nickname": "Lu",
        "creator_notes_multilingual": {"en": "Quiet.", "ko": "조용한 사람."},
        "source": ["risurealm:1a2b"],
        "creation_date": 1719000000,
        "modification_date": 1720000000.5,
        "assets": [
            {
                "type": "icon",
                "uri": "embeded://assets/icon/image/1.png",
                "name": "main",
                "ext": "png",
            },
            {
                "type": "x-risu-asset",
                "uri": "embeded://assets/other/image/lamp.webp",
                "name": "lamp",
                "ext": "webp",
            },
            {"type": "background", "uri": "ccdefault:", "name": "main", "ext": "png"},
        ],
        "extensions": {
            "risuai": {
                "bias": [["the", 0.1]],
                "viewScreen": "emotion",
                "customScripts": [
                    {"comment": "", "in": "a(b)", "out": "$1", "type": "editdisplay"}
                ],
                "utilityBot": False,
                "sdData": [["always", "solo, 1girl"]],
                "largePortrait": False,
            },
            "depth_prompt": {"depth": 0, "prompt": ""},
        },
        **more,
    }
    return {"spec": "chara_card_v3", "spec_version": "3.0", "data": data}


RISU_FILES = {
    "assets/icon/image/1.png": PICTURE,
    "assets/other/image/lamp.webp": WEBP,
    "module.risum": bytes(range(256)),
    "x_meta/1.json": b'{"type": "PNG"}',
}


def world_info() -> dict[str, Any]:
    """A lorebook as SillyTavern keeps it for itself."""
    return {
        "name": "Sea",
        "entries": {
            "0": {
                "uid": 0,
                "key": ["lighthouse"],
                "keysecondary": ["lamp"],
                "comment": "The lighthouse",
                "content": "It was built in 1871.",
                "constant": False,
                "vectorized": False,
                "selective": True,
                "selectiveLogic": 3,
                "addMemo": True,
                "order": 50,
                "position": 0,
                "disable": False,
                "excludeRecursion": True,
                "preventRecursion": False,
                "delayUntilRecursion": 0,
                "probability": 40,
                "useProbability": True,
                "depth": 4,
                "group": "",
                "scanDepth": 3,
                "caseSensitive": None,
                "matchWholeWords": True,
                "automationId": "",
                "role": None,
                "sticky": 2,
                "displayIndex": 0,
                "characterFilter": {"isExclude": False, "names": [], "tags": []},
            },
            "7": {"uid": 7, "key": [], "content": "Always.", "constant": True, "disable": True,
                  "position": 4, "order": 1},
        },
    }  # fmt: skip

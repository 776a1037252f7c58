"""Tables of single letters: what each is read as."""

import unicodedata

_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def _run(first: int, letters: str) -> dict[int, str]:
    return {first + step: letter for step, letter in enumerate(letters)}


def _pairs(letters: str, read_as: str) -> dict[int, str]:
    return dict(zip(map(ord, letters), read_as, strict=True))


ORNAMENTS: dict[int, str] = {
    **_run(0x1F130, _ALPHABET),
    **_run(0x1F150, _ALPHABET),
    **_run(0x1F170, _ALPHABET),
    **_run(0x1F1E6, _ALPHABET),
    **_pairs("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz"),
}
"""Letters in boxes and flags, which compatibility forms leave alone, and small capitals."""

INVISIBLE: dict[int, None] = dict.fromkeys(
    [
        0x00AD,  # soft hyphen
        0x034F,
        0x061C,
        0x0640,  # Arabic tatweel, and below the signs of its short vowels
        *range(0x064B, 0x0660),
        0x0670,
        0x115F,
        0x1160,
        0x180E,
        *range(0x200B, 0x2010),  # zero widths and marks of direction
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0x2800,
        0x3164,
        *range(0xFE00, 0xFE10),  # variation selectors
        0xFEFF,
        0xFFA0,
        *range(0xE0000, 0xE0080),
        *range(0xE0100, 0xE01F0),
    ]
)
"""What takes no room on the screen."""

_TRADITIONAL = (
    "著殺體藥樓繩個這沒結離無義遺殘還車會說為麼誰點嗎對過給讓別開壓輕覺樣單獨實虛關戀"
    "愛歲發現後從傷絕斷氣淚聽見樂歡歷寫書寧應該時間長東電話邊選擇恐懼噁橋鐵軌煩負擔夠"
    "勇敢幫們來總學習戰爭擊處決強姦裝彈炸製"
)
_SIMPLIFIED = (
    "着杀体药楼绳个这没结离无义遗残还车会说为么谁点吗对过给让别开压轻觉样单独实虚关恋"
    "爱岁发现后从伤绝断气泪听见乐欢历写书宁应该时间长东电话边选择恐惧恶桥铁轨烦负担够"
    "勇敢帮们来总学习战争击处决强奸装弹炸制"
)


def _letters() -> dict[int, str | None]:
    table: dict[int, str | None] = dict.fromkeys(range(0x0300, 0x0370))
    for code in (*range(0x00C0, 0x0250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFKD", chr(code))[0]
        if base != chr(code) and base.isascii():
            table[code] = base
    table.update(_pairs("łøđħıŧɨɡɩ", "lodhitigi"))
    table.update({ord("æ"): "ae", ord("œ"): "oe", ord("þ"): "th"})
    table.update(_pairs("أإآٱىةؤئ", "اااايهوي"))
    table.update(_pairs("ёґँ", "егं"))
    table[0x093C] = None  # the nukta, which is typed or not
    table.update(_pairs(_TRADITIONAL, _SIMPLIFIED))
    for zero in (0x0660, 0x06F0, 0x0966):
        table.update(_run(zero, "0123456789"))
    table.update(
        _pairs("\u2019\u2018\u0060\u00b4\u02bc\u02b9\u2032\u201b", "''''''''")
    )  # apostrophes
    table.update(_pairs("。؟।॥\u06d4", "....."))
    return table


LETTERS: dict[int, str | None] = _letters()
"""Latin without accents, one form of what other scripts write in several; simplified Chinese."""

MARKS: dict[int, str | None] = {
    **{code: " " for code in range(33, 127) if not chr(code).isalnum()},
    ord("'"): None,
    ord("."): ".",
    ord("!"): ".",
    ord("?"): ".",
}
"""The marks of ASCII: an end of a sentence, nothing, or a space."""

CYRILLIC_AS_LATIN: dict[int, str] = _pairs("аеорсухіјѕһԁԛԝӏвкмнтгьпиѵ", "aeopcyxijshdqwlbkmhtrbnuv")
GREEK_AS_LATIN: dict[int, str] = _pairs("αβγδεζηικλμνοπρσςτυχωϲϳ", "abydeznikluvoppsstuxwcj")
LEET: dict[int, str] = _pairs("0134578@$!|+€£", "oieastbasiltel")

CYRILLIC_LEET: dict[int, str] = _pairs("0346@1", "оечбаи")
"""Figures inside a Cyrillic word."""

_SPELT_OUT = """
    i im ive me my you he she we it a the to too 2 want wanna need gonna going go will have hate
    kill hurt cut hang shoot drown end die dead death dying live life living self myself suicide
    suicidal am is be being not dont do no more anymore all thinking think of about feel like so
    your yourself urself herself himself themselves girl boy naked nudes kys
    help please just really never wake up away alive tonight now good bye fuck sex porn nude
    quiero no vivir morir matarme mi vida suicidarme je veux mourir tuer vie suicider plus
    ich sterben nicht mehr leben mich umbringen tot voglio morire uccidermi non vivere
    quero morrer matar nao viver
"""
SPELT_OUT = frozenset(_SPELT_OUT.split())
"""What somebody spells out letter by letter, with the same space between all of them; also the
words that are known where a mark of exclamation stands between two without a space."""

STARRED = (
    "suicide",
    "suicidal",
    "kill",
    "killing",
    "killed",
    "die",
    "dying",
    "dead",
    "death",
    "murder",
    "overdose",
    "rape",
    "sex",
    "fuck",
    "porn",
    "nude",
    "nudes",
    "cutting",
    "hurt",
    "hang",
    "suicidio",
    "matarme",
    "morir",
    "morrer",
    "matar",
    "tuer",
    "mourir",
    "suicider",
    "sterben",
    "selbstmord",
    "umbringen",
    "morire",
    "uccidermi",
)
"""Words that people write with stars in them."""

"""Wishes to forget in Spanish, French, German, Italian and Portuguese."""

import re

from adapters.local.fact_rules.forgetting.matters import Beside

_TOLD = {
    "es": r"(?:lo (?:del?|que (?:te |os |le )?(?:dije|conté|he (?:dicho|contado)|confesé))"
    r"|(?:eso|esa historia|todo) (?:de|que)|(?:esa|la) (?:historia|parte) (?:de|sobre))",
    "fr": r"(?:ce que (?:je|j')\W?(?:t'|vous |te |t |l')?\W?\w*|cette histoire (?:de|avec|d')"
    r"|l'histoire (?:de|avec|d')|tout ce (?:que|qui))",
    "de": r"(?:was ich (?:dir|euch|ihnen)|das mit|die (?:sache|geschichte) (?:mit|über|von)"
    r"|alles (?:über|was))",
    "it": r"(?:quello che (?:ti|vi|le) ho|ciò che ti ho|la (?:storia|faccenda) (?:di|del|della|con)"
    r"|tutto (?:quello|ciò))",
    "pt": r"(?:o que (?:te|lhe|eu)|aquilo (?:de|do|da|que)|a história (?:de|do|da)|tudo (?:o que"
    r"|sobre))",
}
_VERB = {
    "es": r"(?:olv[ií]d|b[oó]rr|qu[ií]t|s[aá]c|elim[ií]n|t[ií]r|qu[eé]m)(?:a|á|ate|e"
    r"|es)?(?:l[oa]s?|te)*",
    "fr": r"(?:oublie|efface|supprime|jette|brûle|enlève|retire)[sz]?(?:-(?:l[ae]s?|moi|ça))?",
    "de": r"(?:vergiss|vergisst du|vergessen sie|lösch(?:e|st du)?|streich(?:e|en|st du)?"
    r"|kannst du|könntest du|wirf)",
    "it": r"(?:dimentica|cancella|scorda|elimina|butta|togli)(?:l[oaie]|tel[oaie]|ti|re)?",
    "pt": r"(?:esque[cç]|apag|elimin|retir|deit|delet)(?:a|e|as|ues?|ue|ar|asses?"
    r"|uem)?(?:-[oa]s?)?",
}
_AS_IF = re.compile(
    r"(?:como si (?:no|nunca)|de cuenta (?:que|de que) (?:no|nunca)|comme si (?:je|tu) (?:ne|n')"
    r"|tu so,? als (?:ob|hätte)|fai finta (?:che|di)|como se (?:não|nunca)|finge que)"
    r"(?P<x>.{2,100})",
    re.IGNORECASE,
)
_MIND = (
    r"(?:de tu (?:memoria|cabeza)|de ta (?:mémoire|tête)|aus deinem (?:gedächtnis|kopf)"
    r"|dalla tua (?:memoria|testa)|da tua (?:memória|cabeça)|guardado)"
)
_NO_REQUEST = re.compile(
    r"\b(?:no|non|ne|nicht|não|nunca|nie|jamais|kein\w*|se me|quiero|voglio|quero|ich will|je veux"
    r"|dijo|dice|me ha dicho|hat gesagt|sagt|a dit|dit|ha detto|disse)\b[^,;:.]*$",
    re.IGNORECASE,
)
_BETWEEN = (
    r"(?:(?:du|bitte|doch|einfach|tu|s'il te plaît|por favor|ya|per favore|pure|mir|se faz) )*"
)
_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for one in _TOLD
    for pattern in (
        rf"\b{_TOLD[one]}\b(?P<x>.{{2,90}}?)[,:;.]?\s{_BETWEEN}{_VERB[one]}(?![\w-])",
        rf"(?<!\w){_VERB[one]} {_TOLD[one]}(?P<x>.{{2,90}})",
    )
)
_BEGIN = r"(?:^¿?|[,;:.] ¿?)(?:(?:bitte|hey|oye|oi|senti|dis|por favor),? )?"
_BY_NAME = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # As in: Mein Seitensprung, vergiss das
        (
            r"^(?:\w+, )?(?P<x>(?:el|la|lo|los|las|mi|mis|eso|ce|cette|le|les|l'|mon|ma|mes|das"
            r"|die|der"
            r"|mein\w*|il|quel\w*|mio|mia|o|a|os|as|aquel\w*|aquilo|isso|minha"
            r"|meu)\b[^,:;]{2,60}?)[,:;]? "
            r"(?:por favor |please )?(?:olv[ií]dal[oa]s?|b[oó]rral[oa]s?|qu[ií]tal[oa]s?"
            r"|s[aá]cal[oa]s?"
            r"|elim[ií]nal[oa]s?|oublie-l[ea]s?|efface-l[ea]s?|supprime-l[ea]s?|jette-l[ea]s?"
            r"|(?:vergiss|lösch|lösche|streich|streiche) (?:es|das|ihn|sie|die|den)"
            r"|dimentical[oaie]"
            r"|cancellal[oaie]|scordatel[oaie]|buttal[oaie]|eliminal[oaie]|esquece-[oa]s?"
            r"|apaga-[oa]s?"
            r"|(?:esquece|esqueça|apaga|apague) isso)(?![\w-])"
        ),
        # "¿Puedes olvidar mi …?", "Könntest du bitte meine … vergessen?"
        (
            _BEGIN + r"(?:puedes|podrías|podés|puede usted|quiero que"
            r"|me gustaría que) (?:por favor )?(?:olvidar"
            r"|borrar|eliminar|olvides|borres|elimines) (?P<x>.{3,80})"
        ),
        (
            _BEGIN + r"(?:peux-tu|tu peux|pourrais-tu|tu pourrais|pouvez-vous|pourriez-vous"
            r"|je veux que tu"
            r"|j'aimerais que tu) (?:s'il (?:te|vous) plaît )?(?:oublier|effacer|supprimer|oublies"
            r"|effaces) (?P<x>.{3,80})"
        ),
        (
            _BEGIN + r"(?:kannst|könntest|würdest|können|könnten) (?:du"
            r"|sie) (?:bitte )?(?P<x>.{3,80}?) (?:wieder )?"
            r"(?:vergessen|löschen|streichen|entfernen)\b"
        ),
        (
            _BEGIN + r"(?:puoi|potresti|può|potrebbe) (?:per favore )?(?:dimenticare|cancellare"
            r"|eliminare|scordare)"
            r" (?P<x>.{3,80})"
        ),
        (
            _BEGIN + r"(?:podes|pode|podias|poderias|poderia|podia) (?:por favor )?(?:esquecer"
            r"|apagar|eliminar)"
            r" (?P<x>.{3,80})"
        ),
        (
            r"(?:por favor|s'il te plaît|bitte|per favore|se faz favor),? (?:olvida|borra"
            r"|elimina|oublie"
            r"|efface|supprime|vergiss|lösche?|streiche?|dimentica|cancella|scorda|esquece"
            r"|esqueça|apaga"
            r"|apague) (?P<x>.{3,80})"
        ),
    )
)
_IN_MIND = re.compile(
    rf"(?P<x>[^,;:]{{3,60}}?) ?(?:\b(?:{'|'.join(_VERB.values())})(?![\w-])).{{0,40}}?{_MIND}",
    re.IGNORECASE,
)
_ALONE = re.compile(
    rf"^(?:{'|'.join(_VERB.values())})[ ,].{{0,30}}{_MIND}|preferia que (?:apagass|esquecess)\w+"
    r"|preferir[ií]a que lo (?:olvid|borr)\w+",
    re.IGNORECASE,
)
_SMALL = re.compile(
    r"^(?:(?:de|del|da|do|della|di|d'|mit|que|te|ti|ho|dir|je|j'|t'ai|hablé|contei|conté|la|le"
    r"|il|el|lo|die|das|der|sur|über|von|avec|sobre|su|sulla|sul|o|a|avoué|raconté|dit|erzählt"
    r"|lo hubiera contado|habe)(?:\s+|(?<=')))+",
    re.IGNORECASE,
)


_MAY_BE = re.compile(
    r"olv[ií]d|olvid|b[oó]rr|qu[ií]t|s[aá]c|elim[ií]n|t[ií]r|qu[eé]m|oubli|effac|supprim|jette|br[ûu]l"
    r"|enl[èe]v|vergi|verge|l[öo]sch|streich|kannst|k[öo]nnt|wirf|dimentic|cancell|scord|butta|togli"
    r"|esque[cç]|apag|deit|delet|como s|de cuenta|comme si|als ob|als h[äa]tte|fai finta|finge"
    r"|gedächtnis|entfern|guardado"
)
"""Stems of which each of these wishes has one."""


def may_be(lowered: str) -> bool:
    """Whether a text in lower case may be such a wish: cheap, as most are not."""
    return _MAY_BE.search(lowered) is not None


def heard_in(said: str, beside: Beside) -> str:
    """What a sentence in one of these languages asks to forget; empty where it asks nothing."""
    for form in (*_FORMS, *_BY_NAME, _IN_MIND):
        match = form.search(said)
        if match is not None and not _NO_REQUEST.search(said[: match.start()]):
            named = _named(match["x"])
            if named:
                return named
    as_if = _AS_IF.search(said)
    if as_if is not None:
        before = _named(said[: as_if.start()].rpartition("lo de ")[2])
        return before or _named(as_if["x"])
    alone = _ALONE.search(said)
    if alone is not None:
        own = _named(said[: alone.start()])
        return own or _named(beside.before)
    return ""


def _named(text: str) -> str:
    text = re.split(r"[,;:¿?!.]", text.strip(" ,;:.!?¡¿"))[0]
    return _SMALL.sub("", text.strip()).strip(" ,")

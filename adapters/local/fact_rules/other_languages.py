"""The core in Spanish, French, German, Italian and Portuguese: one clause, one pattern."""

# ruff: noqa: ISC004 - a pattern is cut into lines wherever it is long
import re

from adapters.local.fact_rules.found import Found, filled
from adapters.local.fact_rules.rule import Rule, any_of
from adapters.local.fact_rules.sentences import sentences_of, tidy
from domain.memory.facts import FactKind

_NAME = (
    r"(?-i:[A-ZÀ-ÖØ-Þ])[\w'-]+(?: (?:(?:de|da|do|dos|del|la|von|van|di)"
    r" )?(?-i:[A-ZÀ-ÖØ-Þ])[\w'-]+){0,2}"
)
_END = (
    r"(?=$|,|;| (?:y|e|et|und|con|avec|mit|com|desde|depuis|seit|da|pero|mais|aber|ma|mas|que"
    r"|qui|der|die|che|porque|parce|weil|perché)\b)"
)
_PLACE = rf"(?P<v>{_NAME}){_END}"
_THING = r"(?P<v>[\w' -]{2,40}?)" + _END
_PETS = (
    r"(?:perr[oa]s?|gat[oa]s?|conejos?|p[áa]jaros?|caballos?|hámsters?|chiens?|chiennes?|chats?"
    r"|chattes?|lapins?|oiseaux?|cheval|chevaux|hund(?:e|in)?|katzen?|kater|kaninchen|vogel|pferde?"
    r"|can[ei]|gatt[oi]|conigli[oi]?|cavall[oi]|c[ãa]o|c[ãa]es|cachorr[oa]s?|gatinh[oa]s?"
    r"|coelhos?|cavalos?|papagaios?|hamster|tortugas?|tartaruga|schildkröte|tortue)"
)
_KIN = (
    r"(?:hermanas?|hermanos?|madre|mam[áa]|padre|pap[áa]|hij[oa]s?|abuel[oa]s?|t[íi][oa]s?"
    r"|prim[oa]s?"
    r"|sobrin[oa]s?|amig[oa]s?|jef[ea]|vecin[oa]|s[œo]e?ur|frère|mère|père|fils|fille|grand-mère"
    r"|grand-père|tante|oncle|cousine?|ami[ea]?|patron(?:ne)?|voisine?|schwester|bruder|mutter|mama"
    r"|vater|papa|sohn|tochter|oma|opa|großmutter|großvater|onkel|cousin|freund(?:in)?|chef(?:in)?"
    r"|nachbar(?:in)?|sorella|fratello|mamma|figli[oa]|nonn[oa]|zi[oa]|cugin[oa]|amic[oa]|cap[oa]"
    r"|irmã|irmão|mãe|pai|filh[oa]s?|av[óô]|chefe|vizinh[oa]|colega|collègue|kolleg(?:e|in))"
)
_LOVES = (
    r"(?:novi[oa]|espos[oa]|marido|mujer|pareja|femme|mari|copine|copain|compagn[eo]n?e?|conjointe?"
    r"|frau|mann|ehemann|ehefrau|partner(?:in)?|moglie|marito|fidanzat[oa]|ragazz[oa]|compagn[oa]"
    r"|namorad[oa]|mulher|esposo)"
)
_IS_CALLED = r"(?:se llama|s'appelle|heißt|heisst|si chiama|se chama|chama-se)"
_CALLED = (
    r"(?:que se llama|llamad[oa]|qui s'appelle|nommée?|appelée?|namens|der|die|das|che si chiama"
    r"|chiamat[oa]|di nome|chamad[oa]|que se chama|de nombre|de nome)"
)
_MY = (
    r"(?:mis?|mon|ma|mes|meine?[nr]?|unsere?|notre|nos|(?:il |la |i |le )?(?:mi[oae]i?|miei)"
    r"|(?:[oa]s? )?(?:meus?|minhas?)|nuestr[oa]|noss[oa])"
)
_MONTH = (
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
    r"|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    r"|januar|februar|märz|april|juni|juli|august|september|oktober|november|dezember|gennaio"
    r"|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|janeiro|fevereiro|março"
    r"|maio|junho|julho|setembro|outubro|novembro|dezembro"
)
_LEAD = re.compile(
    r"(?:(?:hola|bonjour|salut|hallo|guten tag|ciao|olá|oi|buenos días|bueno|pues|alors|also|allora"
    r"|então|bom|y|et|und|e|sí|oui|ja|sim|bueno|por cierto|au fait|übrigens|a proposito|a propósito"
    r"|aliás|ahora|maintenant|jetzt|adesso|ora|agora|además|en realidad|en fait|eigentlich|in"
    r" realtà"
    r"|na verdade|eh bien|yo|eu|io)[\s,!]+)+",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"[;,]?\s+(?:y|e|et|und|pero|mais|aber|ma|mas)\s+(?=(?:me |mi |mis |tengo|vivo|soy|trabajo"
    r"|yo |j'|je"
    r" |ma |mon |ich |meine? |mio |la mia |il mio |ho |sono |lavoro|abito|eu |meu |minha |tenho"
    r"|moro"
    r"|sou |estoy|estou|a minha |o meu |wohne|arbeite|habe|bin |travaille|habite))|,\s+(?=(?:tengo"
    r"|vivo|soy|trabajo|j'|je |ich |ho |sono |abito|tenho|moro|sou |meu |minha |mi |mon |ma "
    r"|meine? ))",
    re.IGNORECASE,
)
_NO = re.compile(r"^(?:no |não |nicht |non |si |wenn |se |ojalá|falls)", re.IGNORECASE)

_LINES: tuple[tuple[FactKind, int, str, str, str], ...] = (
    (FactKind.IDENTITY, 5, "name", "{v}",
     rf"(?:me llamo|mi nombre es|je m'appelle|mon nom est|moi c'est|ich heiße|ich heisse|mein"
     rf" name ist"
     rf"|mi chiamo|il mio nome è|(?:eu )?me chamo|chamo-me|(?:o )?meu nome é) (?P<v>{_NAME}|\w+)"),
    (FactKind.RELATIONSHIP, 5, "nickname", "{v}",
     rf"(?:ll[áa]mame|puedes llamarme|appelle[- ]moi|nenn mich|du kannst mich|chiamami|me chama de"
     rf"|pode me chamar de|chama-me) (?P<v>{_NAME})"),
    (FactKind.IDENTITY, 4, "age", "{v}",
     r"(?:tengo|j'ai|ich bin|ho|(?:eu )?tenho) (?P<v>\d{1,3}|[a-zà-ü]+(?: y [a-z]+)?) (?:años"
     r"|ans|jahre(?: alt)?|anni"
     r"|anos)\b"),
    (FactKind.DATE, 5, "birthday", "",
     r"(?:mi cumpleaños es|mon anniversaire (?:est|c'est)|ich habe am|mein geburtstag ist|il mio"
     r" compleanno è|(?:o )?meu aniversário é) (?P<v>.{2,40})"),
    (FactKind.DATE, 5, "birthday", "",
     rf"(?:nací|je suis née?|ich bin|sono nat[oa]|nasci)(?: el| le| am| il| em| no dia)?"
     rf" \d{{1,2}}\.?(?: de|º)? "
     rf"(?:{_MONTH})"),
    (FactKind.PLACE, 4, "home", "{v}",
     rf"(?:vivo|(?:yo )?resido|moro|j'habite|je vis|j'habite à|ich wohne|ich lebe|wir wohnen|wir"
     rf" leben"
     rf"|abito|vivo|vivimos|nous habitons|abitiamo|moramos)(?: actualmente| jetzt| ora| agora|"
     rf" maintenant)?"
     rf" (?:en|à|au|aux|in|im|a|ad|em|no|na) (?:la |el )?{_PLACE}"),
    (FactKind.PLACE, 4, "home", "{v}",
     rf"(?:me (?:he )?mud(?:é|ado)|me acabo de mudar|nos mudamos|j'ai déménagé|je viens de"
     rf" déménager|nous avons"
     rf" déménagé|mi sono trasferit[oa]|ci siamo trasferiti|(?:eu )?me mudei|mudei-me|nos mudamos)"
     rf" (?:a|à|au|en|in|para|pra|ad) (?:la |el |o )?{_PLACE}"),
    (FactKind.PLACE, 4, "home", "{v}",
     rf"ich bin (?:\w+ )*?nach (?P<v>{_NAME}) (?:gezogen|umgezogen)"),
    (FactKind.IDENTITY, 4, "origin", "{v}",
     rf"(?:soy de|je viens (?:de|d'|du)|ich komme aus|vengo da|sono di|(?:eu )?sou (?:de|do|da))"
     rf" ?{_PLACE}"),
    (FactKind.WORK, 4, "job", "{v}",
     rf"(?:trabajo (?:como|de)|je travaille comme|ich arbeite als|lavoro come|faccio (?:il|la|l')"
     rf"|(?:eu )?trabalho como|je suis (?=infirm|profess|ingén|médecin|avocat|boulang|étudiant"
     rf"|architecte"
     rf"|cuisin|serveu|vendeu|enseignant|coiff|journal|musicien|photogr|comptable|développ)"
     rf"|soy (?=enferm|profes|ingenier|médic|abogad|paner|estudiant|arquitect|cociner|camarer"
     rf"|maestr"
     rf"|periodist|músic|fotógraf|contador|diseñad|programad)|ich bin (?=lehrer|arzt|ärztin"
     rf"|ingenieur"
     rf"|bäcker|kranken|koch|köchin|student|anwalt|architekt|verkäufer|musiker|journalist"
     rf"|informatik"
     rf"|programmier|pfleger)|sono (?:un |una |un')?(?=infermier|insegnant|ingegner|medic"
     rf"|avvocat|student|cuoc|architett"
     rf"|camerier|giornalist|musicist|fornai)|(?:eu )?sou (?=enferm|profess|engenh|médic|advogad"
     rf"|padeir"
     rf"|estudant|arquitet|cozinh|jornalist|músic|programad)) ?{_THING}"),
    (FactKind.WORK, 4, "employer", "{v}",
     rf"(?:trabajo (?:en|para)|je travaille (?:chez|à|pour|au)|ich arbeite (?:bei|für|in)|lavoro"
     rf" (?:per|da|alla|in|presso)"
     rf"|(?:eu )?trabalho (?:na|no|para|em)) {_THING}"),
    (FactKind.WORK, 4, "studies", "{v}",
     rf"(?:estudio|j'étudie|ich studiere|studio|(?:eu )?estudo) {_THING}"),
    (FactKind.PET, 5, "pet:{v}", "{v}",
     rf"(?:tengo|tenemos|j'ai|nous avons|ich habe|wir haben|ho|abbiamo|(?:eu )?tenho|temos)"
     rf" (?:une?|un[oa]?|eine?n?|uma?) "
     rf"(?:\w+ )?{_PETS}(?: \w+)?,? (?:{_CALLED}|,)(?: nom)? ?(?P<v>{_NAME})"),
    (FactKind.PET, 5, "pet:{v}", "{v}", rf"{_MY} {_PETS} {_IS_CALLED} (?P<v>{_NAME})"),
    (FactKind.PET, 4, "", "",
     rf"(?:tengo|tenemos|j'ai|nous avons|ich habe|wir haben|ho|abbiamo|(?:eu )?tenho|temos)"
     rf" (?:\w+ ){{1,2}}{_PETS}\b.*"),
    (FactKind.PERSON, 5, "partner", "{v}", rf"{_MY} {_LOVES} {_IS_CALLED} (?P<v>{_NAME})"),
    (FactKind.PERSON, 4, "person:{who}:name", "{v}",
     rf"{_MY} (?P<who>{_KIN}) {_IS_CALLED} (?P<v>{_NAME})"),
    (FactKind.PERSON, 3, "", "",
     rf"{_MY} (?:{_KIN}|{_LOVES})(?: {_NAME})? (?!(?:est|es|ist|è|é) (?:là|aquí|hier|qui"
     rf"|aqui)\b)(?:vive|trabaja|es|"
     rf"habite|vit|travaille|est|joue|wohnt|lebt|arbeitet|ist|spielt|abita|lavora|è|suona|mora"
     rf"|trabalha|é|toca|estudia|tiene|a|hat|ha|tem|joga|estuda|studiert|studia) .{{2,}}"),
    (FactKind.HEALTH, 5, "allergy:{v}", "{v}",
     rf"(?:soy alérgic[oa] (?:a|al)|je suis allergique (?:aux?|à)|ich bin allergisch gegen|sono"
     rf" allergic[oa] (?:a|al|alle|ai|agli)|(?:eu )?sou alérgic[oa] (?:a|ao|à|aos|às)) (?:la "
     rf"|los |las |l'|il )?{_THING}"),
    (FactKind.PREFERENCE, 4, "diet", "{v}",
     r"(?:soy|je suis|ich bin|sono|(?:eu )?sou) (?P<v>(?:vegetarian|vegan|végétarien|végan"
     r"|vegetarisch"
     r"|vegetarier|vegano|vegetarian)\w*)"),
    (FactKind.PREFERENCE, 4, "favourite:{c}", "{v}",
     r"mi (?P<c>[\w ]{3,20}?) (?:favorit[oa]|preferid[oa]) es (?P<v>.{2,40})"),
    (FactKind.PREFERENCE, 4, "favourite:{c}", "{v}",
     r"(?:mon|ma) (?P<c>[\w ]{3,20}?) préférée? (?:est|c'est) (?P<v>.{2,40})"),
    (FactKind.PREFERENCE, 4, "favourite:{c}", "{v}",
     r"meine? lieblings(?P<c>\w{3,20}) ist (?P<v>.{2,40})"),
    (FactKind.PREFERENCE, 4, "favourite:{c}", "{v}",
     r"(?:il mio|la mia) (?P<c>[\w ]{3,20}?) preferit[oa] è (?P<v>.{2,40})"),
    (FactKind.PREFERENCE, 4, "favourite:{c}", "{v}",
     r"(?:(?:o |a )?(?:meu|minha)) (?P<c>[\w ]{3,20}?) (?:favorit[oa]|preferid[oa]) é"
     r" (?P<v>.{2,40})"),
    (FactKind.PREFERENCE, 3, "like:{v}", "{v}",
     rf"(?:no )?(?:me (?:gustan?|encantan?)|amo|odio|adoro|detesto|prefiero|j'(?:aime|adore)|je"
     rf" (?:déteste|préfère"
     rf"|n'aime pas)|ich (?:liebe|mag|hasse)(?: keine?n?)?|(?:non )?mi piac(?:e|ciono)|(?:eu"
     rf" )?(?:não )?gosto (?:muito )?(?:de|do|da)"
     rf"|(?:eu )?(?:adoro|amo|odeio)) (?!(?:tu|tus|te|ti|ton|ta|dich|du|você|que|quando|cuando"
     rf"|quand)\b)"
     rf"(?:mucho |beaucoup |molto |muito |bien |sehr )?(?:el |la |los |las |le |les |l'|il |lo "
     rf"|gli |o |a |os |as |den |die |das )?{_THING}"),
    (FactKind.WORK, 0, "job", "", r"(?:ya no trabajo|je ne travaille plus|ich arbeite nicht mehr"
                                  r"|non lavoro più|já não trabalho|não trabalho mais)\b.*"),
    (FactKind.PLACE, 0, "home", "", r"(?:ya no vivo|je n'habite plus|ich wohne nicht mehr|non"
                                    r" abito più|non vivo più|já não moro|não moro mais)\b.*"),
)  # fmt: skip
_RULES = tuple(
    Rule(
        re.compile(pattern, re.IGNORECASE), kind, importance or 3, topic, value,
        is_over=importance == 0,
    )
    for kind, importance, topic, value, pattern in _LINES
)  # fmt: skip
_ANY = any_of(rule.pattern for rule in _RULES)
_HINT = re.compile(
    r"\b(?:me|mi|mis|soy|vivo|tengo|je|mon|ma|mes|ich|meine?|mio|mia|sono|ho|abito|eu|meu|minha"
    r"|moro"
    r"|tenho|sou|trabajo|lavoro|trabalho|estudio|studio|gosto|adoro|odio|amo|nací|nasci|chamo"
    r"|llámame"
    r"|chiamami|nous|wir|nos|ya|já|não|no|non|nenn|detesto|estudo|prefiero|moramos|vivimos|temos)\b"
    r"|\bj'|d'|l'",
    re.IGNORECASE,
)


def found_in(message: str) -> list[Found]:
    """The facts of a message that is in one of these languages."""
    if _HINT.search(message) is None:
        return []
    found: list[Found] = []
    for sentence in sentences_of(message):
        if not sentence.endswith("?"):
            for part in _CUT.split(sentence.strip("¡! ")):
                found += _of_part(part)
    return found


def _of_part(part: str) -> list[Found]:
    bare = part.strip(" .!…,;¡")
    lead = _LEAD.match(bare)
    if lead is not None and lead.end() < len(bare):
        bare = bare[lead.end() :]
    if _ANY.match(bare) is None:
        return []
    for rule in _RULES:
        match = rule.pattern.match(bare)
        if match is None:
            continue
        groups = match.groupdict()
        one = Found(
            tidy(bare),
            rule.kind,
            rule.importance,
            filled(rule.topic, groups),
            filled(rule.value, groups),
            is_over=rule.is_over,
        )
        if rule.is_over:
            return [one, Found(tidy(bare), rule.kind, 2)]
        return [one]
    return []

"""All aspects of a life, in the order in which their topics are looked for."""

from domain.memory.change.aspects.beliefs import BELIEFS
from domain.memory.change.aspects.food import FOOD
from domain.memory.change.aspects.habits import HABITS
from domain.memory.change.aspects.health import HEALTH
from domain.memory.change.aspects.home import HOME
from domain.memory.change.aspects.identity import IDENTITY
from domain.memory.change.aspects.money import MONEY
from domain.memory.change.aspects.people import PEOPLE
from domain.memory.change.aspects.skills import SKILLS
from domain.memory.change.aspects.work import WORK

ASPECTS = (
    *HOME,
    *WORK,
    *PEOPLE,
    *IDENTITY,
    *FOOD,
    *HEALTH,
    *HABITS,
    *BELIEFS,
    *MONEY,
    *SKILLS,
)

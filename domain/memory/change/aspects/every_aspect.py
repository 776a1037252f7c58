"""All aspects of a life, in the order in which their topics are looked for."""

from domain.memory.change.aspects.applications import APPLICATIONS
from domain.memory.change.aspects.beliefs import BELIEFS
from domain.memory.change.aspects.family import FAMILY
from domain.memory.change.aspects.food import FOOD
from domain.memory.change.aspects.friends import FRIENDS
from domain.memory.change.aspects.habits import HABITS
from domain.memory.change.aspects.health import HEALTH
from domain.memory.change.aspects.home import HOME
from domain.memory.change.aspects.identity import IDENTITY
from domain.memory.change.aspects.illness import ILLNESS
from domain.memory.change.aspects.journeys import JOURNEYS
from domain.memory.change.aspects.money import MONEY
from domain.memory.change.aspects.people import PEOPLE
from domain.memory.change.aspects.pets import PETS
from domain.memory.change.aspects.skills import SKILLS
from domain.memory.change.aspects.tastes import TASTES
from domain.memory.change.aspects.things import THINGS
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
    *APPLICATIONS,
    *FAMILY,
    *FRIENDS,
    *ILLNESS,
    *JOURNEYS,
    *PETS,
    *TASTES,
    *THINGS,
)

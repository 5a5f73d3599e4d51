"""The floor: a bare project and one small app."""

from tests.bench.floor.bare import *  # noqa: F403
from tests.bench.floor.bare import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.bench.floor"]
ROOT_URLCONF = "tests.bench.floor.views"

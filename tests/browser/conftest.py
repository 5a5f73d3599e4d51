"""The stand-in, for the tests of this folder."""

from tests.standin_process import _stand_in_process, stand_in

__all__ = ["_stand_in_process", "stand_in"]

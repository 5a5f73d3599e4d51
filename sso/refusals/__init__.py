"""The one catalogue of refusals: every cause of a failed sign-in has one code and one row here.

The cure of each, with its menu path, is data of the guide of each identity provider (sso/guides/).
"""

from sso.refusals.catalogue import CATALOGUE
from sso.refusals.checks import Check
from sso.refusals.codes import Refusal, Refused
from sso.refusals.columns import Compared, EmployeeClass, Entry, Mailed, Retry, Stops

__all__ = [
    "CATALOGUE",
    "Check",
    "Compared",
    "EmployeeClass",
    "Entry",
    "Mailed",
    "Refusal",
    "Refused",
    "Retry",
    "Stops",
]

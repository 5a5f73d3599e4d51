"""Dataclasses from and to JSON. Unknown fields, wrong types and unknown choices are refused."""

import dataclasses
from enum import StrEnum
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

Record = TypeVar("Record")


class NotARecord(ValueError):
    """The JSON does not fit the record. The message names the field and the reason."""


def to_json(record: Any) -> dict[str, Any]:
    """The record as plain JSON."""
    return dataclasses.asdict(record)


def from_json(kind: type[Record], content: Any) -> Record:
    """A record from JSON. A missing field gets its default."""
    values = _checked(kind, content)
    required = {
        field.name
        for field in dataclasses.fields(cast(Any, kind))
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }
    if missing := sorted(required - set(values)):
        raise NotARecord(f"{missing[0]} is missing")
    return kind(**values)


def change(record: Any, content: Any, *, keep: tuple[str, ...] = ("id",)) -> None:
    """Set the fields that the JSON names. Those in `keep` may not change."""
    values = _checked(type(record), content)
    for name in keep:
        if name in values and values[name] != getattr(record, name):
            raise NotARecord(f"{name} can't be changed")
    for name, value in values.items():
        setattr(record, name, value)


def _checked(kind: type[Any], content: Any) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise NotARecord(f"{kind.__name__}: an object is needed")
    types = get_type_hints(kind)
    names = {field.name for field in dataclasses.fields(kind)}
    if unknown := sorted(set(content) - names):
        raise NotARecord(f"{unknown[0]} is not a field of {kind.__name__}")
    return {name: _value(types[name], value, name) for name, value in content.items()}


def _value(kind: Any, value: Any, name: str) -> Any:
    if get_origin(kind) is list:
        if not isinstance(value, list):
            raise NotARecord(f"{name} must be a list")
        return [_value(get_args(kind)[0], item, name) for item in value]
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return from_json(kind, value)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        try:
            return kind(value)
        except ValueError:
            choices = ", ".join(repr(str(choice)) for choice in kind)
            raise NotARecord(f"{name} must be one of {choices}") from None
    if type(value) is not kind:
        raise NotARecord(f"{name} must be {kind.__name__}, not {type(value).__name__}")
    return value

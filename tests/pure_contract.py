"""The vendor's OpenAPI of Pure as JSON Schemas that also refuse what the contract does not have.

`nullable` becomes a type, `discriminator` a choice by its property, and each object is closed. The document has no
licence, so it is read where it lies beside the project, and the tests that need it are skipped where it is not.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

NAME = "openapi_pure_api_5.35.1-2_cityu.yaml"


class Contract:
    """One OpenAPI document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.paths = document["paths"]
        schemas = document["components"]["schemas"]
        defs = {name: _open(schema) for name, schema in schemas.items()}
        defs |= {f"{name}.whole": _whole(name, schema) for name, schema in schemas.items()}
        resource = Resource.from_contents({"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": defs})
        self.registry: Registry[Any] = Registry().with_resource("urn:pure", resource)

    def complaints(self, name: str, body: object) -> list[str]:
        """What is wrong with a body that should be as a schema says."""
        schema = {"$ref": f"urn:pure#/$defs/{name}.whole"}
        errors = Draft202012Validator(schema, registry=self.registry).iter_errors(body)
        return [f"{each.json_path}: {each.message}" for each in _innermost(errors)]

    def answer(self, path: str, method: str, status: int) -> str:
        """The name of the schema of an answer."""
        content = self.paths[path][method]["responses"][str(status)]["content"]
        return next(iter(content.values()))["schema"]["$ref"].rpartition("/")[2]


@cache
def contract(file: Path) -> Contract:
    with file.open(encoding="utf-8") as document:
        return Contract(yaml.load(document, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))  # noqa: S506


def _whole(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A schema as it is met in a document: chosen by its discriminator where it has one, and closed."""
    closed: dict[str, Any] = {"$ref": f"#/$defs/{name}", "unevaluatedProperties": False}
    if told := schema.get("discriminator"):
        choices = {value: ref.rpartition("/")[2] for value, ref in told.get("mapping", {}).items()}
        by = told["propertyName"]
        if choices and name not in choices.values():
            closed = {
                "allOf": [
                    {"if": {"properties": {by: {"const": value}}}, "then": {"$ref": f"#/$defs/{choice}.whole"}}
                    for value, choice in choices.items()
                ],
                "properties": {by: {"enum": sorted(choices)}},
                "required": [by],
            }
    return {"anyOf": [{"type": "null"}, closed]} if schema.get("nullable") else closed


def _open(schema: Any) -> Any:
    """A schema with its references: whole ones where a value stands, open ones where it is only built upon."""
    if isinstance(schema, list):
        return [_open(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": f"#/$defs/{schema['$ref'].rpartition('/')[2]}.whole"}
    told = {name: _open(each) for name, each in schema.items() if name not in ("allOf", "discriminator", "example")}
    told.pop("nullable", None)
    if schema.get("nullable") and isinstance(schema.get("type"), str):
        told["type"] = [schema["type"], "null"]
    if "allOf" in schema:
        told["allOf"] = [
            {"$ref": f"#/$defs/{each['$ref'].rpartition('/')[2]}"} if "$ref" in each else _open(each)
            for each in schema["allOf"]
        ]
    return told


def _innermost(errors: Any) -> Iterator[Any]:
    for error in errors:
        if error.context:
            yield from _innermost(error.context)
        else:
            yield error

"""What Schemathesis checks of the API's description beyond its own checks."""

import schemathesis
from schemathesis.specs.openapi.checks import positive_data_acceptance

# What is refused though the description allows it, since no schema can say it: each with the words of the refusal.
BEYOND_A_SCHEMA = (
    # made by the API, and signed
    "must be the nextCursor of",
    # Schemathesis makes header values by the rules of HTTP, whatever pattern a header has
    "must be the ETag of one version",
    # depends on another field
    "have more decimals than",
    "decimals, as",
    "is required for the country",
    # decimals are no multiples for binary fractions: 0.07 is none of 0.01 to most validators
    "must have at most two decimals",
    # a number beyond what is stored, or beyond what JSON numbers hold everywhere (RFC 8259)
    "must be 0 or further from 0 than",
    "must be at most 9007199254740991",
    "must be at least -9007199254740991",
    # depends on another field
    "must be the productId when both are sent",
    "must not name the same product twice",
    "is sold in",
    # depends on what is stored
    "is not part of the order",
    "Category",
    # a file is a text to a schema
    "there is no row in it",
    "column productId is missing",
    "the columns are",
    "not CSV:",
    # which letters of other scripts a domain may have is said by IDNA
    "must have a domain such as",
    "must be an https:// address",
    # which characters show nothing is said by Unicode
    "must not be blank",
    # depends on what is stored
    "Cannot transition from",
)


@schemathesis.check
def what_the_description_allows_is_taken(ctx, response, case):
    """Takes the place of `positive_data_acceptance`: the same, but for what no schema can say."""
    try:
        return positive_data_acceptance(ctx, response, case)
    except Exception:
        if response.status_code != 400:
            raise
        problem = response.json()
        words = [error["detail"] for error in problem.get("errors", [])] or [problem["detail"]]
        if all(any(part in detail for part in BEYOND_A_SCHEMA) for detail in words):
            return None
        raise

"""What stored records are made of: numbers and paths within limits."""

from typing import Annotated

import msgspec

__all__ = ["MOST_ATTEMPTS", "Count", "Inside", "Number", "Whole"]

MOST_ATTEMPTS = 1000
"""Most attempts of one trial: up to eight are made, and one more whenever a run is resumed after a fault."""

Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
"""A count from 0."""
Number = Annotated[int, msgspec.Meta(ge=1, le=MOST_ATTEMPTS)]
"""The number of an attempt."""
Whole = Annotated[int, msgspec.Meta(ge=-(2**62), le=2**62)]
"""A whole number that a table can hold: nanoseconds, bytes."""
Inside = Annotated[str, msgspec.Meta(pattern=r"\A(?!/)(?!(.*/)?\.\.(/|\Z))[\w.@+\[\]/ -]*\Z")]
"""A relative path inside a result set, which becomes a link on the page."""

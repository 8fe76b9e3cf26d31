"""What every answer of the API is."""

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """Everything that is set is said, null included."""

    model_config = ConfigDict(extra="forbid")

"""What tests of OpenAI's endpoint share beside their fixtures."""

KEY = "sk-SECRETKEY"


class Time:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds

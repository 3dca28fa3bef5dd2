import pytest

# What the accounts assert is shown as in a test.
pytest.register_assert_rewrite("tests.crash.rounds")

"""The fault and attack harness: `make trust` at full counts, short forms inside `make test` (docs/trust.md)."""

"""Field capture: what a phone takes along so that it can log inspections and hazards without a signal."""

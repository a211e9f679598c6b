"""API of standards, inspections, hazards and violations."""

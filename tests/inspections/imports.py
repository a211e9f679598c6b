"""Mappings and files for tests of importing past records."""

PLATFORM_MAPPING = {
    "columns": {
        "unit": {"columns": ["ID_NUMBER", "STRUCTURE_NUMBER"], "join": "-"},
        "unit_name": {"columns": ["ID_NUMBER", "STRUCTURE_NAME"], "join": " "},
        "clause_text": "INC_NUMBER",
        "level": "INC_ENFRC_CODE",
        "company": "COMPANY_NAME",
        "found_at": "INC_ISSUE_DATE",
        "inspection_date": "INSP_DATE",
        "outside_body": {"const": "BSEE"},
    },
    "values": {"level": {"W": "G3", "C": "G2", "S": "G1"}},
    "options": {"make_units": True, "unit_kind": "station"},
}

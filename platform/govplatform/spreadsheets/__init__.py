"""Tables that people keep in spreadsheets, in and out: CSV and XLSX, read in a guarded process."""

"""The reading of Word documents (Office Open XML, ECMA-376) into elements, from the XML of the file itself."""

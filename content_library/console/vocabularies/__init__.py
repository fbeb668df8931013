"""The screens of the vocabularies (分类词表) in the console."""

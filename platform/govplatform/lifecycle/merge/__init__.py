"""The merge of a site into its superior one: what it will do, told beforehand."""

"""领导之窗 and 机构职能: the people who lead, and the bodies that do the work."""

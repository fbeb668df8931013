"""办事服务: guides to what citizens and enterprises come for, as pages with fields of their own."""

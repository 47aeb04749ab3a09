"""The command line, as an operator uses it: processes of their own, in a folder of their own."""

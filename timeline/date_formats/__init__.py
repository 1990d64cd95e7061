"""How Django writes days and times of editing, in languages where we differ from it: see FORMAT_MODULE_PATH."""
